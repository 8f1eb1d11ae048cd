"""Scenes, points and reviewers for tests."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.contrib.gis.geos import Point, Polygon

from accounts.selectors import viewer_of
from imagery.models import ChangePoint, ChangeRun, RejectReason, Scene
from imagery.states import State, is_sampled
from kernel.viewer import Role, Viewer
from tests.factories import people, places

VILLAGE = "990521003007"
_numbers = itertools.count(1)
SMALL_M2, LARGE_M2 = 400.0, 1500.0


def at(day: str) -> dt.datetime:
    """When a satellite passes on a day."""
    return dt.datetime.fromisoformat(f"{day}T10:30:00+08:00")


def scene(day: str = "2025-09-11", county: str = places.COUNTY, **fields: Any) -> Scene:
    """A scene of a county; the same day gives the same."""
    root = places.county(county)
    defaults = {
        "title": f"示意影像 {day}",
        "sensor": "demo",
        "acquired_at": at(day),
        "gsd_m": 2.0,
        "bands": ["blue", "green", "red", "nir"],
        "footprint": places.square(county),
        "sha256": f"{day}{county}",
        "size": 1,
        **fields,
    }
    return Scene.objects.get_or_create(county=root, key=f"demo-{day}", defaults=defaults)[0]


def run(county: str = places.COUNTY) -> ChangeRun:
    """A run over two scenes of a county; always the same."""
    before, after = scene("2025-09-11", county), scene("2026-03-08", county)
    named = {"county_id": county, "before": before, "after": after, "detector": "fusion", "params_hash": "x"}
    return ChangeRun.objects.get_or_create(county_id=county, params_hash="x", defaults=named)[0]


def numbers(*, sampled: bool = False) -> int:
    """The next number that is in the sample of second rounds, or is not."""
    return next(number for number in _numbers if is_sampled(number) is sampled)


def point(place: str = VILLAGE, state: str = State.QUEUED, **fields: Any) -> ChangePoint:
    """A point of 20 m in the middle of a village (or of a county: then it lies in none), looked at once."""
    lon, lat = fields.pop("lonlat", places.lonlat(place))
    outline = Polygon.from_bbox((lon - 0.0001, lat - 0.0001, lon + 0.0001, lat + 0.0001))
    outline.srid = 4326
    named = {"area_m2": SMALL_M2, "score": 0.9, "priority": 0.5, "kind": "building", **fields}
    named.setdefault("number", numbers())
    return ChangePoint.objects.create(
        county=places.county(place[:6]),
        run=run(place[:6]),
        village=places.village(place) if len(place) > 6 else None,
        geom=outline,
        center=Point(lon, lat, srid=4326),
        state=state,
        **named,
    )


def reason(code: str = "no_change", **fields: Any) -> RejectReason:
    """A reason of the county."""
    defaults = {"title": "看不出变化", "title_en": "No change to be seen", **fields}
    return RejectReason.objects.get_or_create(county=places.county(), code=code, defaults=defaults)[0]


def who(role: Role | str = Role.OFFICIAL, *jurisdiction: str, **fields: Any) -> Viewer:
    """A new person with a row behind, who answers for the places (default: the county)."""
    return viewer_of(people.user(role, jurisdiction=jurisdiction or (places.COUNTY,), **fields), places.COUNTY)
