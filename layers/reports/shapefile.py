"""A layer as a zipped Shapefile (ESRI white paper J-7855, 1998), for the programs that read nothing else."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import pyogrio
from django.utils.translation import gettext as _

from kernel.layerspec import Field
from layers.reports.columns import Titled, columns_of, refusals_of_the_disk, titled
from layers.table import Table

ENCODINGS = ("GBK", "UTF-8")
"""Older Chinese programs take texts for GBK whatever the ``.cpg`` says; others go by it."""

LONGEST_NAME = 10
"""Characters of a column's name in dBASE."""

LONGEST_TEXT = 254
"""Bytes of a text in dBASE."""


@refusals_of_the_disk()
def shapefile_write(path: Path, spec: Titled, parts: Iterable[Table], epsg: int, encoding: str) -> int:
    """Write one layer: a ZIP with the Shapefile, its ``.cpg``, and what the short names of its columns mean.

    Args:
        path: a new file.
        spec: what the rows are.
        parts: as ``geopackage_write`` takes them.
        epsg: 4326, 4490 or a zone.
        encoding: one of ``ENCODINGS``; what GBK does not have becomes "?", what is over ``LONGEST_TEXT`` is left out,
            and ``columns.txt`` says in how many texts.

    Returns:
        How many rows.

    Raises:
        OSError: the disk takes no more.
    """
    with TemporaryDirectory(prefix=path.name, dir=path.parent) as folder:
        shape, count = Path(folder) / f"{spec.key}.shp", 0
        names: dict[str, str] = {}
        spoilt: Counter[str] = Counter()
        cut: Counter[str] = Counter()
        for at, part in enumerate(parts):
            found = columns_of(part, spec.geometry, epsg)
            names = short_names(part.fields)
            pyogrio.raw.write(
                str(shape),
                found.wkb,
                [_fitting(values, encoding) for values in found.values],
                list(names),
                field_mask=found.masks,
                driver="ESRI Shapefile",
                geometry_type=found.kind,
                crs=f"EPSG:{epsg}",
                encoding=encoding,
                append=at > 0,
            )
            count += len(part.rows)
            for name, values in zip(names, found.values, strict=True):
                texts = [one for one in values if isinstance(one, str)] if values.dtype == object else []
                spoilt[name] += sum(one.encode(encoding, "replace").decode(encoding) != one for one in texts)
                cut[name] += sum(len(one.encode(encoding, "replace")) > LONGEST_TEXT for one in texts)
        meaning = "".join(f"{name}\t{title}\r\n" for name, title in names.items())
        if lost := _lost(spoilt, cut, encoding):
            meaning += "\r\n" + "".join(f"{said}\r\n" for said in lost)
        (Path(folder) / "columns.txt").write_text(f"\ufeff{meaning}", encoding="utf-8", newline="")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(Path(folder).iterdir()):
                archive.write(file, file.name)
    return count


def short_names(fields: Sequence[Field]) -> dict[str, str]:
    """Names of at most ten characters, no one twice, with what people read: ``village_name_en`` is ``village_na``."""
    names = {"id": "id"}
    for field in fields:
        name, again = field.name[:LONGEST_NAME], 1
        while name in names:
            again += 1
            name = f"{field.name[: LONGEST_NAME - len(str(again))]}{again}"
        names[name] = titled(field)
    return names


def _lost(spoilt: Counter[str], cut: Counter[str], encoding: str) -> list[str]:
    """What the file lacks, and where it is whole; both are numbers of texts by the names of their columns."""
    told = [
        (_("%(n)d 处文字有 %(encoding)s 里没有的字，写成了“?”（%(where)s）；GeoPackage 和 CSV 里是全的。"), spoilt),
        (_("%(n)d 处文字超过 %(most)d 字节，后面的没有写进去（%(where)s）；GeoPackage 和 CSV 里是全的。"), cut),
    ]
    return [
        said
        % {
            "n": of.total(),
            "encoding": encoding,
            "most": LONGEST_TEXT,
            "where": _("、").join(f"{name} {n}" for name, n in of.items() if n),
        }
        for said, of in told
        if of.total()
    ]


def _fitting(values: Any, encoding: str) -> Any:
    """Texts that the encoding has and a column takes, cut between characters; moments as texts, which dBASE lacks."""
    if values.dtype.kind == "M" and values.dtype != "datetime64[D]":
        values = numpy.array([None if numpy.isnat(one) else f"{one}Z" for one in values], dtype=object)
    if values.dtype != object:
        return values
    cut = [one if one is None else one.encode(encoding, "replace")[:LONGEST_TEXT] for one in values]
    return numpy.array([one if one is None else one.decode(encoding, "ignore") for one in cut], dtype=object)
