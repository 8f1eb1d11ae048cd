"""Which of the county's rules fits an order, and what people are told about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Unit
from dispatch.models import RoutingRule, Skill, WorkOrder
from dispatch.selectors.nearest import CrewSearch, Reach
from kernel.language import named
from kernel.work import work_sources
from places.models import Place

Sentence = Callable[[], str]
"""Says itself in the language that is spoken when it is asked."""

Why = dict[str, Any]
"""``{"zh": [sentences], "en": [sentences], "compared": [{crew, name, metres, by_road}]}``."""

_LANGUAGES = {"zh": "zh-hans", "en": "en"}

COMPARED = 5
"""Crews that a decision lists: enough to see why not the next one."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What rules ask of an order.

    Attributes:
        category: in the terms of its source.
        place: code of the grid, else of the village, else of the county: whatever lies around it is its beginning.
        words: what its source has to say of it, in full; "" where no rule asks for words.
        source: key of where it came from.
    """

    category: str
    place: str
    title: str
    words: str = ""
    source: str = ""


def matter_of(order: WorkOrder, rules: Iterable[RoutingRule]) -> Matter:
    """An order as these rules see it. Cost: the source's one query for its words, where a rule asks for some."""
    said = words_of(order.source, [order.source_id]) if any(rule.words for rule in rules) else {}
    place = order.grid_id or order.place_id or order.county_id
    return Matter(order.category, place, order.title, said.get(order.source_id, ""), order.source)


def words_of(source: str, keys: Sequence[str]) -> Mapping[str, str]:
    """The whole words of what orders are for, by the source's own keys; nothing of a source without."""
    known = work_sources.get(source)
    return known.words(keys) if known and known.words else {}


def fits(rule: RoutingRule, matter: Matter) -> bool:
    """Whether the rule speaks of such a matter: one of its categories, one of its places, one of its words."""
    return (
        (not rule.categories or matter.category in rule.categories)
        and (not rule.places or matter.place.startswith(tuple(rule.places)))
        and (not rule.words or _word_in(rule.words, matter) != "")
    )


def _word_in(words: Iterable[str], matter: Matter) -> str:
    text = f"{matter.title}\n{matter.words}".casefold()
    return next((word for word in words if word.casefold() in text), "")


def rules_in_force(county: str) -> list[RoutingRule]:
    """The rules that decide, in their order. Cost: one query."""
    rows = RoutingRule.objects.filter(county_id=county, is_active=True).select_related("unit")
    return list(rows.order_by("order", "pk"))


def rule_for(rules: Iterable[RoutingRule], matter: Matter) -> RoutingRule | None:
    """The first that fits."""
    return next((rule for rule in rules if fits(rule, matter)), None)


def governments(county: str) -> dict[str, Unit]:
    """The government of each township: its unit in use with the lowest code. Cost: one query."""
    rows = Unit.objects.filter(county_id=county, is_active=True, place__level="township").order_by("-code")
    return {unit.place_id: unit for unit in rows if unit.place_id}


def government_of(order: WorkOrder) -> Unit | None:
    """The government of the township that holds the order; None outside of every village. Cost: one query."""
    code = order.place_id or order.grid_id
    return governments(order.county_id).get(code[:9]) if code else None


# ---------------------------------------------------------------- sentences


def told(sentences: Iterable[Sentence], ways: Iterable[Reach] = ()) -> Why:
    """The reasons in both languages: a decision is kept as it was made, whoever reads it."""
    said: Why = {}
    kept = list(sentences)
    for key, language in _LANGUAGES.items():
        with translation.override(language):
            said[key] = [sentence() for sentence in kept]
    compared = list(ways)[:COMPARED]
    if compared:
        said["compared"] = [
            {"crew": w.crew.pk, "name": w.crew.name, "metres": round(w.metres), "by_road": w.by_road} for w in compared
        ]
    return said


def rule_said(rule: RoutingRule, matter: Matter) -> Sentence:
    """Which rule fits, and by what. Cost: one query where the rule names places, the source's one for each language
    where it names categories.
    """
    inside = next((code for code in rule.places if matter.place.startswith(code)), "")
    place = Place.objects.filter(pk=inside).first() if inside else None
    source = work_sources.get(matter.source)

    def category() -> str:
        names = source.categories(rule.county_id) if source and source.categories else {}
        return names.get(matter.category, matter.category)

    def which() -> str:
        return _("规则“%(title)s”适用：%(by)s。") % {"title": rule.title, "by": _("，").join(by())}

    def by() -> list[str]:
        parts = [_("类别是 %s") % category()] if rule.categories else []
        if inside:
            parts.append(_("地点在%s") % (named(place.name, place.name_en) if place else inside))
        if rule.words:
            parts.append(_("内容里有“%s”") % _word_in(rule.words, matter))
        return parts or [_("它适用于所有事项")]

    return which


def unit_said(unit: Unit | None, is_government: bool) -> Sentence:
    """Which unit gets the order."""

    def which() -> str:
        if unit is None:
            return _("地点不在任何乡镇内，或者那里没有登记政府单位，要由人来交办。")
        name = named(unit.name, unit.name_en)
        return (_("由当地政府办理：%s。") if is_government else _("交给%s办理。")) % name

    return which


def crews_said(search: CrewSearch, rule: RoutingRule) -> list[Sentence]:
    """How many crews there are, and why it is this one; or that there is none. Cost: one query."""
    skill = Skill.objects.filter(county_id=rule.county_id, code=rule.skill).first()

    def how_many() -> str:
        return _("会“%(skill)s”的班组有 %(all)d 个，当班 %(on)d 个，其中有空 %(free)d 个。") % {
            "skill": named(skill.title, skill.title_en) if skill else rule.skill,
            "all": search.skilled,
            "on": search.on_shift,
            "free": search.free,
        }

    def which() -> str:
        if not search.ways:
            return _("现在没有空闲的班组，已提醒班组单位、派单人员和督查；有班组空出来就自动派单。")
        first = search.ways[0]
        said = {"crew": named(first.crew.name, first.crew.name_en), "far": distance(first.metres)}
        if first.by_road:
            return _("沿道路最近的是%(crew)s，距离 %(far)s。") % said
        return _("没有道路通到那里，按直线距离比较：最近的是%(crew)s，%(far)s。") % said

    def busy() -> str:
        first = search.busy[0]
        said = {"crew": named(first.crew.name, first.crew.name_en), "far": distance(first.metres)}
        if first.by_road:
            return _("当班的都在忙，沿道路最近的是%(crew)s，距离 %(far)s。") % said
        return _("当班的都在忙；没有道路通到那里，按直线距离最近的是%(crew)s，%(far)s。") % said

    return [how_many, *([busy] if search.busy else []), which]


def distance(metres: float) -> str:
    """A distance as people say it."""
    return _("%d 米") % round(metres, -1) if metres < 1000 else _("%.1f 公里") % (metres / 1000)
