"""Which crew goes: free at this moment, and nearest to the order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.models import Crew, WorkOrder
from dispatch.querysets import CrewQuerySet
from dispatch.selectors.roads import nearest
from dispatch.states import OPEN_STATES, on_shift
from kernel import clock
from kernel.geo import LonLat


@dataclass(frozen=True, slots=True)
class Reach:
    """A crew and how far it is away.

    Attributes:
        by_road: False: no road leads from there to the order, the metres are those of a straight line.
    """

    crew: Crew
    metres: float
    by_road: bool


@dataclass(frozen=True, slots=True)
class CrewSearch:
    """What was found, and how many were looked at.

    Attributes:
        skilled: crews that were asked for.
        on_shift, free: how many of them are on shift, and how many of these can take one more order.
        ways: nearest first; the first is the one. Those behind it were compared as far as that took.
        busy: where none is free: those on shift, nearest first, for whoever has to make one free.
    """

    skilled: int
    on_shift: int
    free: int
    ways: tuple[Reach, ...]
    busy: tuple[Reach, ...] = ()


def crews_with(county: str, skill: str, unit_id: int | None = None) -> CrewQuerySet:
    """Crews in use with a skill, of one unit or of all, in the order in which they are locked."""
    rows = Crew.objects.filter(county_id=county, is_active=True, skills__contains=[skill])
    return (rows.filter(unit_id=unit_id) if unit_id else rows).select_related("unit").order_by("pk")


def crew_search(county: str, crews: Iterable[Crew], lonlat: LonLat, now: dt.datetime) -> CrewSearch:
    """The nearest free one of ``crews``; of two equally near ones the one that was entered first.

    Whoever takes the crew holds the rows of all of them locked, from before this to the end of the transaction.

    Args:
        county: whose roads.
        crews: those with the skill, in use.
        lonlat: of the order, EPSG:4326.
        now: the moment that decides who is on shift.

    Cost: one query for the orders, one or two for the ways; fewer when nobody is left.
    """
    skilled = list(crews)
    local = now.astimezone(clock.ZONE)
    working = [crew for crew in skilled if on_shift(local, crew.weekdays, crew.shift_start, crew.shift_end)]
    load = orders_of_crews(working)
    free = [crew for crew in working if load[crew.pk] < crew.capacity]
    ways = _ways(county, lonlat, free)
    return CrewSearch(len(skilled), len(working), len(free), ways, () if free else _ways(county, lonlat, working))


def _ways(county: str, lonlat: LonLat, crews: list[Crew]) -> tuple[Reach, ...]:
    found = nearest(county, lonlat, [(crew.geom.x, crew.geom.y) for crew in crews])
    return tuple(Reach(crews[way.goal], way.metres, way.by_road) for way in found)


def orders_of_crews(crews: Iterable[Crew]) -> Counter[int]:
    """How many open orders each crew has. Cost: one query, none without crews."""
    wanted = [crew.pk for crew in crews]
    if not wanted:
        return Counter()
    open_ones = WorkOrder.objects.filter(crew__in=wanted, state__in=OPEN_STATES).values_list("crew_id", flat=True)
    return Counter(open_ones)
