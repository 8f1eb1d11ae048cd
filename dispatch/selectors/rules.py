"""The county's rules as people read them, and what one would have done with the past orders."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from accounts.models import Unit
from dispatch.models import Crew, RoutingRule, WorkOrder
from dispatch.selectors.due import day_of
from dispatch.selectors.lists import OrderPlace
from dispatch.selectors.routing import Matter, fits, governments, rule_for, rules_in_force, words_of
from dispatch.selectors.titles import skill_titles
from dispatch.states import State
from kernel import clock
from kernel.language import named
from kernel.viewer import Viewer
from kernel.work import work_sources
from places.models import Place

HISTORY = 50_000
"""Orders that a dry run looks at, the newest ones; a county of 600,000 people has as many in two years or three."""

AT_ONCE = 2000
"""Orders whose words are held in memory together."""

EXAMPLES = 10
"""Orders that a dry run names; those it would have sent elsewhere come first."""


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit by key and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RuleTally:
    """How many orders of a rule or a unit; without ``id`` those of no rule: a person decided."""

    id: int | None
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class RuleExample:
    """An order that the rule would have taken.

    Attributes:
        link: address of what it was for; empty for a source that is not there any more.
        really, would: names of the units; of the one that has or had it, and of the rule's.
        agrees: whether they are the same; None where the order is not finished.
    """

    order: int
    title: str
    link: str
    really: str
    would: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a rule would have done with the past orders of its county.

    Attributes:
        at: when it was run, ISO 8601.
        orders: how many were looked at.
        since: the day on which the oldest of them began, ISO 8601; "" without any, and of runs that did not note it.
        fits: how many its conditions fit.
        takes: how many of these no earlier rule in force would have taken before it.
        earlier: the rules in force that come before it and take what it fits, too.
        taken_from: from which later rule in force it takes the others.
        finished: orders it takes that are finished;
        same_unit: those that ended with the unit it names;
        other_units: with which units the others ended.
        no_unit: orders it takes and knows no unit for.
    """

    at: str
    orders: int
    since: str
    fits: int
    takes: int
    earlier: tuple[RuleTally, ...]
    taken_from: tuple[RuleTally, ...]
    finished: int
    same_unit: int
    other_units: tuple[RuleTally, ...]
    no_unit: int
    examples: tuple[RuleExample, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of dispatch.

    Attributes:
        at: ``places`` with their names.
        unit: who gets the orders; None: the government of the township.
        skill, skill_title: its code, and what the county calls it; "" where no crew is sent.
        is_rehearsed: its present content was run over the past; only then it can be switched on.
    """

    id: int
    title: str
    categories: tuple[str, ...]
    places: tuple[str, ...]
    at: tuple[OrderPlace, ...]
    words: tuple[str, ...]
    unit: UnitName | None
    skill: str
    skill_title: str
    is_active: bool
    is_rehearsed: bool
    dry_run: DryRun | None
    version: int


def rules_of(viewer: Viewer) -> tuple[Rule, ...]:
    """The rules that the viewer may read, in their order. Cost: four queries."""
    rows = list(RoutingRule.objects.visible_to(viewer).order_by("order", "pk"))
    units = unit_names(viewer.county) if rows else {}
    skills = skill_titles(viewer.county) if rows else {}
    titles = {row.pk: row.title for row in rows}
    places = _places_of(rows)
    return tuple(_shaped(row, units, titles, places, skills) for row in rows)


def rule_get(viewer: Viewer, rule_id: int) -> Rule | None:
    """One of them. Cost: four queries."""
    return next((rule for rule in rules_of(viewer) if rule.id == rule_id), None)


def content_digest(rule: RoutingRule) -> str:
    """Changes with what the rule does, not with its title or its place in the list."""
    content = [sorted(rule.categories), sorted(rule.places), sorted(rule.words), rule.unit_id, rule.skill]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def is_rehearsed(rule: RoutingRule) -> bool:
    """Whether the last dry run was one of the present content."""
    return bool(rule.dry_run) and rule.dry_run.get("content") == content_digest(rule)


def unit_names(county: str) -> dict[int | None, str]:
    """The names of the county's units in the language that is spoken, by key. Cost: one query."""
    rows = Unit.objects.filter(county_id=county).values_list("pk", "name", "name_en")
    return {key: named(name, name_en) for key, name, name_en in rows}


def _places_of(rows: Sequence[RoutingRule]) -> dict[str, str]:
    codes = {code for row in rows for code in row.places}
    found = Place.objects.filter(pk__in=codes).values_list("pk", "name", "name_en") if codes else ()
    return {code: named(name, name_en) for code, name, name_en in found}


def _shaped(
    row: RoutingRule,
    units: Mapping[int | None, str],
    titles: Mapping[int, str],
    places: Mapping[str, str],
    skills: Mapping[str, str],
) -> Rule:
    return Rule(
        id=row.pk,
        title=row.title,
        categories=tuple(row.categories),
        places=tuple(row.places),
        at=tuple(OrderPlace(code, places.get(code, code)) for code in row.places),
        words=tuple(row.words),
        unit=UnitName(row.unit_id, units.get(row.unit_id, "")) if row.unit_id else None,
        skill=row.skill,
        skill_title=skills.get(row.skill, row.skill),
        is_active=row.is_active,
        is_rehearsed=is_rehearsed(row),
        dry_run=_figures(row.dry_run, units, titles) if row.dry_run else None,
        version=row.version,
    )


def _figures(kept: Mapping[str, Any], units: Mapping[int | None, str], titles: Mapping[int, str]) -> DryRun:
    """A kept dry run with the names of today."""

    def tallies(rows: list[list[Any]], names: Mapping[Any, str]) -> tuple[RuleTally, ...]:
        return tuple(RuleTally(key, names.get(key, ""), n) for key, n in rows)

    plain = {name: kept[name] for name in ("at", "orders", "fits", "takes", "finished", "same_unit", "no_unit")}
    return DryRun(
        **plain,
        since=kept.get("since", ""),
        earlier=tallies(kept["earlier"], titles),
        taken_from=tallies(kept["taken_from"], titles),
        other_units=tallies(kept["other_units"], units),
        examples=tuple(
            RuleExample(
                order=one["order"],
                title=one["title"],
                link=_link(one["source"], one["source_id"]),
                really=units.get(one["really"], ""),
                would=units.get(one["would"], ""),
                agrees=one["agrees"],
            )
            for one in kept["examples"]
        ),
    )


def _link(source: str, source_id: str) -> str:
    known = work_sources.get(source)
    return known.link(source_id) if known else ""


# ---------------------------------------------------------------- dry run


@dataclass(frozen=True, slots=True)
class _Past:
    """An order that was."""

    pk: int
    source: str
    source_id: str
    matter: Matter
    unit: int | None
    is_finished: bool
    began: dt.datetime


@dataclass(slots=True)
class _Sums:
    fits: int = 0
    takes: int = 0
    finished: int = 0
    same_unit: int = 0
    no_unit: int = 0
    earlier: Counter[int] = field(default_factory=Counter)
    taken_from: Counter[int | None] = field(default_factory=Counter)
    other_units: Counter[int | None] = field(default_factory=Counter)


def rule_rehearse(rule: RoutingRule) -> dict[str, Any]:
    """What the rule would have done, at its place among the rules in force; as ``RoutingRule.dry_run`` keeps it.

    An order comes to the unit of a crew: where the rule asks for one, any unit with such a crew is right.

    Cost: four queries, one of them over ``HISTORY`` orders; where a rule looks for words, one more of their sources for
    each ``AT_ONCE``.
    """
    others = [one for one in rules_in_force(rule.county_id) if one.pk != rule.pk]
    before = [one for one in others if (one.order, one.pk) < (rule.order, rule.pk)]
    after = [one for one in others if one not in before]
    towns = {code: unit.pk for code, unit in governments(rule.county_id).items()}
    crews = _units_with_crews(rule)
    sums, agree, differ = _Sums(), list[dict[str, Any]](), list[dict[str, Any]]()
    looked, since = 0, clock.now()
    asks_words = any(one.words for one in (rule, *others))
    for past in _past(rule.county_id, asks_words):
        looked, since = looked + 1, min(since, past.began)
        if not fits(rule, past.matter):
            continue
        sums.fits += 1
        if (taken := rule_for(before, past.matter)) is not None:
            sums.earlier[taken.pk] += 1
            continue
        later = rule_for(after, past.matter)
        sums.taken_from[later.pk if later else None] += 1
        would = crews or ({rule.unit_id} if rule.unit_id else {towns.get(past.matter.place[:9])})
        agrees = _judge(sums, past, would)
        kept = differ if agrees is False else agree
        if len(kept) < EXAMPLES:
            kept.append(_example(past, would, agrees))
    return {
        "content": content_digest(rule),
        "at": clock.now().isoformat(timespec="seconds"),
        "orders": looked,
        "since": day_of(since).isoformat() if looked else "",
        **{name: value for name, value in asdict(sums).items() if isinstance(value, int)},
        **{name: getattr(sums, name).most_common() for name in ("earlier", "taken_from", "other_units")},
        "examples": [*differ[: EXAMPLES // 2], *agree][:EXAMPLES],
    }


def _judge(sums: _Sums, past: _Past, would: set[int | None]) -> bool | None:
    """Count an order that the rule takes; whether it ended with the rule's unit."""
    sums.takes += 1
    sums.no_unit += would == {None}
    if not past.is_finished:
        return None
    sums.finished += 1
    if past.unit in would:
        sums.same_unit += 1
        return True
    sums.other_units[past.unit] += 1
    return False


def _example(past: _Past, would: set[int | None], agrees: bool | None) -> dict[str, Any]:
    said = past.unit if past.unit in would else next(iter(sorted(unit for unit in would if unit)), None)
    named_by = {"order": past.pk, "source": past.source, "source_id": past.source_id, "title": past.matter.title}
    return {**named_by, "really": past.unit, "would": said, "agrees": agrees}


def _units_with_crews(rule: RoutingRule) -> set[int | None]:
    if not rule.skill or rule.unit_id:
        return set()
    crews = Crew.objects.filter(county_id=rule.county_id, is_active=True, skills__contains=[rule.skill])
    return set(crews.values_list("unit_id", flat=True)) or {None}


def _past(county: str, asks_words: bool) -> Iterator[_Past]:
    """The county's leading orders, the newest first; with the words of what they were for where a rule asks."""
    known = ("pk", "source", "source_id", "category", "grid_id", "place_id", "title")
    columns = (*known, "lead_unit_id", "state", "started_at")
    rows = WorkOrder.objects.filter(county_id=county, parent=None).order_by("-pk").values_list(*columns)
    found = rows[:HISTORY].iterator(AT_ONCE)
    while part := list(islice(found, AT_ONCE)):
        said = _words_of([(row[1], row[2]) for row in part]) if asks_words else {}
        for pk, source, key, category, grid, village, title, unit, state, at in part:
            matter = Matter(category, grid or village or county, title, said.get((source, key), ""))
            yield _Past(pk, source, key, matter, unit, state == State.DONE, at)


def _words_of(things: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, key in things:
        by_source[source].append(key)
    return {(source, key): text for source, keys in by_source.items() for key, text in words_of(source, keys).items()}
