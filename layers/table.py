"""The viewer's rows of a layer as a table of typed values, for files that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kernel.errors import Invalid
from kernel.layerspec import Field, LayerSpec
from kernel.viewer import Viewer
from layers.compiler import CODE, GEOM, PK, rows, where
from layers.query import Query
from layers.statements import Statement


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by primary key.

    Attributes:
        fields: what the columns are.
        rows: primary key, geometry as WKB (EPSG:4326; None where there is none), then one value per field as
            PostgreSQL types it.
    """

    fields: tuple[Field, ...]
    rows: list[tuple[Any, ...]]


def table_statement(spec: LayerSpec, viewer: Viewer, query: Query, place: str = "") -> Statement | None:
    """The rows asked for, without a limit; None when there can be none.

    Args:
        spec: the layer.
        viewer: who looks.
        query: box and filters; its page is not used.
        place: only rows whose place code starts with it.

    Raises:
        Invalid: a place is given, but the rows of the layer belong to none.
    """
    if place and not spec.area:
        raise Invalid(_("图层“%s”不属于乡镇或村，不能按地方导出。") % spec.key, code="not_counted", field="place")
    fields = spec.fields_for(viewer)
    found = rows(spec, viewer, fields, query, with_code=bool(place))
    if found is None:
        return None
    wanted = where(found, query)
    inside, params = ("", ()) if not place else (f" AND left(q.{CODE}::text, %s) = %s", (len(place), place))
    values = "".join(f", q.{found.column(field)}" for field in fields)
    sql = (
        f"SELECT q.{PK}, ST_AsBinary(q.{GEOM}){values} FROM ({found.sql}) q WHERE {wanted.sql}{inside} ORDER BY q.{PK}"
    )
    return Statement(sql, (*found.params, *wanted.params, *params))


def table(spec: LayerSpec, viewer: Viewer, query: Query, place: str = "") -> Table:
    """The rows asked for.

    Cost: one query, none when the viewer can have no row; all rows are held in memory.

    Raises:
        NotFound: the layer does not exist for the viewer.
        Invalid: as ``table_statement``.
    """
    statement = table_statement(spec, viewer, query, place)
    return Table(spec.fields_for(viewer), statement.rows() if statement else [])


def tables(spec: LayerSpec, viewer: Viewer, query: Query, place: str = "", size: int = 2000) -> Iterator[Table]:
    """The rows asked for, ``size`` at a time, the first portion even without rows; inside a transaction.

    Cost and errors: as ``table``, but no more than a portion is held.
    """
    fields, statement = spec.fields_for(viewer), table_statement(spec, viewer, query, place)
    portions = statement.portions(size) if statement else iter(())
    yield Table(fields, next(portions, []))
    for some in portions:
        yield Table(fields, some)
