"""HTTP faces of the layers. The addresses are fixed: others link to them."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from kernel.errors import Invalid, NotFound
from kernel.layerspec import LayerSpec
from kernel.search import SearchQuery
from kernel.viewer import Viewer
from layers import basemap, collections, searching, tiles
from layers.api import shapes
from layers.api.answers import AN_HOUR, GEOJSON, JSON, MVT, OneForm, kept_answer
from layers.catalogue import catalogue, layer_for, layers_for
from layers.counts import DIGITS_OF_LEVEL, Level
from layers.ledger import ALWAYS_WATCHED, BASEMAP_MODELS, models_of
from layers.query import LIMIT_DEFAULT, LIMIT_MOST, Query, filterable, read_cursor, read_filters, read_period, read_pk
from layers.validators import etag


class EngineView(ApiView):
    """Reads only: the viewer comes from the middleware, the form of the answer from the address."""

    authentication_classes = ()
    content_negotiation_class = OneForm
    http_method_names = ["get", "head", "options"]
    open_writes = True  # there are none: "not allowed" and not "sign in first"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who looks before DRF does.

        The viewer is read lazily from the user of the session, and DRF, left without ways to authenticate, replaces
        that user with an anonymous one.
        """
        bool(self.viewer.county)
        super().initial(request, *args, **kwargs)


