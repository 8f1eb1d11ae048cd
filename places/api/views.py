"""HTTP face of the places: where is this, what is this, whom to call."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from kernel.api.params import Params
from kernel.errors import Invalid
from kernel.viewer import Role
from places import selectors, services
from places.api.serializers import (
    ContactChangeSerializer,
    ContactFieldsSerializer,
    ContactListSerializer,
    ContactSerializer,
    ErrorSerializer,
    LocatedSerializer,
    PanelSerializer,
    PlaceSerializer,
)
from places.models import Contact
from places.querysets import ContactQuerySet

_EDITORS: tuple[Role, ...] = tuple(sorted(services.EDITORS))
_VERSION = OpenApiParameter("version", int, required=True, description="The version that was read.")
_WRITE_ERRORS = {400: ErrorSerializer, 401: ErrorSerializer, 403: ErrorSerializer}
_CHANGE_ERRORS = {**_WRITE_ERRORS, 404: ErrorSerializer, 409: ErrorSerializer}


class PlaceAtView(ApiView):
    """The village at a point."""

    known_params = ("lon", "lat")

    @extend_schema(
        operation_id="place_at",
        parameters=[
            OpenApiParameter("lon", float, required=True, description="Degrees, EPSG:4326, -180…180."),
            OpenApiParameter("lat", float, required=True, description="Degrees, EPSG:4326, -90…90."),
        ],
        responses={200: LocatedSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """The village at a point, and the places around it; 404 ``outside_county`` outside."""
        point = self.params.lonlat(required=True)
        assert point is not None  # noqa: S101  required
        found = selectors.place_at(self.viewer, *point)
        return Response(
            {
                "place": selectors.line_json(found.place),
                "ancestors": [selectors.line_json(line) for line in found.ancestors],
                "grid": selectors.line_json(found.grid) if found.grid else None,
            }
        )


class PlaceView(ApiView):
    """A place."""

    @extend_schema(operation_id="place", responses={200: PlaceSerializer, 404: ErrorSerializer})
    def get(self, request: Request, code: str) -> Response:
        """A place without its selectors."""
        return Response(selectors.place_json(selectors.place_get(self.viewer, code)))


class PanelView(ApiView):
    """The panel of a place."""

    @extend_schema(operation_id="place_panel", responses={200: PanelSerializer, 404: ErrorSerializer})
    def get(self, request: Request, code: str) -> Response:
        """All that is known of a place, in sections; a section that failed says ``unavailable``."""
        return Response(selectors.place_panel(self.viewer, code))


class ContactsView(ApiView):
    """Contacts and supervision phones, for those who keep them."""

    known_params = ("place", "kind", "q", "limit", "offset")
    roles_to_read: ClassVar[tuple[Role, ...]] = _EDITORS
    roles_to_write: ClassVar[tuple[Role, ...]] = _EDITORS

    @extend_schema(
        operation_id="contacts",
        parameters=[
            OpenApiParameter("place", str, description="Contacts of this place and of all places in it."),
            OpenApiParameter("kind", str, enum=Contact.Kind.values),
            OpenApiParameter("q", str, description="Part of title, duty or number."),
            OpenApiParameter("limit", int, description="1…500, default 100."),
            OpenApiParameter("offset", int, description="Rows to leave out, default 0."),
        ],
        responses={200: ContactListSerializer, 400: ErrorSerializer, 401: ErrorSerializer, 403: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """The contacts inside the viewer's jurisdiction, by place."""
        rows = self._matching()
        start, limit = self.params.integer("offset", 0, 0, 100_000), self.params.integer("limit", 100, 1, 500)
        page = rows.order_by("place_id", "order", "pk")[start : start + limit]
        return Response({"total": rows.count(), "items": ContactSerializer(page, many=True).data})

    @extend_schema(
        operation_id="contact_create",
        request=ContactFieldsSerializer,
        responses={201: ContactSerializer, **_WRITE_ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Add a contact to a place of one's own jurisdiction."""
        fields = _valid(ContactFieldsSerializer(data=request.data))
        made = services.contact_create(by=self.viewer, place=fields.pop("place"), fields=fields)
        return Response(ContactSerializer(made).data, status=201)

    def _matching(self) -> ContactQuerySet:
        rows = selectors.contacts_own(self.viewer)
        if place := self.params.text("place", longest=15):
            rows = rows.filter(place__code__startswith=place)
        if kind := self.params.choice("kind", Contact.Kind.values):
            rows = rows.filter(kind=kind)
        if text := self.params.text("q", longest=60):
            rows = rows.filter(Q(title__icontains=text) | Q(duty__icontains=text) | Q(number__icontains=text))
        return rows


class ContactView(ApiView):
    """One contact."""

    known_params = ("version",)
    roles_to_read: ClassVar[tuple[Role, ...]] = _EDITORS
    roles_to_write: ClassVar[tuple[Role, ...]] = _EDITORS

    @extend_schema(
        operation_id="contact", responses={200: ContactSerializer, 401: ErrorSerializer, 404: ErrorSerializer}
    )
    def get(self, request: Request, pk: int) -> Response:
        """A contact of one's own jurisdiction."""
        Params(request.query_params, ())
        return Response(ContactSerializer(selectors.contact_get(self.viewer, pk)).data)

    @extend_schema(
        operation_id="contact_update",
        request=ContactChangeSerializer,
        responses={200: ContactSerializer, **_CHANGE_ERRORS},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is given; 409 ``version_conflict`` when somebody else was faster."""
        Params(request.query_params, ())
        fields = _valid(ContactChangeSerializer(data=request.data))
        version = fields.pop("version")
        changed = services.contact_update(by=self.viewer, pk=pk, version=version, fields=fields)
        return Response(ContactSerializer(changed).data)

    @extend_schema(operation_id="contact_delete", parameters=[_VERSION], responses={204: None, **_CHANGE_ERRORS})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete a contact."""
        version = self.params.integer("version", 0, 1, 2**31 - 1)
        if not version:
            raise Invalid(_("请给出读到的版本号。"), code="missing_parameter", field="version")
        services.contact_delete(by=self.viewer, pk=pk, version=version)
        return Response(status=204)


def _valid(body: Any) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
