"""A layer as a file that other programs read, by the ending of its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from kernel.errors import Invalid
from layers.reports.columns import Titled
from layers.reports.geopackage import geopackage_write
from layers.reports.shapefile import ENCODINGS, shapefile_write
from layers.reports.sheet import sheet_write
from layers.table import Table

FORMATS = {
    "gpkg": (".gpkg", "application/geopackage+sqlite3"),
    "shp": (".zip", "application/zip"),
    "csv": (".csv", "text/csv; charset=utf-8"),
}
"""By name: ending of the file, and its type (GeoPackage: OGC 12-128r19, annex O)."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written.

    Attributes:
        format: one of ``FORMATS``.
        epsg: 4326, 4490 or a zone; a table for spreadsheets is in degrees.
        encoding: of texts of a Shapefile, one of its ``ENCODINGS``.
    """

    format: str
    epsg: int = 4326
    encoding: str = ENCODINGS[1]


def format_of(path: Path) -> str:
    """The format that an ending means.

    Raises:
        Invalid: none.
    """
    found = next((name for name, (ending, _type) in FORMATS.items() if path.suffix.lower() == ending), None)
    if found is None:
        endings = "、".join(ending for ending, _type in FORMATS.values())
        raise Invalid(_("文件名要以 %(of)s 结尾，不是“%(name)s”。") % {"of": endings, "name": path.name}, field="out")
    return found


def layer_write(path: Path, spec: Titled, parts: Iterable[Table], form: Form) -> int:
    """Write rows as ``form`` says; how many. ``parts`` as ``geopackage_write`` takes them.

    Raises:
        OSError: the disk takes no more.
    """
    if form.format == "gpkg":
        return geopackage_write(path, spec, parts, form.epsg)
    if form.format == "shp":
        return shapefile_write(path, spec, parts, form.epsg, form.encoding)
    return sheet_write(path, spec, parts)