class LayerView(EngineView):
    """A face of one layer.

    Attributes:
        spec: the layer of the address, which exists for the viewer.
    """

    spec: LayerSpec

    def parameters(self) -> tuple[str, ...]:
        """Those of the face, the fields by which the viewer may select, and the period where the layer has a time."""
        period = ("datetime",) if self.spec.time else ()
        return (*self.known_params, *period, *(field.name for field in filterable(self.spec, self.viewer)))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the layer, then check the parameters against it.

        Raises:
            NotFound: there is no such layer for the viewer.
        """
        self.spec = layer_for(self.viewer, kwargs["key"])
        super().initial(request, *args, **kwargs)

    def asked(self, **more: Any) -> Query:
        """Box, filters and period of the request."""
        bbox = self.params.bbox() if "bbox" in self.known_params else None
        given = {name: self.params.text(name, longest=2000) for name in self.request.query_params}
        filters = read_filters(self.spec, self.viewer, given)
        return Query(bbox=bbox, filters=filters, period=read_period(given.get("datetime", "")), **more)

    def validator(self, *more_models: str, exact: bool = False) -> str:
        """The ETag of the answer to this request. Cost: one query."""
        models = (*models_of(self.spec), *more_models)
        return etag(self.viewer, models, self.request.get_full_path(), exact=exact)

    @property
    def is_public(self) -> bool:
        """Whether everybody gets the same answer."""
        return not self.viewer.is_signed_in


class CatalogueView(EngineView):
    """The layers that exist for the viewer."""

    @shapes.CATALOGUE
    def get(self, request: Request) -> HttpResponseBase:
        """Layers with fields, legend and number of visible rows."""
        models = (model for spec in layers_for(self.viewer) for model in models_of(spec))
        return kept_answer(
            request,
            lambda: shapes.to_json({"layers": catalogue(self.viewer)}),
            content_type=JSON,
            etag=etag(self.viewer, models, request.get_full_path()),
            is_public=not self.viewer.is_signed_in,
        )


class FeaturesView(LayerView):
    """GeoJSON of a layer."""

    known_params = ("bbox", "limit", "cursor")

    def parameters(self) -> tuple[str, ...]:
        """Those of every layer, and the order where it is offered."""
        return (*super().parameters(), *(("sort",) if self.spec.worst_first else ()))

    @shapes.FEATURES
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """Features by primary key or worst first, page by page; ``next`` links to the following page."""
        cursor, is_worst_first = self.params.text("cursor"), self.params.choice("sort", ["worst"]) == "worst"
        after, rank = read_cursor(self.spec, cursor, is_worst_first=is_worst_first) if cursor else (None, 0)
        query = self.asked(
            limit=self.params.integer("limit", LIMIT_DEFAULT, 1, LIMIT_MOST),
            is_worst_first=is_worst_first,
            after=after,
            after_rank=rank,
        )
        return kept_answer(
            request,
            lambda: collections.features(self.spec, self.viewer, query, self._link),
            content_type=GEOJSON,
            etag=self.validator(exact=True),
            is_public=self.is_public,
        )

    def _link(self, cursor: str) -> str:
        more = self.request.query_params.copy()
        more["cursor"] = cursor
        return f"{self.request.path}?{more.urlencode(safe=',')}"


class FeatureView(LayerView):
    """One feature of a layer."""

    def parameters(self) -> tuple[str, ...]:
        """None: the address says which feature."""
        return ()

    @shapes.FEATURE
    def get(self, request: Request, key: str, pk: str) -> HttpResponseBase:
        """The feature, if it exists for the viewer."""
        body = self._body(pk)
        return kept_answer(
            request, lambda: body, content_type=GEOJSON, etag=self.validator(exact=True), is_public=self.is_public
        )

    def _body(self, pk: str) -> bytes:
        try:
            body = collections.feature(self.spec, self.viewer, read_pk(self.spec, pk))
        except ValueError:
            body = None
        if body is None:
            raise NotFound(_("没有这个内容，或者您不能看。"))
        return body


class TileView(LayerView):
    """Vector tiles of a layer."""

    @shapes.TILE
    def get(self, request: Request, key: str, z: int, x: int, y: int) -> HttpResponseBase:
        """One tile with one layer, named as in the address; an empty body when nothing is in it."""
        check_tile(z, x, y)
        query = self.asked()
        return kept_answer(
            request,
            lambda: collections.tile(self.spec, self.viewer, query, z, x, y),
            content_type=MVT,
            etag=self.validator(exact=True),
            is_public=self.is_public,
        )


class ClustersView(LayerView):
    """Rows of a layer, counted in cells of the screen."""

    known_params = ("bbox", "zoom")

    @shapes.CLUSTERS
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """At most 400 clusters for a zoom of the Web Mercator plane."""
        if not self.params.text("zoom"):
            raise Invalid(_("请给出缩放级别 zoom。"), code="missing_parameter", field="zoom")
        zoom = self.params.integer("zoom", 0, 0, tiles.ZOOM_MOST)
        query = self.asked()
        return kept_answer(
            request,
            lambda: collections.clusters(self.spec, self.viewer, query, zoom),
            content_type=JSON,
            etag=self.validator(),
            is_public=self.is_public,
        )


class CountsView(LayerView):
    """Rows of a layer, counted by township or village."""

    known_params = ("level", "bbox")

    @shapes.COUNTS
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """Counts of every township or village of the county, and of what lies in none."""
        level = cast(Level, self.params.choice("level", DIGITS_OF_LEVEL, "village"))
        query = self.asked()
        return kept_answer(
            request,
            lambda: collections.counts(self.spec, self.viewer, query, level),
            content_type=JSON,
            etag=self.validator(*ALWAYS_WATCHED[:1]),
            is_public=self.is_public,
        )


class BasemapView(EngineView):
    """Vector tiles of the base map."""

    @shapes.BASEMAP
    def get(self, request: Request, z: int, x: int, y: int) -> HttpResponseBase:
        """One tile with all layers of the base map; the same for every viewer."""
        check_tile(z, x, y)
        everybody = Viewer(county=self.viewer.county)
        return kept_answer(
            request,
            lambda: basemap.basemap_tile(everybody, z, x, y),
            content_type=MVT,
            etag=etag(everybody, BASEMAP_MODELS, request.path, exact=True),
            keep=AN_HOUR,
        )


class SearchView(EngineView):
    """The one search box."""

    known_params = ("q", "limit", "lon", "lat")

    @shapes.SEARCH
    def get(self, request: Request) -> Response:
        """Places, facilities, works and kinds of them that hold each word that was typed; the best first."""
        text = " ".join(self.params.text("q", longest=searching.TEXT_LONGEST).lower().split())
        if not text:
            raise Invalid(_("请输入要找的名称。"), code="missing_parameter", field="q")
        limit = self.params.integer("limit", 10, 1, searching.LIMIT_MOST)
        near = self.params.lonlat(required=False)
        hits = searching.find(self.viewer, SearchQuery(text, near, limit))
        response = Response({"results": [shapes.result(hit) for hit in hits]})
        response["Cache-Control"] = "private, no-store"
        return response


def check_tile(z: int, x: int, y: int) -> None:
    """Refuse addresses of tiles that do not exist.

    Raises:
        Invalid: zoom above 22, or a column or row outside 0…2^z − 1.
    """
    if z > tiles.ZOOM_MOST or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise Invalid(_("没有这个瓦片：级别 0–22，行列在 0 到 2 的级别次方减 1 之间。"), code="tile_out_of_range")
