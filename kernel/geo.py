"""Boxes and coordinate systems: what enters the database is EPSG:4326 (WGS 84), (lon, lat), degrees.

GCJ-02 is the offset system of Chinese web maps, BD-09 Baidu's offset on top of it. Both are converted at the door and
never stored (docs/adr/0003).
"""

from __future__ import annotations

import math

from django.utils.translation import gettext as _

from kernel.errors import Invalid

Bbox = tuple[float, float, float, float]
"""West, south, east, north; degrees, EPSG:4326."""

LonLat = tuple[float, float]
"""Longitude, latitude; degrees."""


def parse_bbox(text: str, *, field: str = "bbox") -> Bbox:
    """Read "west,south,east,north".

    Raises:
        Invalid: not four finite numbers, out of -180…180 / -90…90, or west > east, south > north.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid(_("范围要写成 西,南,东,北 四个数。"), field=field, hint=_("例如 119.9,30.5,120.1,30.6")) from None
    if not all(map(math.isfinite, (west, south, east, north))):
        raise Invalid(_("范围要写成 西,南,东,北 四个数。"), field=field)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        said = _("范围超出经度 -180…180、纬度 -90…90，或者左右、上下颠倒。")
        raise Invalid(said, code="bbox_out_of_range", field=field)
    return west, south, east, north


EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS 84 ellipsoid (IUGG 1980), metres."""


def distance_m(a: LonLat, b: LonLat) -> float:
    """Great-circle distance in metres (haversine); within 0.6 % of the ellipsoid, enough to say "120 米"."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))
