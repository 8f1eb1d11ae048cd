"""Facilities over HTTP: list, single ones, writes, the nearest of a kind."""

from __future__ import annotations

from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from facilities import selectors, services
from facilities.api import shapes
from facilities.api.features import FacilityFeatureSerializer, detail_json
from facilities.api.filters import FacilityFilter
from facilities.api.inputs import FacilityFeatureInput, FacilityPhotosInput
from facilities.models import Category
from kernel.api.base import ApiView
from kernel.errors import Invalid
from kernel.language import named

FILTERS = tuple(FacilityFilter.base_filters)
S = TypeVar("S", bound=serializers.Serializer)
_TAGS = ["facilities"]


def _valid(shape: S) -> S:
    shape.is_valid(raise_exception=True)
    return shape


class FacilitiesView(ApiView):
    """The list of facilities, in small pages."""

    def parameters(self) -> tuple[str, ...]:
        """Filters and pages for reading; a write takes none."""
        return (*FILTERS, "limit", "after") if self.request.method in ("GET", "HEAD") else ()

    @extend_schema(
        operation_id="facilities",
        tags=_TAGS,
        parameters=[
            *(OpenApiParameter(name, str) for name in FILTERS),
            OpenApiParameter("limit", int, description="1…200, 50 without it"),
            OpenApiParameter("after", int, description="`next` of the page before"),
        ],
        responses=shapes.FacilityPageShape,
    )
    def get(self, request: Request) -> Response:
        """Facilities that exist for the viewer, by number. For the map use `/api/layers/facilities/`."""
        limit = self.params.integer("limit", 50, 1, 200)
        after = self.params.integer("after", 0, 0, 2**63 - 1)
        chosen = FacilityFilter(request.query_params, selectors.facility_rows(self.viewer), viewer=self.viewer)
        if not chosen.is_valid():
            field, texts = next(iter(chosen.errors.get_json_data().items()))
            raise Invalid(texts[0]["message"], field=field)
        rows = list(chosen.qs.filter(pk__gt=after)[: limit + 1])
        features = FacilityFeatureSerializer(rows[:limit], many=True, context={"viewer": self.viewer}).data
        last = rows[limit - 1].pk if len(rows) > limit else None
        return Response({**features, "matched": chosen.qs.order_by().count(), "next": last})

    @extend_schema(
        operation_id="facility_create",
        tags=_TAGS,
        request=FacilityFeatureInput,
        responses={201: shapes.FacilityDetailShape},
    )
    def post(self, request: Request) -> Response:
        """Add a facility; `properties` hold the fields, `geometry` the position in the system `properties.crs`."""
        fields, _version = _valid(FacilityFeatureInput(data=request.data)).fields_and_version()
        made = services.facility_create(by=self.viewer, fields=fields)
        return Response(detail_json(self.viewer, made.pk), status=201)


class FacilityView(ApiView):
    """One facility."""

    def parameters(self) -> tuple[str, ...]:
        """The version that was read, where there is no body to hold it."""
        return ("version",) if self.request.method == "DELETE" else ()

    @extend_schema(operation_id="facility", tags=_TAGS, responses=shapes.FacilityDetailShape)
    def get(self, request: Request, pk: int) -> Response:
        """A facility with its photos, and whether the viewer may change it."""
        return Response(detail_json(self.viewer, pk))

    @extend_schema(
        operation_id="facility_update", tags=_TAGS, request=FacilityFeatureInput, responses=shapes.FacilityDetailShape
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is given; `properties.version` is the version that was read, another one is a 409."""
        fields, version = _valid(FacilityFeatureInput(data=request.data)).fields_and_version()
        services.facility_update(by=self.viewer, pk=pk, version=version, fields=fields)
        return Response(detail_json(self.viewer, pk))

    @extend_schema(
        operation_id="facility_unpublish",
        tags=_TAGS,
        parameters=[OpenApiParameter("version", int, required=True, description="The version that was read.")],
        responses={204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Take a facility off the map. Those who keep it still see it and can publish it again."""
        version = self.params.integer("version", 0, 1, 2**31 - 1) or None
        services.facility_unpublish(by=self.viewer, pk=pk, version=version)
        return Response(status=204)


class FacilityPhotosView(ApiView):
    """The photos of a facility."""

    @extend_schema(
        operation_id="facility_photos_set",
        tags=_TAGS,
        request=FacilityPhotosInput,
        responses=shapes.FacilityDetailShape,
    )
    def put(self, request: Request, pk: int) -> Response:
        """Show these uploaded photos, in this order, in place of those it had."""
        given: dict[str, Any] = _valid(FacilityPhotosInput(data=request.data)).validated_data
        photos = [services.Captioned(photo["id"], photo["caption"], photo["caption_en"]) for photo in given["photos"]]
        services.facility_photos_set(by=self.viewer, pk=pk, version=given.get("version"), photos=photos)
        return Response(detail_json(self.viewer, pk))


class NearestView(ApiView):
    """The nearest facilities of a kind."""

    known_params = ("lon", "lat", "category", "limit")

    @extend_schema(
        operation_id="facilities_nearest",
        tags=_TAGS,
        parameters=[
            OpenApiParameter("lon", float, required=True, description="degrees, EPSG:4326"),
            OpenApiParameter("lat", float, required=True, description="degrees, EPSG:4326"),
            OpenApiParameter("category", str, description="key of a category; all without it"),
            OpenApiParameter("limit", int, description="1…50, 5 without it"),
        ],
        responses=shapes.NearestShape,
    )
    def get(self, request: Request) -> Response:
        """The nearest facilities to a point, with the distance as the crow flies."""
        lonlat = self.params.lonlat(required=True) or (0.0, 0.0)
        limit = self.params.integer("limit", 5, 1, selectors.NEAREST_MOST)
        category = self.params.text("category", longest=30)
        lines = selectors.facility_nearest(self.viewer, lonlat, category, limit)
        return Response({"items": [selectors.line_json(line) for line in lines]})


class CategoriesView(ApiView):
    """Kinds of facilities."""

    @extend_schema(operation_id="facility_categories", tags=_TAGS, responses=shapes.CategoriesShape)
    def get(self, request: Request) -> Response:
        """All kinds in their order, for forms and chips."""
        items = [
            {"key": category.key, "title": named(category.title, category.title_en), "icon": category.icon}
            for category in Category.objects.all()
        ]
        return Response({"items": items})
