"""Rules of dispatch that the past suggests."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from dispatch.models import WorkOrder
from dispatch.querysets import reads_rules
from dispatch.selectors.routing import rules_in_force
from dispatch.selectors.rules import UnitName, unit_names
from dispatch.states import State
from kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class RuleCategory:
    """A category whose orders one unit does: ``cases`` of ``of``."""

    category: str
    cases: int
    of: int


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """A rule that the past suggests: these categories are this unit's."""

    unit: UnitName
    categories: tuple[RuleCategory, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """Rules that the past suggests.

    Attributes:
        categories: how many categories the past has;
        proposed: that the proposals name;
        known: that a rule in force names already;
        left: that nobody can be named for: too few cases, or several units share them.
    """

    categories: int
    proposed: int
    known: int
    left: int
    items: tuple[RuleProposal, ...]


Cases = Mapping[str, Mapping[int, int]]
"""Category → key of a unit → how many cases it had."""


def rules_propose(
    viewer: Viewer, least_share: float = 0.95, least_cases: int = 5, beside: Cases | None = None
) -> Proposals:
    """Which unit does which categories, from all orders of the county that a unit has or had.

    Args:
        viewer: who reads; nothing is found for one who reads no rules.
        least_share: part of a category's orders that one unit must have, 0…1.
        least_cases: orders that a category must have.
        beside: cases that are no orders of this county, e.g. rows of an import that could not be placed.

    Cost: three queries.
    """
    if not reads_rules(viewer):
        return Proposals(0, 0, 0, 0, ())
    plain = [rule for rule in rules_in_force(viewer.county) if not rule.places and not rule.words]
    known = {category for rule in plain for category in rule.categories}
    return _proposals(viewer.county, known, least_share, least_cases, beside or {})


def _proposals(county: str, known: set[str], least_share: float, least_cases: int, beside: Cases) -> Proposals:
    by_category: dict[str, Counter[int]] = defaultdict(Counter)
    for category, cases_of in beside.items():
        by_category[category].update(cases_of)
    orders = WorkOrder.objects.filter(county_id=county, parent=None, lead_unit__isnull=False).exclude(category="")
    counted = orders.exclude(state__in=[State.CANCELLED, State.RETURNED]).order_by()
    for category, unit, n in counted.values_list("category", "lead_unit_id").annotate(n=Count("pk")):
        by_category[category][unit] += n
    found: dict[int, list[RuleCategory]] = defaultdict(list)
    for category, units in sorted(by_category.items()):
        (unit, cases), of = units.most_common(1)[0], units.total()
        if category not in known and of >= least_cases and cases >= least_share * of:
            found[unit].append(RuleCategory(category, cases, of))
    names = unit_names(county)
    items = [RuleProposal(UnitName(unit, names[unit]), tuple(shares)) for unit, shares in found.items()]
    items.sort(key=lambda one: (-sum(share.cases for share in one.categories), one.unit.id))
    proposed, seen = sum(len(one.categories) for one in items), len(known & by_category.keys())
    return Proposals(len(by_category), proposed, seen, len(by_category) - proposed - seen, tuple(items))
