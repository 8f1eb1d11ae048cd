"""Roads for tests: a crooked lattice over the chessboard of ``places``, with gaps, closed edges and an island."""

from __future__ import annotations

import random
from typing import Any

from django.contrib.gis.geos import LineString
from pyproj import Geod

from kernel.geo import LonLat
from places.models import Road
from tests.factories import places

GEOD = Geod(ellps="WGS84")
ISLAND = (120.30, 30.58)
"""South-west corner of the island: 13 km east of the county's east edge."""


def length_m(points: list[LonLat]) -> float:
    """Length of a line on the ellipsoid."""
    return float(GEOD.line_length(*zip(*points, strict=True)))


def road(source: int, target: int, *points: LonLat, county: str = places.COUNTY, **fields: Any) -> Road:
    """An edge along ``points``, not saved."""
    return Road(
        county_id=county,
        source=source,
        target=target,
        length_m=round(length_m(list(points)), 2),
        geom=LineString(list(points), srid=4326),
        **fields,
    )


def save(*edges: Road) -> list[Road]:
    """Store edges."""
    places.county(edges[0].county_id)
    return Road.objects.bulk_create(edges)


def lattice(across: int = 12, seed: int = 1, county: str = places.COUNTY) -> list[Road]:
    """About 2 · across² edges over the county, one in eight missing, one in twenty closed; and an island of four."""
    chance = random.Random(seed)
    west, south, east, _north = places.bbox(county)
    step = (east - west) / (across - 1)
    at = {
        (x, y): (west + step * (x + chance.uniform(-0.3, 0.3)), south + step * (y + chance.uniform(-0.3, 0.3)))
        for x in range(across)
        for y in range(across)
    }
    number = {key: n for n, key in enumerate(at, start=1)}
    edges = []
    for (x, y), here in at.items():
        for key in ((x + 1, y), (x, y + 1)):
            if key in at and chance.random() > 1 / 8:
                bend = tuple((a + b) / 2 + chance.uniform(-0.2, 0.2) * step for a, b in zip(here, at[key], strict=True))
                closed = chance.random() < 1 / 20
                edges.append(
                    road(number[x, y], number[key], here, bend, at[key], county=county, is_closed=closed)  # type: ignore[arg-type]
                )
    first = len(at) + 1
    lon, lat = ISLAND
    corners = [(lon, lat), (lon + 0.01, lat), (lon + 0.01, lat + 0.01), (lon, lat + 0.01)]
    ring = [road(first + n, first + (n + 1) % 4, corners[n], corners[(n + 1) % 4], county=county) for n in range(4)]
    return save(*edges, *ring)
