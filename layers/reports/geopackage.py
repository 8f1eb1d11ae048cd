"""A layer as GeoPackage (OGC 12-128r19), in degrees or in metres of the county's Gauss-Krüger zone."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import geopandas
import numpy
import pyogrio
import shapely
from django.utils.translation import gettext as _

from kernel.errors import Invalid
from kernel.layerspec import Field, FieldType, LayerSpec
from layers.table import Table

CGCS2000 = 4490
ZONE_0 = 4534
"""EPSG code of "CGCS2000 / 3-degree Gauss-Kruger CM 75E"; the next zones follow, three degrees each, up to 4554."""
FIRST_MERIDIAN, LAST_MERIDIAN = 75, 135

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


def epsg_named(text: str, lon: float | None) -> int:
    """The EPSG code behind ``--crs``.

    Args:
        text: "4326", "4490", or "auto" (also "454x") for the zone whose central meridian is the nearest to ``lon``.
        lon: longitude of the county's middle, degrees; None when it has no outline.

    Raises:
        Invalid: another system, or a county outside the zones.
    """
    fixed = {"4326": 4326, "4490": CGCS2000}
    if text in fixed:
        return fixed[text]
    if text not in ("auto", "454x"):
        raise Invalid(_("不能导出坐标系“%s”。可用：4326、4490、auto。") % text[:20], field="crs")
    if lon is None:
        raise Invalid(_("这个县还没有范围，算不出高斯—克吕格分带。"), field="crs")
    return zone_epsg(lon)


def zone_epsg(lon: float) -> int:
    """The CGCS2000 3-degree Gauss-Krüger zone of a longitude, without the zone number before the easting.

    Source: EPSG dataset 4534 … 4554; GB/T 22483-2024 asks for 3-degree zones at scales of 1:10,000 and larger.

    Raises:
        Invalid: more than one and a half degrees beyond the first or last central meridian.
    """
    meridian = round(lon / 3) * 3
    if not FIRST_MERIDIAN <= meridian <= LAST_MERIDIAN:
        raise Invalid(_("经度 %.2f 不在 CGCS2000 的分带里。") % lon, field="crs")
    return ZONE_0 + (meridian - FIRST_MERIDIAN) // 3


@contextmanager
def _refusals_of_the_disk() -> Iterator[None]:
    """GDAL and SQLite name a full disk in errors of their own: give them on as the OSError that writers know."""
    try:
        yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, sqlite3.OperationalError) as error:
        raise OSError(str(error)) from error


@_refusals_of_the_disk()
def geopackage_write(path: Path, spec: LayerSpec, table: Table, epsg: int) -> None:
    """Write one layer; its columns carry the titles that people read.

    Stored degrees are taken as CGCS2000 without a shift, as docs/adr/0003 decides, so that a zone is a projection only.

    Args:
        path: a new file.
        spec: what the rows are.
        table: the viewer's rows.
        epsg: 4326, 4490 or a zone.

    Raises:
        OSError: the disk takes no more.
    """
    stored = epsg if epsg == 4326 else CGCS2000
    shapes = geopandas.GeoSeries.from_wkb([None if row[1] is None else bytes(row[1]) for row in table.rows], crs=stored)
    geometries, kind = _one_kind(shapes.to_crs(epsg), spec)
    names, columns, masks = ["id"], [_texts([row[0] for row in table.rows])], [None]
    zones = {}
    for at, field in enumerate(table.fields, start=2):
        values, mask = _column(field, [row[at] for row in table.rows])
        names.append(_free(field.name, names))
        columns.append(values)
        masks.append(mask)
        if field.type == "datetime":
            zones[names[-1]] = numpy.full(len(values), GDAL_UTC)
    titles = {name: _titled(field) for name, field in zip(names[1:], table.fields, strict=True)}
    pyogrio.raw.write(
        str(path),
        geometries.to_wkb().to_numpy(dtype=object),
        columns,
        names,
        field_mask=masks,
        layer=spec.key,
        driver="GPKG",
        geometry_type=kind,
        crs=f"EPSG:{epsg}",
        gdal_tz_offsets=zones,
        layer_metadata={"titles": json.dumps(titles, ensure_ascii=False)},
        layer_options={"IDENTIFIER": str(spec.title)},
    )
    _name_columns(path, spec.key, titles)


def _one_kind(shapes: geopandas.GeoSeries, spec: LayerSpec) -> tuple[geopandas.GeoSeries, str]:
    """All geometries as one type where they are of one family, else as they are in a layer of any type."""
    kinds = frozenset(shapes.geom_type.dropna())
    if len(kinds) <= 1:
        return shapes, next(iter(kinds), _EMPTY[spec.geometry])
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


def _free(name: str, taken: Sequence[str]) -> str:
    """``name``, or another one when it is taken by a column that every GeoPackage layer has."""
    return f"{name}_" if name in (*taken, "fid", "geom") else name


def _titled(field: Field) -> str:
    return f"{field.title}（{field.unit}）" if field.unit else str(field.title)


def _name_columns(path: Path, layer: str, titles: dict[str, str]) -> None:
    """Give the columns their titles, by the extension "Schema" of GeoPackage (annex F.9), which QGIS shows as aliases.

    GDAL reads the alias from ``name``, the standard means it by ``title``; both are written.
    """
    define = """CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
        name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
        CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))"""
    where = "http://www.geopackage.org/spec121/#extension_schema"
    says = ("gpkg_data_columns", None, "gpkg_schema", where, "read-write")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(define)
        base.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", says)
        said = [(layer, name, title, title) for name, title in titles.items()]
        insert = "INSERT OR IGNORE INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)"
        base.executemany(insert, said)
