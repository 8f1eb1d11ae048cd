"""From a LayerSpec and a Viewer to the viewer's own rows in SQL. Every face of a layer starts here.

Rights by rows and by fields meet in this module and nowhere else: the rows are those of ``LayerSpec.rows(viewer)``, and
a private field is ``CASE WHEN own THEN field END`` in the same statement. A field right by role alone would show the
private fields of rows that belong to somebody else.

The viewer's rows become a subquery with the columns ``_pk``, ``_geom``, ``_f0`` … and, where asked, ``_code``. Box,
filters and pages are conditions on these columns, which PostgreSQL carries into the subquery. So a filter compares what
is shown and never what is stored, and the subquery can be kept: Django needs 3 ms to write it, ten times as long as the
server to read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db.models import AutoField, Case, F, Func, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import NotFound
from kernel.layerspec import Field, LayerSpec
from kernel.viewer import Viewer
from layers.query import Period, Query
from layers.statements import quote

DIGITS = 6
"""Decimals of a degree in answers: 0.1 m."""

PK, GEOM, CODE = "_pk", "_geom", "_code"

KEPT_STATEMENTS = 1024
"""Of layers, viewers and forms. One is some kilobytes of text."""

_AS_JSON = {
    "datetime": """to_char({0} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')""",
}
_AS_TILE_VALUE = {
    # A vector tile knows numbers, booleans and strings (Vector Tile Specification 2.1, 4.4).
    "integer": "{0}::bigint",
    "number": "{0}::double precision",
    "boolean": "{0}",
    "datetime": _AS_JSON["datetime"],
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The viewer's rows of a layer as a subquery.

    Attributes:
        sql: a SELECT with the columns ``_pk``, ``_geom`` (EPSG:4326), one per field, and ``_code`` where asked.
        fields: the fields; the n-th is column ``_fn``. Aliases are not the fields' names, because Django refuses an
            alias that equals a field of the model.
        time: those of the fields that a period is compared with.
    """

    sql: str
    params: tuple[Any, ...]
    fields: tuple[Field, ...]
    time: tuple[Field, ...] = ()

    def column(self, field: Field) -> str:
        """The column of a field."""
        return f"_f{self.fields.index(field)}"

    def as_json(self) -> str:
        """The select list that names the columns of ``q`` as ``row_to_json`` shall."""
        return self._list(_AS_JSON, "{0}")

    def as_tile(self) -> str:
        """The select list that names the columns of ``q`` as values of a vector tile."""
        return self._list(_AS_TILE_VALUE, "{0}::text")

    def _list(self, casts: Mapping[str, str], otherwise: str) -> str:
        shown = (
            f"{casts.get(field.type, otherwise).format(f'q.{self.column(field)}')} AS {quote(field.name)}"
            for field in self.fields
        )
        return ", ".join(shown)


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions on the columns of ``q``, with their values."""

    sql: str
    params: tuple[Any, ...]


class Itself:
    """A declaration as a key: equal to itself only (comparing two declarations field by field would cost more)."""

    __slots__ = ("spec",)

    def __init__(self, spec: LayerSpec) -> None:
        """Make the key of ``spec``."""
        self.spec = spec

    def __hash__(self) -> int:
        """Of the object, not of what is in it."""
        return id(self.spec)

    def __eq__(self, other: object) -> bool:
        """Whether it is the key of the same declaration."""
        return isinstance(other, Itself) and other.spec is self.spec


def visible(spec: LayerSpec, viewer: Viewer) -> QuerySet[Any]:
    """The rows of ``spec`` that exist for ``viewer``.

    Raises:
        NotFound: the whole layer does not exist for the viewer.
    """
    if not viewer.may(spec.audience):
        raise no_layer()
    return spec.rows(viewer)


def no_layer() -> NotFound:
    """The same answer for a layer that is not there and for one that the viewer may not know of."""
    return NotFound(_("没有这个图层。"), code="unknown_layer")


def shown(spec: LayerSpec, viewer: Viewer, field: Field) -> Any:
    """The value of ``field`` as an ORM expression: NULL on the rows where it is private and not the viewer's own."""
    if not field.private:
        return F(field.path)
    if spec.own is None:  # refused by a system check; a mistake must hide, not show
        return Value(None, output_field=TextField())
    # Django refuses When(Q()): "everything is own" has to be said as a condition.
    own = spec.own(viewer) or Q(pk__isnull=False)
    return Case(When(own, then=F(field.path)))


def field_named(spec: LayerSpec, viewer: Viewer, name: str) -> Field | None:
    """The field of that name, if it exists for the viewer."""
    return next((field for field in spec.fields_for(viewer) if field.name == name), None)


def time_fields(spec: LayerSpec) -> tuple[Field, ...]:
    """The fields of the time filter: none, an instant, or begin and end."""
    by_name = {field.name: field for field in spec.fields}
    return tuple(by_name[name] for name in spec.time)


def model_of(spec: LayerSpec) -> type[Model]:
    """The model whose rows the layer shows."""
    return apps.get_model(spec.source)


def has_integer_key(spec: LayerSpec) -> bool:
    """Whether features of the layer have numbers as ids (places have codes: texts of digits)."""
    return isinstance(model_of(spec)._meta.pk, AutoField | IntegerField)


def rows(
    spec: LayerSpec, viewer: Viewer, fields: tuple[Field, ...], query: Query, *, with_code: bool = False
) -> Rows | None:
    """The viewer's rows with ``fields`` and those that ``query`` selects by; None when there can be none.

    The statement is kept for a minute: ``rows`` and ``own`` of a declaration are functions of the viewer, the language
    and the time.

    Args:
        spec: the layer.
        viewer: who looks.
        fields: what is shown, out of ``spec.fields_for(viewer)``.
        query: its filters and its period may need further columns.
        with_code: whether the place code of the rows is needed.

    Raises:
        NotFound: the whole layer does not exist for the viewer.
    """
    if not viewer.may(spec.audience):
        raise no_layer()
    filtered = tuple(wanted.field for wanted in query.filters)
    needed = tuple(dict.fromkeys((*fields, *filtered, *(time_fields(spec) if query.period else ()))))
    minute = int(clock.now().timestamp()) // 60
    # Names, not fields: to hash a field would translate its title.
    names = tuple(field.name for field in needed)
    kept = _compiled(Itself(spec), viewer, names, with_code, get_language() or "", minute)
    return None if kept is None else Rows(kept.sql, kept.params, needed, time_fields(spec) if query.period else ())


@lru_cache(maxsize=KEPT_STATEMENTS)
def _compiled(
    itself: Itself, viewer: Viewer, names: tuple[str, ...], with_code: bool, language: str, minute: int
) -> Where | None:
    spec = itself.spec
    by_name = {field.name: field for field in spec.fields_for(viewer)}
    columns: dict[str, Any] = {PK: F("pk"), GEOM: plain(spec.geom)}
    if with_code:
        columns[CODE] = F(spec.area)
    columns |= {f"_f{at}": shown(spec, viewer, by_name[name]) for at, name in enumerate(names)}
    try:
        sql, params = visible(spec, viewer).order_by().values(**columns).query.sql_with_params()
    except EmptyResultSet:
        return None
    return Where(sql, tuple(params))


def plain(path: str) -> Func:
    """The geometry itself (Django would add a cast to bytes to it)."""
    return Func(F(path), template="%(expressions)s", output_field=TextField())


def where(found: Rows, query: Query) -> Where:
    """Box, filters and period as conditions on the columns of ``q``.

    The box is compared with the boxes of the geometries (``&&``), which their index answers.
    """
    parts: list[str] = ["true"]
    params: list[Any] = []
    if query.bbox is not None:
        parts.append(f"q.{GEOM} && ST_MakeEnvelope(%s, %s, %s, %s, 4326)")
        params += query.bbox
    for wanted in query.filters:
        # A text may stand for a column of another type (a number that is a code): no text is an error then.
        cast = "::text" if wanted.field.type == "string" else ""
        parts.append(f"q.{found.column(wanted.field)}{cast} IN %s")
        params.append(wanted.values)
    if query.period is not None:
        for sql, value in _touches(found, query.period):
            parts.append(sql)
            params.append(value)
    return Where(" AND ".join(parts), tuple(params))


def _touches(found: Rows, period: Period) -> Iterator[tuple[str, Any]]:
    """That the time of a row and the period have a moment in common.

    A row without an end goes on; one without any time always counts (OGC API - Features, 7.15.4: resources that are
    not associated with a temporal geometry match).
    """
    begin, end = found.time[0], found.time[-1]
    if period.last is not None:
        column = f"q.{found.column(begin)}"
        yield f"({column} IS NULL OR {column} <= %s)", _comparable(begin, period.last)
    if period.first is not None:
        column = f"q.{found.column(end)}"
        yield f"({column} IS NULL OR {column} >= %s)", _comparable(end, period.first)


def _comparable(field: Field, moment: dt.datetime) -> dt.date:
    """The moment itself, or its day in the county's time zone where the field is a date."""
    return moment.date() if field.type == "date" else moment
