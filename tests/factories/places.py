"""Places for tests: a county is a chessboard, so that a test can tell from a code where its cell lies.

A county holds 4 × 4 townships of 0.04°, a township 4 × 4 villages of 0.01°, a village 2 × 2 grids of 0.005°, numbered
from the south-west corner, west to east, from 1. Counties lie 0.2° of latitude apart. Parents are made when missing.
"""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from kernel.search import search_text
from places.models import Contact, County, Kind, Level, Place

COUNTY = "990521"
WEST, SOUTH = 120.0, 30.5
COUNTY_SIZE, TOWNSHIP_SIZE, VILLAGE_SIZE, GRID_SIZE = 0.16, 0.04, 0.01, 0.005

Bbox = tuple[float, float, float, float]


def bbox(code: str) -> Bbox:
    """West, south, east, north of the cell of a county, township, village or grid code."""
    west, south = WEST, SOUTH + 0.2 * ((int(code[:6]) - int(COUNTY)) % 100)
    size = COUNTY_SIZE
    for at, each, across in ((6, TOWNSHIP_SIZE, 4), (9, VILLAGE_SIZE, 4), (12, GRID_SIZE, 2)):
        if len(code) > at:
            row, column = divmod((int(code[at : at + 3]) - 1) % across**2, across)
            west, south, size = west + column * each, south + row * each, each
    return tuple(round(edge, 6) for edge in (west, south, west + size, south + size))


def lonlat(code: str) -> tuple[float, float]:
    """The middle of the cell of ``code``."""
    west, south, east, north = bbox(code)
    return round((west + east) / 2, 6), round((south + north) / 2, 6)


def square(code: str) -> MultiPolygon:
    """The cell of ``code``, EPSG:4326."""
    return MultiPolygon(Polygon.from_bbox(bbox(code)), srid=4326)


def county(code: str = COUNTY, name: str = "云溪县", **fields: Any) -> County:
    """A county and its place (which carries the outline); a second call returns the same."""
    made, is_new = County.objects.get_or_create(code=code, defaults={"name": name, "name_en": "Yunxi County", **fields})
    if is_new:
        _place(code, made, None, Level.COUNTY, Kind.COUNTY, name, name_en="Yunxi County")
    return made


def township(code: str = "990521003", name: str = "石桥镇", **fields: Any) -> Place:
    """A township."""
    root = county(code[:6])
    return _place(code, root, code[:6], Level.TOWNSHIP, fields.pop("kind", Kind.TOWN), name, **fields)


def village(code: str = "990521003007", name: str = "荷塘村", **fields: Any) -> Place:
    """A village, community or park."""
    root = county(code[:6])
    _ensure(township, code[:9])
    kind = fields.pop("kind", Kind.VILLAGE)
    return _place(code, root, code[:9], Level.VILLAGE, kind, name, **fields)


def grid(code: str = "990521003007001", name: str = "荷塘村第一网格", **fields: Any) -> Place:
    """A grid of a village."""
    root = county(code[:6])
    _ensure(village, code[:12])
    return _place(code, root, code[:12], Level.GRID, Kind.GRID, name, **fields)


def contact(place: Place, title: str = "村级代办员", number: str = "0572-0123 4567", **fields: Any) -> Contact:
    """A published contact of ``place``."""
    return Contact.objects.create(county_id=place.county_id, place=place, title=title, number=number, **fields)


def _ensure(make: Any, code: str) -> None:
    if not Place.objects.filter(pk=code).exists():
        make(code)


def _place(code: str, root: County, parent: str | None, level: str, kind: str, name: str, **fields: Any) -> Place:
    defaults = {
        "county": root,
        "parent_id": parent,
        "level": level,
        "kind": kind,
        "name": name,
        "search_text": search_text(name, code),
        "geom": square(code),
        "center": Point(*lonlat(code), srid=4326),
        **fields,
    }
    return Place.objects.get_or_create(code=code, defaults=defaults)[0]
