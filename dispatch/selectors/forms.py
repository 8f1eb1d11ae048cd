"""What the forms of orders offer: units, crews, people, reasons, checks."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Unit, User
from dispatch.models import STATE_TITLES, Crew
from dispatch.querysets import CREW_READERS, reads_rules, writes_rules
from dispatch.selectors.lists import OrderUnit
from dispatch.selectors.titles import CHECK_TITLES, LEVEL_TITLES, REASON_TITLES, skill_titles
from kernel.language import named
from kernel.viewer import Role, Viewer


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """A value and what people call it."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class OrderCrew:
    """A crew and the unit it belongs to."""

    id: int
    name: str
    unit: int


@dataclass(frozen=True, slots=True)
class OrderPerson:
    """Somebody who may be given an order of the unit."""

    id: int
    name: str
    unit: int


@dataclass(frozen=True, slots=True)
class OrderOptions:
    """Everything that a form of orders lets people choose from, and which pages beside it are the viewer's.

    Attributes:
        reads_crews, reads_rules, writes_rules: whether the viewer may see the crews, and see and write the rules of
            dispatch.
    """

    units: tuple[OrderUnit, ...]
    crews: tuple[OrderCrew, ...]
    people: tuple[OrderPerson, ...]
    states: tuple[OrderChoice, ...]
    levels: tuple[OrderChoice, ...]
    reasons: tuple[OrderChoice, ...]
    checks: tuple[OrderChoice, ...]
    skills: tuple[OrderChoice, ...]
    reads_crews: bool
    reads_rules: bool
    writes_rules: bool


def order_options(viewer: Viewer) -> OrderOptions:
    """What the viewer chooses from; a handler's people are those of the own unit. Cost: four queries."""
    units = Unit.objects.filter(county_id=viewer.county, is_active=True)
    crews = list(Crew.objects.visible_to(viewer).filter(is_active=True))
    skills = {code: code for crew in crews for code in crew.skills} | skill_titles(viewer.county)
    people = User.objects.filter(county_id=viewer.county, is_active=True, role=Role.HANDLER, unit__isnull=False)
    if viewer.has_role(Role.HANDLER):
        people = people.filter(unit=viewer.unit_id)
    return OrderOptions(
        units=tuple(OrderUnit(one.pk, named(one.name, one.name_en)) for one in units),
        crews=tuple(OrderCrew(one.pk, named(one.name, one.name_en), one.unit_id) for one in crews),
        people=tuple(OrderPerson(one.pk, one.name, one.unit_id or 0) for one in people),
        states=tuple(OrderChoice(key.value, str(title)) for key, title in STATE_TITLES.items()),
        levels=tuple(OrderChoice(key.value, str(title)) for key, title in LEVEL_TITLES.items()),
        reasons=tuple(OrderChoice(key.value, str(title)) for key, title in REASON_TITLES.items()),
        checks=tuple(OrderChoice(key.value, str(title)) for key, title in CHECK_TITLES.items()),
        skills=tuple(OrderChoice(code, title) for code, title in sorted(skills.items())),
        reads_crews=viewer.has_role(*CREW_READERS),
        reads_rules=reads_rules(viewer),
        writes_rules=writes_rules(viewer),
    )
