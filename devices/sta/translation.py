"""Trees of a query as expressions of the database."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.gdal.error import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Q,
    TimeField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Mod
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)
from django.utils.translation import gettext as _

from devices.sta.entities import EntitySet, Property
from devices.sta.errors import NotOffered
from devices.sta.functions import FUNCTIONS, ORDERS, TIMES, Term
from devices.sta.lexer import Interval, moment
from devices.sta.parser import Call, Literal, Node, Operation, Path
from devices.sta.sets import SETS
from kernel.errors import Invalid

ID = ("id", "@iot.id")
MOST_COORDINATES = 2_000
"""Of a geometry in a filter."""

MOST_STEPS = 6
"""Of a path: each is one more table."""

_COMPARISONS: Mapping[str, tuple[Any, str]] = {
    "eq": (Exact, "eq"),
    "ne": (Exact, "ne"),
    "gt": (GreaterThan, "lt"),
    "ge": (GreaterThanOrEqual, "le"),
    "lt": (LessThan, "gt"),
    "le": (LessThanOrEqual, "ge"),
}
"""Operator → lookup, and the operator with its sides exchanged."""

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "mod": lambda one, other: Mod(_real(one), _real(other)),
}
_FIELDS: Mapping[str, Any] = {
    "text": CharField,
    "time": DateTimeField,
    "date": DateField,
    "clock": TimeField,
    "duration": DurationField,
    "bool": BooleanField,
}


class Translator:
    """Expressions over the rows of one set.

    Attributes:
        leads_to_many: whether a path that was translated may find several rows for one.
    """

    def __init__(self, over: EntitySet, option: str) -> None:
        """Over which set, and of which query option errors speak."""
        self._over, self._option = over, option
        self.leads_to_many = False

    def condition(self, node: Node) -> Q:
        """A filter as a condition.

        Raises:
            Invalid: it is none, or compares what cannot be compared.
            NotOffered: it uses what is not here.
        """
        term = self._term(node)
        if term.kind != "bool":
            raise self._wrong(node, _("这里要一个条件"))
        return term.sql if isinstance(term.sql, Q) else Q(term.sql)

    def sort(self, node: Node) -> Any:
        """An expression that rows can be sorted by; None for the order of their set.

        Raises:
            Invalid: it has no single value for each row, or is a condition.
            NotOffered: it uses what is not here.
        """
        if isinstance(node, Path) and len(node.parts) == 1 and node.parts[0] in ID and self._over.key is None:
            return None
        term = self._term(node)
        if not _has_path(node) or self.leads_to_many or term.kind in ("bool", "null", "interval", "geo"):
            raise self._wrong(node, _("不能按它排序"))
        return term.sql

    def _term(self, node: Node) -> Term:
        if isinstance(node, Literal):
            return self._literal(node)
        if isinstance(node, Path):
            return self._path(node)
        if isinstance(node, Call):
            return self._call(node)
        if node.name == "not":
            return Term("bool", ~self.condition(node.args[0]))
        if node.name in ("and", "or"):
            one, other = map(self.condition, node.args)
            return Term("bool", one & other if node.name == "and" else one | other)
        return self._comparison(node) if node.name in _COMPARISONS else self._arithmetic(node)

    def _literal(self, node: Literal) -> Term:
        value = node.value
        if isinstance(value, Interval):
            start, end = (Value(one, DateTimeField()) for one in (value.start, value.end))
            return Term("interval", start, end)
        if node.kind == "geo":
            return Term("geo", Value(self._geometry(node), GeometryField(srid=4326)))
        if node.kind == "number":
            return Term("number", Value(value, IntegerField() if isinstance(value, int) else FloatField()))
        if node.kind == "null":
            return Term("null", Value(None))
        return Term(node.kind, Value(value, _FIELDS[node.kind]()))

    def _geometry(self, node: Literal) -> GEOSGeometry:
        try:
            found = GEOSGeometry(node.value.rpartition(";")[2], srid=4326)
        except (GEOSException, GDALException, ValueError) as error:
            raise self._wrong(node, _("不是 WKT 几何")) from error
        if found.num_coords > MOST_COORDINATES:
            raise self._wrong(node, _("几何的顶点太多"))
        return found

    def _walk(self, node: Path) -> tuple[EntitySet, str, list[str]]:
        """The set in which the property lies, the path of relations to it, and what is left of the path."""
        over, prefix, names = self._over, "", list(node.parts)
        if len(names) > MOST_STEPS:
            raise self._wrong(node, _("路径太长"))
        while names and (relation := over.relations.get(names[0])):
            if relation.way is None:
                raise NotOffered(_("筛选不能经过“%s”。") % names[0], field=self._option)
            self.leads_to_many |= relation.is_many and bool(relation.way)
            over, prefix = SETS[relation.target], prefix + relation.way
            names.pop(0)
        return over, prefix, names

    def _property(self, over: EntitySet, names: list[str], node: Path) -> Property:
        parts, found = over.properties, None
        for name in names:
            found = parts.get(name)
            if found is None:
                break
            parts = found.parts
        if found is None:
            raise self._wrong(node, _("没有“%s”") % "/".join(node.parts)[:60])
        return found

    def _path(self, node: Path) -> Term:
        over, prefix, names = self._walk(node)
        if len(names) == 1 and names[0] in ID:
            if over.key is None:
                raise NotOffered(_("这里的编号只能用 eq 和 ne 比较。"), field=self._option)
            return Term("number", over.key(prefix))
        found = self._property(over, names, node)
        if found.kind == "result":
            number, word = F(f"{prefix}value"), F(f"{prefix}text")
            return Term("result", number, text=Coalesce(word, Cast(number, CharField())))
        if found.made is None or not found.kind:
            raise NotOffered(_("不能按“%s”筛选或排序。") % "/".join(node.parts)[:60], field=self._option)
        return Term(found.kind, found.made(prefix), found.until and found.until(prefix))

    def _call(self, node: Call) -> Term:
        if node.name in TIMES:
            if len(node.args) != 2:
                raise self._wrong(node, _("“%s”的参数个数不对") % node.name)
            one, other = (self._time(arg) for arg in node.args)
            return Term("bool", TIMES[node.name](one, other))
        if node.name not in FUNCTIONS:
            raise NotOffered(_("没有函数“%s”。") % node.name[:40], field=self._option)
        kinds, gives, made = FUNCTIONS[node.name]
        wanted = kinds.split()
        needed = [kind for kind in wanted if not kind.endswith("?")]
        if not len(needed) <= len(node.args) <= len(wanted):
            raise self._wrong(node, _("“%s”的参数个数不对") % node.name)
        args = [self._as(arg, kind.rstrip("?")) for arg, kind in zip(node.args, wanted, strict=False)]
        return Term(gives, made(*args))

    def _time(self, node: Node) -> Term:
        term = self._term(node)
        return term if term.kind == "interval" else Term("time", self._as(node, "time"))

    def _as(self, node: Node, kind: str) -> Any:
        """The expression of ``node`` as a ``kind``; a result is a number or a text as it is needed."""
        term = self._term(node)
        if term.kind == "result" and kind in ("number", "text"):
            return term.sql if kind == "number" else term.text
        if kind == "time" and isinstance(node, Literal) and node.kind == "text":
            return self._quoted(node)
        if term.kind != kind:
            raise self._wrong(node, _("这里的类型不对"))
        if kind == "bool":  # in brackets of its own: PostgreSQL does not chain comparisons
            condition = ExpressionWrapper(term.sql, BooleanField()) if isinstance(term.sql, Q) else term.sql
            return Cast(condition, BooleanField())
        return term.sql

    def _quoted(self, node: Literal) -> Value:
        """A moment in quotes, as some clients write them."""
        try:
            return Value(moment(node.value), DateTimeField())
        except ValueError as error:
            raise self._wrong(node, _("这里要一个带时区的时间")) from error

    def _comparison(self, node: Operation) -> Term:
        left, right = node.args
        if isinstance(left, Literal) and not isinstance(right, Literal):
            return self._comparison(Operation(_COMPARISONS[node.name][1], (right, left), node.at))
        if (by_number := self._by_number(node)) is not None:
            return Term("bool", by_number)
        one, other = self._term(left), self._term(right)
        if other.kind == "null" and node.name in ("eq", "ne"):
            subject = one.text if one.kind == "result" else one.sql
            return Term("bool", Q(IsNull(subject, node.name == "eq")))
        if "interval" in (one.kind, other.kind) and node.name in ORDERS:
            return Term("bool", ORDERS[node.name](self._time(left), self._time(right)))
        kind = _common(one.kind, other.kind)
        subjects = [self._as(arg, kind) for arg in (left, right)]
        found = Q(_COMPARISONS[node.name][0](*subjects))
        return Term("bool", ~found if node.name == "ne" else found)

    def _by_number(self, node: Operation) -> Q | None:
        """A comparison with a number of an entity that the database does not keep; None for any other."""
        path, number = node.args
        if not (isinstance(path, Path) and path.parts[-1] in ID and node.name in ("eq", "ne")):
            return None
        over, prefix, names = self._walk(path)
        if len(names) != 1 or over.key is not None:
            return None
        if not (isinstance(number, Literal) and isinstance(number.value, int)):
            raise self._wrong(number, _("这里的类型不对"))
        condition = over.find(prefix, number.value)
        return ~condition if node.name == "ne" else condition

    def _arithmetic(self, node: Operation) -> Term:
        left, right = node.args
        kinds = [self._term(arg).kind for arg in node.args]
        if kinds[0] == "time" and kinds[1] == "duration" and node.name in ("add", "sub"):
            one, other = (self._term(arg).sql for arg in node.args)
            return Term("time", ExpressionWrapper(_ARITHMETIC[node.name](one, other), DateTimeField()))
        one, other = (_real(self._as(arg, "number")) for arg in (left, right))
        return Term("number", ExpressionWrapper(_ARITHMETIC[node.name](one, other), FloatField()))

    def _wrong(self, node: Node, what: str) -> Invalid:
        said = _("%(option)s 第 %(at)d 个字符：%(what)s。")
        given = {"option": self._option, "at": node.at + 1, "what": what}
        return Invalid(said % given, code="bad_query", field=self._option)


def _common(one: str, other: str) -> str:
    """As what two kinds are compared: a result as what it meets, two results as numbers; a quoted moment as time."""
    if one == "result":
        return "number" if other == "result" else other
    return other if other == "time" else one


def _has_path(node: Node) -> bool:
    """Whether anything in it differs by row; PostgreSQL takes a bare number in ORDER BY for a column's place."""
    return isinstance(node, Path) or (not isinstance(node, Literal) and any(map(_has_path, node.args)))


def _real(number: Any) -> Expression:
    return Cast(number, FloatField())
