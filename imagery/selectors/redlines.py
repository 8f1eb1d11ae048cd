"""Control lines round what is looked at, for the map of the review: cut to the box, no finer than its pixels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Polygon
from django.db.models import F, FloatField, Func, TextField, Value

from imagery.models import RedLine
from kernel.geo import Bbox
from kernel.viewer import Viewer

MOST = 500
"""Lines of one answer, the largest first; below that size nobody sees them in the same box."""

PIXELS = 2048
"""A map is seldom wider: what is finer than this part of the box is left out."""

DIGITS = 6
"""Decimals of a degree: 0.1 m."""


@dataclass(frozen=True, slots=True)
class RedLineFacts:
    """What a line is."""

    kind: str
    kind_title: str
    code: str


@dataclass(frozen=True, slots=True)
class RedLineFeature:
    """A line as a feature of GeoJSON, EPSG:4326."""

    type: str
    id: int
    geometry: Any
    properties: RedLineFacts


@dataclass(frozen=True, slots=True)
class RedLines:
    """A FeatureCollection; ``is_cut``: there are more lines, smaller ones."""

    type: str
    features: tuple[RedLineFeature, ...]
    is_cut: bool


def red_lines(viewer: Viewer, box: Bbox) -> RedLines:
    """The lines in a box (EPSG:4326) as far as they lie in it. Cost: one query."""
    area = Polygon.from_bbox(box)
    area.srid = 4326
    least = max((box[2] - box[0]) / PIXELS, 10**-DIGITS)
    inside = _Clipped(F("geom"), Value(area, output_field=GeometryField()))
    rows = RedLine.objects.visible_to(viewer).filter(geom__bboverlaps=area).annotate(
        shape=_Json(_Simplified(inside, Value(least)), Value(DIGITS)),
        size=Func(inside, function="ST_Area", output_field=FloatField()),
    )  # fmt: skip
    found = rows.filter(size__gt=0).order_by("-size", "pk").values_list("pk", "kind", "code", "shape")[: MOST + 1]
    lines = tuple(
        RedLineFeature("Feature", key, json.loads(shape), RedLineFacts(kind, str(RedLine.Kind(kind).label), code))
        for key, kind, code, shape in list(found)[:MOST]
    )
    return RedLines("FeatureCollection", lines, is_cut=len(found) > MOST)


class _Clipped(Func):
    function, output_field = "ST_ClipByBox2D", GeometryField()


class _Simplified(Func):
    function, output_field = "ST_SimplifyPreserveTopology", GeometryField()


class _Json(Func):
    function, output_field = "ST_AsGeoJSON", TextField()
