"""The functions of filters (OGC 18-088, tables 23 and 24) as expressions of PostgreSQL and PostGIS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models import GeometryField
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
    Func,
    IntegerField,
    Q,
    TimeField,
    Value,
)
from django.db.models.functions import (
    Ceil,
    Concat,
    Floor,
    Length,
    Lower,
    Mod,
    Right,
    Round,
    StrIndex,
    Substr,
    Trim,
    Upper,
)
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from kernel import clock

Sql = Expression | F

JUST_AFTER = Value(dt.timedelta(microseconds=1), DurationField())
"""From a moment to the end of it: an interval does not contain its end."""


@dataclass(frozen=True, slots=True)
class Term:
    """Part of a filter.

    Attributes:
        kind: "bool", "number", "text", "time", "date", "clock", "duration", "interval", "geo", "result" or "null".
        sql: the expression; a condition where ``kind`` is "bool".
        end: of an interval, whose ``sql`` is its start.
        text: of a result, its text; ``sql`` is its number.
    """

    kind: str
    sql: Any
    end: Any = None
    text: Any = None


def _utc(part: str, output: Any) -> Callable[[Sql], Func]:
    template = part % "%(expressions)s AT TIME ZONE 'UTC'"
    return lambda moment: Func(moment, template=f"({template})", output_field=output)


def _extract(part: str) -> Callable[[Sql], Func]:
    return _utc(f"EXTRACT({part} FROM %s)::double precision", FloatField())


def _says(name: str) -> Callable[..., Any]:
    return lambda *args: Func(*args, function=name, output_field=BooleanField())


def _geodetic(name: str) -> Callable[..., Func]:
    """In metres on the spheroid."""

    def made(*args: Sql) -> Func:
        places = [Func(one, template="%(expressions)s::geography", output_field=GeometryField()) for one in args]
        return Func(*places, function=name, output_field=FloatField())

    return made


def _moment(text: str) -> Callable[[], Value]:
    return lambda: Value(dt.datetime.fromisoformat(text), DateTimeField())


def _substring(text: Sql, start: Sql, *length: Sql) -> Func:
    """OData counts from 0."""
    whole = (Func(one, template="%(expressions)s::integer", output_field=IntegerField()) for one in (start, *length))
    first, *rest = whole
    return Substr(text, first + 1, *rest)


FUNCTIONS: Mapping[str, tuple[str, str, Callable[..., Any]]] = {
    "substringof": ("text text", "bool", lambda part, whole: GreaterThan(StrIndex(whole, part), Value(0))),
    "contains": ("text text", "bool", lambda whole, part: GreaterThan(StrIndex(whole, part), Value(0))),
    "startswith": ("text text", "bool", _says("starts_with")),
    "endswith": ("text text", "bool", lambda whole, part: Exact(Right(whole, Length(part)), part)),
    "length": ("text", "number", Length),
    "indexof": ("text text", "number", lambda whole, part: StrIndex(whole, part) - Value(1)),
    "substring": ("text number number?", "text", _substring),
    "tolower": ("text", "text", Lower),
    "toupper": ("text", "text", Upper),
    "trim": ("text", "text", Trim),
    "concat": ("text text", "text", lambda *parts: Concat(*parts, output_field=CharField())),
    "year": ("time", "number", _extract("year")),
    "month": ("time", "number", _extract("month")),
    "day": ("time", "number", _extract("day")),
    "hour": ("time", "number", _extract("hour")),
    "minute": ("time", "number", _extract("minute")),
    "second": ("time", "number", lambda moment: Floor(_extract("second")(moment))),
    "fractionalseconds": ("time", "number", lambda moment: Mod(_extract("second")(moment), Value(1.0))),
    "date": ("time", "date", _utc("(%s)::date", DateField())),
    "time": ("time", "clock", _utc("(%s)::time", TimeField())),
    "totaloffsetminutes": ("time", "number", _utc("0 * EXTRACT(hour FROM %s)", FloatField())),
    "now": ("", "time", lambda: Value(clock.now(), DateTimeField())),
    "mindatetime": ("", "time", _moment("0001-01-01T00:00:00+00:00")),
    "maxdatetime": ("", "time", _moment("9999-12-31T23:59:59+00:00")),
    "round": ("number", "number", Round),
    "floor": ("number", "number", Floor),
    "ceiling": ("number", "number", Ceil),
    "geo.intersects": ("geo geo", "bool", _says("ST_Intersects")),
    "geo.distance": ("geo geo", "number", _geodetic("ST_Distance")),
    "geo.length": ("geo", "number", _geodetic("ST_Length")),
    **{
        f"st_{name}": ("geo geo", "bool", _says(f"ST_{name}"))
        for name in ("equals", "disjoint", "touches", "within", "overlaps", "crosses", "intersects", "contains")
    },
    "st_relate": ("geo geo text", "bool", _says("ST_Relate")),
}
"""Name → kinds of what it takes ("?": may be left out), kind of what it gives, and how it is made."""


def _before(one: Term, other: Term) -> Q:
    strict = LessThan(_end(one), other.sql) if one.end is None else ~Q(GreaterThan(one.end, other.sql))
    return Q(strict)


def _end(one: Term) -> Any:
    return one.sql if one.end is None else one.end


def _meets(one: Term, other: Term) -> Q:
    return Q(Exact(_end(one), other.sql)) | Q(Exact(_end(other), one.sql))


def _during(one: Term, other: Term) -> Q:
    """An interval does not contain its end, so that what follows it is not during both."""
    inside = Q(GreaterThanOrEqual(one.sql, other.sql))
    if one.end is None and other.end is not None:
        return inside & Q(LessThan(one.sql, other.end))
    return inside & ~Q(GreaterThan(_end(one), _end(other)))


def _overlaps(one: Term, other: Term) -> Q:
    return ~_before(one, other) & ~_before(other, one)


TIMES: Mapping[str, Callable[[Term, Term], Q]] = {
    "before": _before,
    "after": lambda one, other: _before(other, one),
    "meets": _meets,
    "during": _during,
    "overlaps": _overlaps,
    "starts": lambda one, other: Q(Exact(one.sql, other.sql)),
    "finishes": lambda one, other: Q(Exact(_end(one), _end(other))),
}
"""Functions of two times, each a moment or an interval."""


def _stop(one: Term) -> Any:
    """The end that is no longer part of it."""
    return ExpressionWrapper(one.sql + JUST_AFTER, DateTimeField()) if one.end is None else one.end


ORDERS: Mapping[str, Callable[[Term, Term], Q]] = {
    "lt": TIMES["before"],
    "gt": TIMES["after"],
    "le": lambda one, other: Q(LessThanOrEqual(_stop(one), _stop(other))),
    "ge": lambda one, other: Q(GreaterThanOrEqual(one.sql, other.sql)),
}
"""Comparisons of two times of which one is an interval: that it ends no later, begins no earlier."""
