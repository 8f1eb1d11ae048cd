"""Boxes and coordinate systems: what enters the database is EPSG:4326 (WGS 84), (lon, lat), degrees.

GCJ-02 is the offset system of Chinese web maps, BD-09 Baidu's offset on top of it. Both are converted at the door and
never stored (docs/adr/0003).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from django.utils.translation import gettext as _

from kernel.errors import Invalid

Bbox = tuple[float, float, float, float]
"""West, south, east, north; degrees, EPSG:4326."""

LonLat = tuple[float, float]
"""Longitude, latitude; degrees."""

WEB_MERCATOR = 3857
"""The plane that map tiles and printed maps are drawn in."""


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
        hint = _("跨过 180° 经线的范围请分成两个。") if west > east else ""
        raise Invalid(said, code="bbox_out_of_range", field=field, hint=hint)
    return west, south, east, north


EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS 84 ellipsoid (IUGG 1980), metres."""


def ewkt(lonlat: LonLat) -> str:
    """A point as PostGIS reads it from text, EPSG:4326."""
    return f"SRID=4326;POINT({lonlat[0]!r} {lonlat[1]!r})"


def distance_m(a: LonLat, b: LonLat) -> float:
    """Great-circle distance in metres (haversine); within 0.6 % of the ellipsoid, enough to say "120 米"."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


# ---------------------------------------------------------------- offset systems of Chinese web maps
# Source: the formula was published by nobody. This is the reverse-engineered one that all open implementations share
# (eviltransform, coordtransform): Krasovsky's ellipsoid and a sum of sines; it agrees with map providers within metres.

_KRASOVSKY_A_M = 6_378_245.0  # semi-major axis
_KRASOVSKY_E2 = 0.006_693_421_622_965_943  # first eccentricity, squared
_OFFSET_AREA: Bbox = (72.004, 0.8293, 137.8347, 55.8271)  # outside this box the providers add no offset
_BD_ANGLE = math.pi * 3000 / 180
_ENOUGH_DEG = 1e-9  # 0.1 mm on the ground


def in_offset_area(lonlat: LonLat) -> bool:
    """Whether web maps of China shift this point (a box round China, not its border)."""
    west, south, east, north = _OFFSET_AREA
    return west <= lonlat[0] <= east and south <= lonlat[1] <= north


def wgs84_to_gcj02(lonlat: LonLat) -> LonLat:
    """WGS 84 → GCJ-02, degrees."""
    if not in_offset_area(lonlat):
        return lonlat
    lon, lat = lonlat
    x, y = lon - 105.0, lat - 35.0
    phi = math.radians(lat)
    curvature = 1 - _KRASOVSKY_E2 * math.sin(phi) ** 2
    north_m = _KRASOVSKY_A_M * (1 - _KRASOVSKY_E2) / curvature**1.5  # metres per radian northwards
    east_m = _KRASOVSKY_A_M / math.sqrt(curvature) * math.cos(phi)  # and eastwards
    return lon + math.degrees(_shift_east_m(x, y) / east_m), lat + math.degrees(_shift_north_m(x, y) / north_m)


def _waves(value: float, *terms: tuple[float, float]) -> float:
    return sum(factor * math.sin(math.pi * value * frequency) for factor, frequency in terms) * 2 / 3


def _shift_north_m(x: float, y: float) -> float:
    polynomial = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return (
        polynomial
        + _waves(x, (20.0, 6.0), (20.0, 2.0))
        + _waves(y, (20.0, 1.0), (40.0, 1 / 3))
        + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))
    )


def _shift_east_m(x: float, y: float) -> float:
    polynomial = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return (
        polynomial
        + _waves(x, (20.0, 6.0), (20.0, 2.0))
        + _waves(x, (20.0, 1.0), (40.0, 1 / 3))
        + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))
    )


def gcj02_to_bd09(lonlat: LonLat) -> LonLat:
    """GCJ-02 → BD-09 (Baidu), degrees."""
    x, y = lonlat
    radius = math.hypot(x, y) + 2e-5 * math.sin(y * _BD_ANGLE)
    angle = math.atan2(y, x) + 3e-6 * math.cos(x * _BD_ANGLE)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def wgs84_to_bd09(lonlat: LonLat) -> LonLat:
    """WGS 84 → BD-09, degrees; the same point outside the area of the offset."""
    return gcj02_to_bd09(wgs84_to_gcj02(lonlat)) if in_offset_area(lonlat) else lonlat


def gcj02_to_wgs84(lonlat: LonLat) -> LonLat:
    """GCJ-02 → WGS 84, degrees: the point that ``wgs84_to_gcj02`` moves here, within a millimetre."""
    return _undo(wgs84_to_gcj02, lonlat)


def bd09_to_gcj02(lonlat: LonLat) -> LonLat:
    """BD-09 → GCJ-02, degrees."""
    return _undo(gcj02_to_bd09, lonlat)


def bd09_to_wgs84(lonlat: LonLat) -> LonLat:
    """BD-09 → WGS 84, degrees."""
    return gcj02_to_wgs84(bd09_to_gcj02(lonlat)) if in_offset_area(lonlat) else lonlat


def _undo(shift: Callable[[LonLat], LonLat], lonlat: LonLat) -> LonLat:
    """The point that ``shift`` moves to ``lonlat``: by fixed-point iteration, for the offset hardly changes nearby."""
    lon, lat = lonlat
    for _step in range(30):
        east, north = shift((lon, lat))
        off_lon, off_lat = lonlat[0] - east, lonlat[1] - north
        lon, lat = lon + off_lon, lat + off_lat
        if abs(off_lon) < _ENOUGH_DEG and abs(off_lat) < _ENOUGH_DEG:
            break
    return lon, lat


FROM: dict[str, Callable[[LonLat], LonLat]] = {
    "EPSG:4326": lambda lonlat: lonlat,
    "EPSG:4490": lambda lonlat: lonlat,  # CGCS2000, the same within centimetres (docs/adr/0003)
    "GCJ-02": gcj02_to_wgs84,
    "BD-09": bd09_to_wgs84,
}
"""Coordinate systems that a position may come in, by the name that is kept in ``crs_source``."""


def to_wgs84(lonlat: LonLat, crs: str) -> LonLat:
    """A position given in ``crs`` as WGS 84 degrees, rounded to 7 decimals (1 cm).

    Raises:
        Invalid: an unknown coordinate system.
    """
    if crs not in FROM:
        raise Invalid(
            _("不认识坐标系“%(crs)s”。可用：%(of)s。") % {"crs": crs[:40], "of": "、".join(FROM)}, field="crs"
        )
    lon, lat = FROM[crs](lonlat)
    return round(lon, 7), round(lat, 7)
