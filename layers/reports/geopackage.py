"""A layer as GeoPackage (OGC 12-128r19)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy
import pyogrio

from kernel.layerspec import Field
from layers.reports.columns import GDAL_UTC, Titled, columns_of, refusals_of_the_disk, titled
from layers.table import Table


@refusals_of_the_disk()
def geopackage_write(path: Path, spec: Titled, parts: Iterable[Table], epsg: int) -> int:
    """Write one layer; its columns carry the titles that people read.

    Args:
        path: a new file.
        spec: what the rows are.
        parts: the viewer's rows, portion by portion, the first one even without rows; geometries are of one type in
            each portion and the same in all, or there is one portion.
        epsg: 4326, 4490 or a zone.

    Returns:
        How many rows.

    Raises:
        OSError: the disk takes no more.
    """
    count, titles = 0, dict[str, str]()
    for at, part in enumerate(parts):
        found = columns_of(part, spec.geometry, epsg)
        names = _names(part.fields)
        zoned = [name for name, field in zip(names[1:], part.fields, strict=True) if field.type == "datetime"]
        titles = {name: titled(field) for name, field in zip(names[1:], part.fields, strict=True)}
        told = {"layer_metadata": {"titles": json.dumps(titles, ensure_ascii=False)}}
        pyogrio.raw.write(
            str(path),
            found.wkb,
            found.values,
            names,
            field_mask=found.masks,
            layer=spec.key,
            driver="GPKG",
            geometry_type=found.kind,
            crs=f"EPSG:{epsg}",
            gdal_tz_offsets={name: numpy.full(len(part.rows), GDAL_UTC) for name in zoned},
            append=at > 0,
            **({} if at else {**told, "layer_options": {"IDENTIFIER": str(spec.title)}}),
        )
        count += len(part.rows)
    _name_columns(path, spec.key, titles)
    return count


def _names(fields: Sequence[Field]) -> list[str]:
    """The fields' names, others where they are taken by a column that every GeoPackage layer has."""
    names = ["id"]
    for field in fields:
        names.append(f"{field.name}_" if field.name in (*names, "fid", "geom") else field.name)
    return names


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
