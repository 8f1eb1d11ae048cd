"""What the screen of a hall shows, from its address: the place, the audience, the views and how long each stays.

A screen hangs on a wall and nobody reads its address bar: a value that cannot be used is answered by a sentence on the
screen and the nearest thing that works, never by an error page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import selectors as people
from kernel.errors import NotFound
from kernel.viewer import Viewer
from places.models import Kind, Level
from places.selectors import place_get, places_inside
from places.selectors.geography import PlaceDetail

VIEWS = ("townships", "board", "counts")

AUDIENCES = {"village": Kind.VILLAGE, "community": Kind.COMMUNITY, "park": Kind.PARK}
"""Which kind of place an audience lives or works in."""

SECONDS, LEAST_SECONDS, MOST_SECONDS = 15, 5, 300
LONGEST_HALL = 40
LONGEST_SAID = 20
"""Characters of a refused value that the notice repeats."""

KNOWN = ("place", "audience", "seconds", "views", "hall", "county", "lang")

Say = Callable[[str], None]


def kiosk_plan(county: str, query: Mapping[str, str]) -> tuple[Viewer, dict[str, Any]]:
    """Who looks, and what is shown.

    The viewer is the public, whoever is signed in on that machine: a hall is full of strangers.

    Args:
        county: that of the setting, or of ``?county=``.
        query: of the address.

    Returns:
        The viewer, in the county of ``?place=``; and the plan: ``place`` (code, name, level), ``audience`` ("" for
        everybody), ``seconds``, ``views``, ``hall``, ``places`` (what is shown one after the other: code, name, level,
        lon, lat in EPSG:4326) and ``notices``, sentences about what could not be used.
    """
    notices = [_("不认识参数“%s”，已经略过。") % name[:LONGEST_SAID] for name in query if name not in KNOWN]
    viewer, place = _place(county, query.get("place", "").strip(), notices.append)
    audience = _audience(query.get("audience", "").strip(), notices.append)
    return viewer, {
        "place": {"code": place.code, "name": place.name, "level": place.level},
        "audience": audience,
        "seconds": _seconds(query.get("seconds", "").strip(), notices.append),
        "views": _views(query.get("views", "").strip(), notices.append),
        "hall": query.get("hall", "").strip()[:LONGEST_HALL],
        "places": _places(viewer, place, audience, notices.append),
        "notices": notices,
    }


def _place(county: str, code: str, say: Say) -> tuple[Viewer, PlaceDetail]:
    """The place that is asked for, else the county.

    Raises:
        NotFound: not even the county has a place (nothing was loaded yet).
    """
    if code and people.county_exists(code[:6]):
        viewer = Viewer(county=code[:6])
        try:
            found = place_get(viewer, code)
        except NotFound:
            found = None
        if found is not None and found.level != Level.GRID:
            return viewer, found
    viewer = Viewer(county=county)
    whole = place_get(viewer, county)
    if code:
        say(_("没有代码为“%(code)s”的地方，现在显示%(place)s。") % {"code": code[:LONGEST_SAID], "place": whole.name})
    return viewer, whole


def _audience(value: str, say: Say) -> str:
    if value in AUDIENCES or not value:
        return value
    said = {"value": value[:LONGEST_SAID], "of": "、".join(AUDIENCES)}
    say(_("audience 只能是 %(of)s，不能是“%(value)s”，现在显示给所有人看的内容。") % said)
    return ""


def _seconds(value: str, say: Say) -> int:
    try:
        seconds = int(value or SECONDS)
    except ValueError:
        seconds = 0
    if LEAST_SECONDS <= seconds <= MOST_SECONDS:
        return seconds
    said = {"value": value[:LONGEST_SAID], "low": LEAST_SECONDS, "high": MOST_SECONDS, "usual": SECONDS}
    say(_("seconds 要是 %(low)d 到 %(high)d 之间的整数，不能是“%(value)s”，现在每 %(usual)d 秒换一页。") % said)
    return SECONDS


def _views(value: str, say: Say) -> list[str]:
    asked = [name.strip() for name in value.split(",") if name.strip()]
    unknown = [name for name in asked if name not in VIEWS]
    if unknown:
        said = {"value": "、".join(unknown)[:LONGEST_SAID], "of": "、".join(VIEWS)}
        say(_("views 只能是 %(of)s，不能是“%(value)s”，已经略过。") % said)
    return list(dict.fromkeys(name for name in asked if name in VIEWS)) or list(VIEWS)


def _places(viewer: Viewer, place: PlaceDetail, audience: str, say: Say) -> list[dict[str, Any]]:
    """What is shown one after the other: what the audience lives in, else the next level below, else the place."""
    if place.level == Level.VILLAGE:
        return places_inside(viewer, place.code, Level.VILLAGE)
    kind = AUDIENCES.get(audience)
    if kind is not None:
        found = places_inside(viewer, place.code, Level.VILLAGE, kind)
        if found:
            return found
        say(_("%(place)s没有登记%(kind)s，现在轮播它下面所有的地方。") % {"place": place.name, "kind": kind.label})
    below = Level.TOWNSHIP if place.level == Level.COUNTY else Level.VILLAGE
    return places_inside(viewer, place.code, below) or [
        {"code": place.code, "name": place.name, "level": place.level, "lon": place.lonlat[0], "lat": place.lonlat[1]}
    ]
