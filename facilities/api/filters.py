"""Filters of the list of facilities."""

from __future__ import annotations

from typing import Any

import django_filters as filters  # type: ignore[import-untyped]
from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet

from facilities.models import Facility
from facilities.querysets import FacilityQuerySet
from facilities.selectors import EDITORS
from kernel.geo import parse_bbox
from kernel.viewer import Viewer


class FacilityFilter(filters.FilterSet):
    """``place`` keeps facilities of a township or village, ``own`` those that the viewer keeps."""

    bbox = filters.CharFilter(method="by_bbox", max_length=200)
    category = filters.CharFilter(field_name="category_id", max_length=30)
    status = filters.ChoiceFilter(choices=Facility.Status.choices)
    place = filters.CharFilter(method="by_place", max_length=15)
    own = filters.BooleanFilter(method="by_own")
    is_published = filters.BooleanFilter()
    q = filters.CharFilter(field_name="search_text", lookup_expr="icontains", max_length=60)

    class Meta:
        """All filters are declared above."""

        model = Facility
        fields: list[str] = []

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        """Remember who asks."""
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def by_bbox(self, rows: FacilityQuerySet, name: str, value: str) -> QuerySet[Facility]:
        """Facilities inside west,south,east,north (EPSG:4326)."""
        area = Polygon.from_bbox(parse_bbox(value))
        area.srid = 4326
        return rows.filter(geom__bboverlaps=area)

    def by_place(self, rows: FacilityQuerySet, name: str, value: str) -> QuerySet[Facility]:
        """Facilities of a village, or of all villages of a township."""
        return rows.filter(village__code__startswith=value)

    def by_own(self, rows: FacilityQuerySet, name: str, value: bool) -> QuerySet[Facility]:
        """Facilities that the viewer keeps, or all others."""
        mine = Facility.objects.own_of(self.viewer) if self.viewer.role in EDITORS else Facility.objects.none()
        kept = mine.order_by().values("pk")
        return rows.filter(pk__in=kept) if value else rows.exclude(pk__in=kept)
