"""The query of a request as values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from devices.sta.entities import EntitySet, Relation
from devices.sta.errors import NotOffered
from devices.sta.lexer import SyntaxFaultError
from devices.sta.parser import Node, ordered, parsed
from devices.sta.sets import SETS
from kernel.errors import Invalid

TOP, MOST_TOP = 100, 1_000
MOST_SKIP = 10_000_000
DEEPEST = 3
"""Expansions in expansions."""

LONGEST = 8_000
"""Of an option, in characters."""

NAMES = ("$filter", "$expand", "$orderby", "$top", "$skip", "$count", "$select", "$resultFormat")

T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """How rows are chosen, sorted, cut and shown.

    Attributes:
        is_array: whether readings are shown as data arrays.
        order: expressions, and whether each is descending.
        select: names of properties and relations; none for all.
        given: the texts of this query, for the address of the next page.
    """

    over: EntitySet
    filter: Node | None = None
    order: tuple[tuple[Node, bool], ...] = ()
    top: int = TOP
    skip: int = 0
    count: bool = False
    is_array: bool = False
    select: frozenset[str] = frozenset()
    expand: Mapping[str, Options] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    def expansions(self) -> int:
        """How many there are, those in expansions included."""
        return sum(1 + inner.expansions() for inner in self.expand.values())

    def shows(self, name: str) -> bool:
        """Whether a property or relation is shown."""
        return not self.select or name in self.select


def options_of(over: EntitySet, given: Mapping[str, str], depth: int = 0) -> Options:
    """The options of a query over a set.

    Raises:
        Invalid: one is unknown, or cannot be read.
        NotOffered: one of the standard that is not here.
    """
    if unknown := [name for name in given if name not in NAMES]:
        raise Invalid(_("没有参数“%s”。") % unknown[0][:60], code="unknown_parameter", field=unknown[0][:60])
    return Options(
        over=over,
        filter=_read("$filter", given, parsed),
        order=tuple(_read("$orderby", given, ordered) or ()),
        top=min(_number("$top", given, TOP, 2**31), MOST_TOP),
        skip=_number("$skip", given, 0, MOST_SKIP),
        count=_count(given),
        is_array=_is_array(over, given, depth),
        select=_select(over, given.get("$select", "")),
        expand=_expand(over, given.get("$expand", ""), depth),
        given=given,
    )


def _read(name: str, given: Mapping[str, str], read: Callable[[str], T]) -> T | None:
    text = given.get(name, "").strip()
    try:
        return read(text) if text else None
    except SyntaxFaultError as error:
        said = _("%(option)s 第 %(at)d 个字符起读不懂：“%(what)s”。")
        what = {"option": name, "at": error.at + 1, "what": error.what[:60]}
        raise Invalid(said % what, code="bad_query", field=name) from error


def _number(name: str, given: Mapping[str, str], default: int, high: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= high):
        said = _("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % {"name": name, "low": 0, "high": high}
        raise Invalid(said, field=name)
    return int(text)


def _count(given: Mapping[str, str]) -> bool:
    text = given.get("$count", "").strip().lower()
    if text not in ("", "true", "false"):
        raise Invalid(_("“%(name)s”只能是：%(of)s。") % {"name": "$count", "of": "true、false"}, field="$count")
    return text == "true"


def _is_array(over: EntitySet, given: Mapping[str, str], depth: int) -> bool:
    text = given.get("$resultFormat", "").strip()
    if text not in ("", "dataArray") or (text and (over.name != "Observations" or depth or given.get("$expand"))):
        raise NotOffered(_("结果格式只有观测值的 dataArray，不带 $expand。"), field="$resultFormat")
    return bool(text)


def _select(over: EntitySet, text: str) -> frozenset[str]:
    names = {"id" if one in ("id", "@iot.id") else one for part in text.split(",") if (one := part.strip())}
    known = {"id", "@iot.selfLink", *over.properties, *over.relations}
    if unknown := names - known:
        raise Invalid(_("没有“%s”。") % min(unknown)[:60], code="bad_query", field="$select")
    return frozenset(names)


def _expand(over: EntitySet, text: str, depth: int) -> dict[str, Options]:
    found: dict[str, Options] = {}
    for part in split(text, ","):
        if depth == DEEPEST:
            raise Invalid(_("$expand 最多 %d 层。") % DEEPEST, code="bad_query", field="$expand")
        name, given = _expanded(part)
        relation = relation_of(over, name)
        if name in found:
            before = found[name].given
            deeper = ",".join(filter(None, (before.get("$expand"), given.get("$expand"))))
            given = {**before, **given, **({"$expand": deeper} if deeper else {})}
        found[name] = options_of(SETS[relation.target], given, depth + 1)
    return found


def _expanded(text: str) -> tuple[str, dict[str, str]]:
    """The relation, and the options in brackets behind it; ``A/B`` is ``A($expand=B)``."""
    head, bracket, inside = text.partition("(")
    head = head.strip()
    if bracket and not inside.endswith(")"):
        raise Invalid(_("$expand 的括号不成对。"), code="bad_query", field="$expand")
    name, slash, rest = head.partition("/")
    if slash:
        return name, {"$expand": f"{rest}{bracket}{inside}"}
    given = {}
    for option in split(inside[:-1], ";"):
        key, _equals, value = option.partition("=")
        given[key.strip()] = value
    return name, given


def relation_of(over: EntitySet, name: str) -> Relation:
    """The relation ``name`` of a set.

    Raises:
        Invalid: there is none.
    """
    relation = over.relations.get(name)
    if relation is None:
        raise Invalid(_("没有“%s”。") % name[:60], code="bad_query", field="$expand")
    return relation


def split(text: str, sign: str) -> Iterator[str]:
    """The parts between ``sign``, which stands for itself in brackets and quotes."""
    depth, is_quoted, begin = 0, False, 0
    for at, one in enumerate(text):
        if one == "'":
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (one == "(") - (one == ")")
            if one == sign and depth == 0:
                if text[begin:at].strip():
                    yield text[begin:at].strip()
                begin = at + 1
    if text[begin:].strip():
        yield text[begin:].strip()
