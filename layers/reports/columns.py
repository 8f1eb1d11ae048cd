"""Rows as GDAL takes them: geometries of one type, and typed columns with what of them is missing."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import geopandas
import numpy
import pyogrio
import shapely

from kernel.layerspec import Field, FieldType
from layers.reports.crs import CGCS2000
from layers.table import Table

GDAL_UTC = 100
"""How GDAL writes the time zone of a moment that is in UTC (OGRFieldType.OFTDateTime)."""

_FAMILIES: dict[frozenset[str], Callable[[Any], Any]] = {
    frozenset({"Point", "MultiPoint"}): lambda one: shapely.multipoints([one]),
    frozenset({"LineString", "MultiLineString"}): lambda one: shapely.multilinestrings([one]),
    frozenset({"Polygon", "MultiPolygon"}): lambda one: shapely.multipolygons([one]),
}
_EMPTY = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}

_DTYPES: dict[FieldType, str] = {
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "date": "datetime64[D]",
    "datetime": "datetime64[ms]",
}
_FILLERS: dict[FieldType, Any] = {"integer": 0, "number": 0.0, "boolean": False}


class Titled(Protocol):
    """What a file says of all its rows; a ``LayerSpec`` does."""

    @property
    def key(self) -> str:
        """Name of the layer in the file."""
        ...

    @property
    def title(self) -> Any:
        """What people read."""
        ...

    @property
    def geometry(self) -> str:
        """Kind of geometry, for a file without rows: a key of ``_EMPTY``."""
        ...


@dataclass(frozen=True, eq=False)
class Columns:
    """Rows of a table, column by column.

    Attributes:
        wkb: geometries, (n,) bytes or None.
        kind: of them all, as GDAL calls it.
        values: "id", then those of the fields.
        masks: True where a value is missing; None where its type says it itself.
    """

    wkb: Any
    kind: str
    values: list[Any]
    masks: list[Any]


def columns_of(table: Table, geometry: str, epsg: int) -> Columns:
    """The rows in a coordinate system.

    Stored degrees are taken as CGCS2000 without a shift, as docs/adr/0003 decides, so that a zone is a projection only.

    Args:
        table: the viewer's rows.
        geometry: kind of geometry where there are no rows.
        epsg: 4326, 4490 or a zone.
    """
    stored = epsg if epsg == 4326 else CGCS2000
    shapes = geopandas.GeoSeries.from_wkb([None if row[1] is None else bytes(row[1]) for row in table.rows], crs=stored)
    geometries, kind = _one_kind(shapes.to_crs(epsg), geometry)
    values, masks = [_texts([row[0] for row in table.rows])], [None]
    for at, field in enumerate(table.fields, start=2):
        column, mask = _column(field, [row[at] for row in table.rows])
        values.append(column)
        masks.append(mask)
    return Columns(geometries.to_wkb().to_numpy(dtype=object), kind, values, masks)


@contextmanager
def refusals_of_the_disk() -> Iterator[None]:
    """GDAL and SQLite name a full disk in errors of their own: give them on as the OSError that writers know."""
    try:
        yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.OperationalError) as error:
        raise OSError(str(error)) from error


def _one_kind(shapes: geopandas.GeoSeries, geometry: str) -> tuple[geopandas.GeoSeries, str]:
    """All geometries as one type where they are of one family, else as they are in a layer of any type."""
    kinds = frozenset(shapes.geom_type.dropna())
    if len(kinds) <= 1:
        return shapes, next(iter(kinds), _EMPTY[geometry])
    for family, to_multi in _FAMILIES.items():
        if kinds == family:
            several = [one if one is None or one.geom_type.startswith("Multi") else to_multi(one) for one in shapes]
            return geopandas.GeoSeries(several, crs=shapes.crs), next(kind for kind in family if kind[:5] == "Multi")
    return shapes, "Unknown"


def _column(field: Field, values: Sequence[Any]) -> tuple[Any, Any]:
    """The values of a field as an array of its type, and which of them are missing (None where the type says it)."""
    dtype = _DTYPES.get(field.type)
    if dtype is None:
        return _texts(values), None
    missing = numpy.array([value is None for value in values], dtype=bool)
    if field.type in _FILLERS:
        filled = [_FILLERS[field.type] if value is None else value for value in values]
        return numpy.array(filled, dtype=dtype), missing
    moments = [_utc(value) if isinstance(value, dt.datetime) else value for value in values]
    return numpy.array(moments, dtype=dtype), missing


def _utc(value: dt.datetime) -> dt.datetime:
    return value.astimezone(dt.UTC).replace(tzinfo=None)


def _texts(values: Sequence[Any]) -> Any:
    shown = [value if value is None or isinstance(value, str) else _text(value) for value in values]
    return numpy.array(shown, dtype=object)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def titled(field: Field) -> str:
    """Its title with its unit."""
    return f"{field.title}（{field.unit}）" if field.unit else str(field.title)
