"""Crews, rules of dispatch and bare orders for tests."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.contrib.gis.geos import Point

from dispatch.models import Crew, RoutingRule, Skill, WorkOrder
from kernel import clock
from kernel.geo import LonLat
from tests.factories import people, places

SKILL = "heating"
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
_numbers = itertools.count(1)


def skill(code: str = SKILL, title: str = "供热抢修", title_en: str = "Heating repairs") -> Skill:
    """What a skill is called."""
    return Skill.objects.create(county_id=places.county().pk, code=code, title=title, title_en=title_en)


def crew(lonlat: LonLat | None = None, **fields: Any) -> Crew:
    """A crew that can do heating and is on shift round the clock."""
    unit = fields.pop("unit", None) or people.unit("heat", "供热公司", name_en="Heating company")
    name = f"供热抢修{next(_numbers)}队"
    defaults: dict[str, Any] = {
        "name": name,
        "skills": [SKILL],
        "weekdays": EVERY_DAY,
        "shift_start": dt.time(0),
        "shift_end": dt.time(0),
    }
    at = Point(*(lonlat or places.lonlat("990521003007")), srid=4326)
    return Crew.objects.create(county_id=unit.county_id, unit=unit, geom=at, **(defaults | fields))


def rule(title: str = "供热抢修", *, county: str = places.COUNTY, **fields: Any) -> RoutingRule:
    """A rule that is in force."""
    places.county(county)
    return RoutingRule.objects.create(county_id=county, title=title, **({"is_active": True} | fields))


def order(lonlat: LonLat | None = None, *, county: str = places.COUNTY, **fields: Any) -> WorkOrder:
    """A row of an order that was just opened, without any history."""
    village = fields.pop("village", None) or places.village(f"{county}003007")
    now = clock.now()
    defaults: dict[str, Any] = {
        "source": "tests",
        "source_id": f"crew-{next(_numbers)}",
        "title": "家里暖气不热",
        "place": village,
        "category": SKILL,
        "kind": "complaint",
        "started_at": now,
        "opened_at": now,
        "workdays": 7,
        "yellow_at": now + dt.timedelta(days=5),
        "due_at": now + dt.timedelta(days=7),
        "red_at": now + dt.timedelta(days=12),
    }
    at = Point(*(lonlat or places.lonlat(village.pk)), srid=4326)
    return WorkOrder.objects.create(county_id=county, geom=at, **(defaults | fields))
