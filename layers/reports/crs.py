"""Coordinate systems that files may be written in: degrees, or metres of the county's Gauss-Krüger zone."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kernel.errors import Invalid

CGCS2000 = 4490
ZONE_0 = 4534
"""EPSG code of "CGCS2000 / 3-degree Gauss-Kruger CM 75E"; the next zones follow, three degrees each, up to 4554."""
FIRST_MERIDIAN, LAST_MERIDIAN = 75, 135


def epsg_named(text: str, lon: float | None) -> int:
    """The EPSG code behind ``--crs``.

    Args:
        text: "4326", "4490", or "auto" (also "454x") for the zone whose central meridian is the nearest to ``lon``.
        lon: longitude of the county's middle, degrees; None when it has no outline.

    Raises:
        Invalid: another system, or a county outside the zones.
    """
    fixed = {"4326": 4326, "4490": CGCS2000}
    if text in fixed:
        return fixed[text]
    if text not in ("auto", "454x"):
        raise Invalid(_("不能导出坐标系“%s”。可用：4326、4490、auto。") % text[:20], field="crs")
    if lon is None:
        raise Invalid(_("这个县还没有范围，算不出高斯—克吕格分带。"), field="crs")
    return zone_epsg(lon)


def zone_epsg(lon: float) -> int:
    """The CGCS2000 3-degree Gauss-Krüger zone of a longitude, without the zone number before the easting.

    Source: EPSG dataset 4534 … 4554; GB/T 22483-2024 asks for 3-degree zones at scales of 1:10,000 and larger.

    Raises:
        Invalid: more than one and a half degrees beyond the first or last central meridian.
    """
    meridian = round(lon / 3) * 3
    if not FIRST_MERIDIAN <= meridian <= LAST_MERIDIAN:
        raise Invalid(_("经度 %.2f 不在 CGCS2000 的分带里。") % lon, field="crs")
    return ZONE_0 + (meridian - FIRST_MERIDIAN) // 3
