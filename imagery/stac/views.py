"""The addresses of STAC. Everybody reads what is public, reviewers what is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from imagery.models import Scene
from imagery.stac import documents, searching
from imagery.stac.description import openapi
from imagery.stac.documents import GEOJSON, OPENAPI, Site, collection_id
from kernel.api.base import ApiView
from kernel.api.opened import AnyAccept, OpenedView
from kernel.errors import Invalid, NotFound


class StacView(OpenedView, ApiView):
    """What all addresses have in common."""

    schema = None
    content_negotiation_class = AnyAccept
    opened_methods = ("GET", "HEAD", "POST")
    open_writes = True  # a search may be sent as a body; nothing is written

    @cached_property
    def site(self) -> Site:
        """Where the service is, as the reader came to it."""
        host = settings.SITE_URL or self.request.build_absolute_uri("/").rstrip("/")
        return Site(host, self.params.text("county"))

    def grouped(self) -> dict[str, list[Scene]]:
        """The visible scenes by collection."""
        found: dict[str, list[Scene]] = {}
        for scene in searching.offered(self.viewer).order_by("sensor", "acquired_at"):
            found.setdefault(collection_id(scene.sensor), []).append(scene)
        return found

    def collection(self, key: str) -> list[Scene]:
        """The visible scenes of a collection.

        Raises:
            NotFound: there are none.
        """
        found = self.grouped().get(key)
        if not found:
            raise NotFound(_("没有这个内容，或者您不能看。"))
        return found

    def page(self, search: searching.Search, path: str, given: Mapping[str, Any], *, is_body: bool = False) -> Response:
        """Items, how many there are, and where it goes on."""
        found = searching.rows(self.viewer, search)
        until = search.skip + search.limit
        shown, total = list(found[search.skip : until]), found.count()
        links = [self.site.link("self", path, GEOJSON), self.site.link("root", "/stac/")]
        if until < total and is_body:
            body = {"token": str(until)}
            links.append(self.site.link("next", path, GEOJSON, method="POST", body=body, merge=True))
        elif until < total:
            query = {name: text for name, text in given.items() if name != "token"} | {"token": str(until)}
            links.append({**links[0], "rel": "next", "method": "GET", "href": self._more(path, query)})
        answer = {
            "type": "FeatureCollection",
            "features": [documents.item(self.site, one) for one in shown],
            "numberMatched": total,
            "numberReturned": len(shown),
            "links": links,
        }
        return Response(answer, content_type=GEOJSON)

    def _more(self, path: str, query: Mapping[str, str]) -> str:
        base = self.site.href(path)
        return f"{base}{'&' if '?' in base else '?'}{urlencode(query)}"

    def given(self) -> dict[str, str]:
        """The query without county and language."""
        return {
            name: self.params.text(name, longest=4000)
            for name in self.request.query_params
            if name in self.known_params
        }

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With what caches go by."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(final, ("Accept-Language", "Cookie"))
        return final


class LandingView(StacView):
    """The catalog."""

    def get(self, request: Request) -> Response:
        """What there is, and where."""
        return Response(documents.catalog(self.site, self.viewer.county, self.grouped()))


class DescriptionView(StacView):
    """The service as programs read it."""

    def get(self, request: Request) -> Response:
        """An OpenAPI document."""
        return Response(openapi(self.site), content_type=OPENAPI)


class ConformanceView(StacView):
    """Which parts of the standard there are."""

    def get(self, request: Request) -> Response:
        """Their names."""
        return Response({"conformsTo": documents.CONFORMANCE})


class CollectionsView(StacView):
    """All collections."""

    def get(self, request: Request) -> Response:
        """One for each sensor."""
        found = [documents.collection(self.site, key, scenes) for key, scenes in self.grouped().items()]
        links = [self.site.link("self", "/stac/collections"), self.site.link("root", "/stac/")]
        return Response({"collections": found, "links": links})


class CollectionView(StacView):
    """One collection."""

    def get(self, request: Request, key: str) -> Response:
        """Its extent."""
        return Response(documents.collection(self.site, key, self.collection(key)))


class ItemsView(StacView):
    """The items of a collection."""

    known_params: ClassVar[tuple[str, ...]] = searching.NAMES

    def get(self, request: Request, key: str) -> Response:
        """Page by page, the newest first; clients that search them name the collection once more."""
        self.collection(key)
        given = self.given()
        asked = {**searching.listed(given), "collections": [key]}
        return self.page(searching.read(asked), f"/stac/collections/{key}/items", given)


class ItemView(StacView):
    """One item."""

    def get(self, request: Request, key: str, item: str) -> Response:
        """A scene."""
        scene = next((one for one in self.collection(key) if one.key == item), None)
        if scene is None:
            raise NotFound(_("没有这个内容，或者您不能看。"))
        return Response(documents.item(self.site, scene), content_type=GEOJSON)


class SearchView(StacView):
    """Scenes of all collections by place, time and name."""

    known_params: ClassVar[tuple[str, ...]] = searching.NAMES

    def get(self, request: Request) -> Response:
        """A search as a query."""
        given = self.given()
        return self.page(searching.read(searching.listed(given)), "/stac/search", given)

    def post(self, request: Request) -> Response:
        """A search as a body."""
        if not isinstance(request.data, dict):
            raise Invalid(_("请求的内容不是合规的 JSON。"), code="malformed_body")
        return self.page(searching.read(request.data), "/stac/search", {}, is_body=True)
