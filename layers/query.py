"""What is asked of a layer: a box, filters, a page. Text from outside becomes typed values here, or an error."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Field as ModelField
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Invalid
from kernel.geo import Bbox
from kernel.layerspec import Field, FieldType, LayerSpec
from kernel.viewer import Viewer

LIMIT_DEFAULT, LIMIT_MOST = 1000, 10_000
"""Features of one answer; the specification of the address."""

VALUES_MOST = 100
"""Values of one filter: more than any legend has lines."""

BIGINT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose ``field`` equals one of ``values``."""

    field: Field
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment to another, both included; None where it is open. Aware, at least one of the two is there."""

    first: dt.datetime | None
    last: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked.

    Attributes:
        bbox: only rows whose box touches it; west, south, east, north, EPSG:4326.
        period: only rows whose time touches it; of a layer without a time none may be asked.
        is_worst_first: whether the rows come in the order of the legend; of a layer with ``worst_first`` alone.
        after: primary key of the last row of the page before.
        after_rank: with ``is_worst_first``, how many lines of the legend stand before that row's.
    """

    bbox: Bbox | None = None
    filters: tuple[Filter, ...] = ()
    period: Period | None = None
    limit: int = LIMIT_DEFAULT
    is_worst_first: bool = False
    after: Any = None
    after_rank: int = 0


def _boolean(text: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def _integer(text: str) -> int:
    value = int(text) if text.isascii() else None
    if value is None or abs(value) > BIGINT:
        raise ValueError(text)
    return value


def _number(text: str) -> float:
    value = float(text) if text.isascii() else math.nan
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _string(text: str) -> str:
    if "\x00" in text:  # PostgreSQL has no such character
        raise ValueError(text)
    return text


def _datetime(text: str) -> dt.datetime:
    value = parse_datetime(text)
    if value is None:
        raise ValueError(text)
    return value if value.tzinfo else value.replace(tzinfo=clock.ZONE)


_READERS: dict[FieldType, Callable[[str], Any]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": dt.date.fromisoformat,
    "datetime": _datetime,
}


def filterable(spec: LayerSpec, viewer: Viewer) -> tuple[Field, ...]:
    """The fields of ``spec`` by which this viewer may select."""
    return tuple(field for field in spec.fields_for(viewer) if field.filter)


def read_filters(spec: LayerSpec, viewer: Viewer, given: Mapping[str, str]) -> tuple[Filter, ...]:
    """Filters written as ``name=value`` or ``name=one,other``; an empty value selects nothing away.

    Raises:
        Invalid: a value that is not of the field's type, or too many of them.
    """
    wanted = ((field, given.get(field.name, "").strip()) for field in filterable(spec, viewer))
    return tuple(Filter(field, _values(field, text)) for field, text in wanted if text)


def _values(field: Field, text: str) -> tuple[Any, ...]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > VALUES_MOST:
        raise Invalid(_("“%(name)s”最多 %(n)d 个值。") % {"name": field.name, "n": VALUES_MOST}, field=field.name)
    try:
        return tuple(_READERS[field.type](part) for part in parts)
    except (ValueError, OverflowError):
        raise Invalid(_("“%s”的值写法不对。") % field.name, code="malformed_filter", field=field.name) from None


_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?", re.ASCII | re.IGNORECASE
)
_OPEN = frozenset({"", ".."})


def read_period(text: str) -> Period | None:
    """A date or moment, or two of them as an interval; None for no text.

    A date is the whole day in the county's time zone. Source: parameter ``datetime`` of OGC API - Features - Part 1
    (17-069r4), 7.15.4; date and date-time are those of RFC 3339, 5.6.

    Raises:
        Invalid: it is not written so, names a day that does not exist, or ends before it begins.
    """
    if not text:
        return None
    ends = text.split("/")
    if len(ends) > 2 or all(end in _OPEN for end in ends):
        raise _malformed_period()
    first = None if ends[0] in _OPEN else _moment(ends[0], dt.time.min)
    last = None if ends[-1] in _OPEN else _moment(ends[-1], dt.time.max)
    if first and last and first > last:
        raise Invalid(_("时段的开始晚于结束。"), code="datetime_out_of_order", field="datetime")
    return Period(first, last)


def _moment(text: str, of_day: dt.time) -> dt.datetime:
    """A moment; of a date the time ``of_day``."""
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        if len(text) == len("2026-06-30"):
            return dt.datetime.combine(dt.date.fromisoformat(text), of_day, clock.ZONE)
        return dt.datetime.fromisoformat(text.upper()).astimezone(clock.ZONE)
    except (ValueError, OverflowError):
        raise _malformed_period() from None


def _malformed_period() -> Invalid:
    hint = _("例如 2026-01-01/2026-06-30、../2026-06-30、2026-01-01/..、2026-06-30。")
    return Invalid(_("时段的写法不对。"), code="malformed_datetime", field="datetime", hint=hint)


def write_cursor(last: str) -> str:
    """The opaque form of where a page ended, for the link to the next one."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def read_cursor(spec: LayerSpec, text: str, *, is_worst_first: bool = False) -> tuple[Any, int]:
    """Primary key of the last row of a page, and its rank where the pages come worst first (else 0).

    Raises:
        Invalid: it was not made by ``write_cursor`` for this layer and order.
    """
    try:
        inner = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        rank, _blank, pk = inner.partition(" ") if is_worst_first else ("0", "", inner)
        if not (rank.isascii() and rank.isdigit() and len(rank) <= 4):
            raise ValueError(text)
        return read_pk(spec, pk), int(rank)
    except (binascii.Error, ValueError):
        raise Invalid(_("翻页标记已失效，请从第一页开始。"), code="malformed_cursor", field="cursor") from None


def read_pk(spec: LayerSpec, text: str) -> Any:
    """The primary key that ``text`` stands for.

    Raises:
        ValueError: it can't be one.
    """
    column: ModelField[Any, Any] = apps.get_model(spec.source)._meta.pk
    if not text or len(text) > 64 or not text.isprintable() or not text.isascii():
        raise ValueError(text)
    try:
        value = column.to_python(text)
    except ValidationError:
        raise ValueError(text) from None
    if isinstance(value, int) and abs(value) > BIGINT:
        raise ValueError(text)
    return value
