"""Where something lies, and what a place is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Envelope
from django.contrib.gis.geos import Point
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext as _

from kernel import kept
from kernel.errors import NotFound
from kernel.geo import Bbox, LonLat
from kernel.kept import given
from kernel.language import named
from kernel.viewer import Viewer
from places import sql
from places.models import County, Level, Place

CODE_LENGTHS = (6, 9, 12, 15)
"""Digits of a county, township, village and grid code."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place in one line."""

    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies.

    Attributes:
        place: the village, or the township or county where no village reaches.
        ancestors: the places around it, county first.
        grid: the grid inside the village, None where there are none.
    """

    place: PlaceLine
    ancestors: tuple[PlaceLine, ...]
    grid: PlaceLine | None


@dataclass(frozen=True, slots=True)
class PlaceDetail:
    """A place.

    Attributes:
        lonlat: a point inside it, EPSG:4326.
        bbox: its extent, EPSG:4326.
        ancestors: the places around it, county first.
        is_illustrative: its area is drawn by us and not surveyed (示意网格).
    """

    code: str
    name: str
    level: str
    kind: str
    kind_title: str
    county: str
    lonlat: LonLat
    bbox: Bbox
    households: int | None
    population: int | None
    ancestors: tuple[PlaceLine, ...]
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class CountyFacts:
    """What a page must know of its county before anything else.

    Attributes:
        bbox, center: of its outline, EPSG:4326; None as long as it has no place row.
    """

    county: County
    name: str
    bbox: Bbox | None
    center: LonLat | None
    townships: int
    villages: int


def codes_above(code: str) -> list[str]:
    """The codes of the places around ``code`` and its own, county first."""
    return [code[:length] for length in CODE_LENGTHS if length <= len(code)]


def around(code: str) -> dict[str, str]:
    """``codes_above`` by name, always as many, for statements of ``kernel.kept``; ``code`` itself is the first."""
    names = ("county", "township", "village", "grid")
    return {"code": code} | {name: code[:length] for name, length in zip(names, CODE_LENGTHS, strict=True)}


def place_at(viewer: Viewer, lon: float, lat: float) -> Located:
    """The village at a point (EPSG:4326 degrees) of the county that is looked at.

    On a border the place with the lower code is taken, so that the answer never depends on chance. Cost: one query.

    Raises:
        NotFound: code "outside_county".
    """
    rows = Place.objects.visible_to(viewer).at(lon, lat).values_list("code", "name", "name_en", "level")
    found = {code: PlaceLine(code, named(name, name_en), level) for code, name, name_en, level in rows}
    villages = [code for code, line in found.items() if line.level != Level.GRID]
    if not villages:
        raise NotFound(_("这个位置不在本县范围内。"), code="outside_county")
    longest = max(map(len, villages))
    code = min(code for code in villages if len(code) == longest)
    grids = [grid for grid in found if grid.startswith(code) and found[grid].level == Level.GRID]
    outer = tuple(found[above] for above in codes_above(code)[:-1] if above in found)
    return Located(found[code], outer, found[min(grids)] if grids else None)


def villages_at(viewer: Viewer, points: Sequence[LonLat]) -> list[str | None]:
    """The villages of points (EPSG:4326 degrees), by the rule of ``place_at``. Cost: one statement.

    Returns:
        For each the village's code, "" inside the county but outside every village, None outside the county.
    """
    found = sql.smallest_places(viewer.county, [lon for lon, _lat in points], [lat for _lon, lat in points])
    return [code if level in (Level.VILLAGE, None) else "" for code, level in found]


def place_get(viewer: Viewer, code: str) -> PlaceDetail:
    """The place ``code`` of the county that is looked at. Cost: one query.

    Raises:
        NotFound: there is none in this county.
    """
    found = {place.code: place for place in kept.rows(_with_those_around, viewer, **around(code))}
    place = found.get(code)
    if place is None:
        raise NotFound(_("本县没有代码为“%s”的地方。") % code[:20], code="unknown_place")
    outer = [found[above] for above in codes_above(code)[:-1] if above in found]
    return PlaceDetail(
        code=place.code,
        name=named(place.name, place.name_en),
        level=place.level,
        kind=place.kind,
        kind_title=str(place.get_kind_display()),
        county=place.county_id,
        lonlat=lonlat_of(place.center),
        bbox=box_of(place),
        households=place.households,
        population=place.population,
        ancestors=tuple(PlaceLine(above.code, named(above.name, above.name_en), above.level) for above in outer),
        is_illustrative=place.county.cells_illustrative,
    )


def _with_those_around(viewer: Viewer) -> QuerySet[Place]:
    """A place and those around it; the extent of the place alone, for a county has thousands of vertices."""
    code = given("code")
    box = Case(When(code=code, then=Envelope("geom")))
    rows = Place.objects.visible_to(viewer).filter(code__in=[given(name) for name in around("")])
    return rows.select_related("county").defer("geom", "search_text").annotate(box=box)


def county_facts(viewer: Viewer) -> CountyFacts:
    """The county that is looked at. Cost: three queries.

    Raises:
        NotFound: the database holds no such county (nothing was loaded yet).
    """
    county = County.objects.filter(code=viewer.county).first()
    if county is None:
        raise NotFound(_("没有代码为“%s”的县。") % viewer.county, code="unknown_county")
    places = Place.objects.visible_to(viewer)
    outline = with_box(places.filter(code=viewer.county)).first()
    levels = list(places.filter(level__in=[Level.TOWNSHIP, Level.VILLAGE]).values_list("level", flat=True))
    return CountyFacts(
        county=county,
        name=named(county.name, county.name_en),
        bbox=box_of(outline) if outline else None,
        center=lonlat_of(outline.center) if outline else None,
        townships=levels.count(Level.TOWNSHIP),
        villages=levels.count(Level.VILLAGE),
    )


def villages_of(viewer: Viewer, township: str) -> list[PlaceLine]:
    """The villages of a township, by code. Cost: one query."""
    rows = kept.rows(_villages, viewer, township=township)
    return [PlaceLine(code, named(name, name_en), level) for code, name, name_en, level in rows]


def places_inside(viewer: Viewer, code: str, level: str, kind: str = "") -> list[dict[str, Any]]:
    """The places of a level inside the place ``code`` (which is one of them if of that level), by code.

    Args:
        viewer: whose county.
        code: of the place around them.
        level: township or village.
        kind: only those of one kind ("" = all).

    Returns:
        ``code``, ``name``, ``level``, ``lon`` and ``lat`` of a point inside (EPSG:4326). Cost: one query.
    """
    rows = Place.objects.visible_to(viewer).of_level(level).within(code).order_by("code")
    found = rows.filter(kind=kind) if kind else rows
    return [
        {"code": row.code, "name": named(row.name, row.name_en), "level": row.level, "lon": lon, "lat": lat}
        for row in found.only("code", "name", "name_en", "level", "center")
        for lon, lat in [lonlat_of(row.center)]
    ]


def _villages(viewer: Viewer) -> QuerySet[Place, tuple[str, str, str, str]]:
    rows = Place.objects.visible_to(viewer).of_level(Level.VILLAGE).within(given("township")).order_by("code")
    return rows.values_list("code", "name", "name_en", "level")


def with_box(places: Any) -> Any:
    """With the extent of the area in place of its thousands of vertices."""
    return places.defer("geom").annotate(box=Envelope("geom"))


def box_of(place: Any) -> Bbox:
    """The extent of a row of ``with_box``, EPSG:4326."""
    west, south, east, north = place.box.extent
    return round(west, 6), round(south, 6), round(east, 6), round(north, 6)


def lonlat_of(point: Point) -> LonLat:
    """A point with the six decimals that leave the house."""
    return round(point.x, 6), round(point.y, 6)
