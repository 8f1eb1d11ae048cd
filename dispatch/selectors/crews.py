"""Crews as those who dispatch see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.models import Crew
from dispatch.querysets import keeps_crew
from dispatch.selectors.forms import OrderChoice
from dispatch.selectors.nearest import orders_of_crews
from dispatch.selectors.rules import UnitName
from dispatch.selectors.titles import skill_titles
from dispatch.states import on_shift
from kernel import clock
from kernel.language import named
from kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class CrewNow:
    """A crew at this moment.

    Attributes:
        skills: by code, each with what the county calls it.
        weekdays: 1 = Monday … 7 = Sunday, the days on which a shift begins.
        shift_start, shift_end: "07:00"; equal = round the clock; an end before the start lies on the next day.
        lonlat: where it stands, degrees, EPSG:4326.
        orders: open ones that it has; with ``capacity`` of them it takes no more.
        is_free: in use, on shift and below its capacity: it may be given the next order.
        may_change: whether the viewer says where it stands and when it is on shift.
    """

    id: int
    name: str
    unit: UnitName
    skills: tuple[OrderChoice, ...]
    weekdays: tuple[int, ...]
    shift_start: str
    shift_end: str
    capacity: int
    phone: str
    lonlat: tuple[float, float]
    is_active: bool
    is_on_shift: bool
    orders: int
    is_free: bool
    may_change: bool


def crews_now(viewer: Viewer, skill: str = "", crew_id: int | None = None) -> tuple[CrewNow, ...]:
    """The crews that the viewer may see, by name.

    Args:
        viewer: who looks.
        skill: only those that have it.
        crew_id: only this one.

    Cost: three queries.
    """
    rows = Crew.objects.visible_to(viewer).select_related("unit").order_by("name", "pk")
    rows = rows.filter(skills__contains=[skill]) if skill else rows
    crews = list(rows if crew_id is None else rows.filter(pk=crew_id))
    load, now = orders_of_crews(crews), clock.now().astimezone(clock.ZONE)
    titles = skill_titles(viewer.county)
    return tuple(_shaped(crew, load[crew.pk], now, titles, keeps_crew(viewer, crew)) for crew in crews)


def _shaped(crew: Crew, orders: int, now: dt.datetime, titles: Mapping[str, str], may_change: bool) -> CrewNow:
    is_on_shift = on_shift(now, crew.weekdays, crew.shift_start, crew.shift_end)
    return CrewNow(
        id=crew.pk,
        name=named(crew.name, crew.name_en),
        unit=UnitName(crew.unit_id, named(crew.unit.name, crew.unit.name_en)),
        skills=tuple(OrderChoice(code, titles.get(code, code)) for code in crew.skills),
        weekdays=tuple(crew.weekdays),
        shift_start=f"{crew.shift_start:%H:%M}",
        shift_end=f"{crew.shift_end:%H:%M}",
        capacity=crew.capacity,
        phone=crew.phone,
        lonlat=(crew.geom.x, crew.geom.y),
        is_active=crew.is_active,
        is_on_shift=is_on_shift,
        orders=orders,
        is_free=crew.is_active and is_on_shift and orders < crew.capacity,
        may_change=may_change,
    )
