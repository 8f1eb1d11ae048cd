"""A layer as a table for spreadsheets: CSV with the position of each row as two columns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
from django.utils.translation import gettext as _

from kernel.api.spreadsheet import BOM, csv_lines
from layers.reports.columns import Titled, titled
from layers.table import Table

DIGITS = 6
"""Decimals of a degree: 0.1 m."""


def sheet_write(path: Path, spec: Titled, parts: Iterable[Table]) -> int:
    """Write a header of titles and all rows, with a point inside each (degrees, EPSG:4326).

    Args:
        path: a new file.
        spec: what the rows are.
        parts: the viewer's rows, portion by portion, the first one even without rows.

    Returns:
        How many rows.

    Raises:
        OSError: the disk takes no more.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for at, part in enumerate(parts):
            if not at:
                file.write(BOM)
                file.writelines(csv_lines([["id", *map(titled, part.fields), _("经度"), _("纬度")]]))
            file.writelines(csv_lines([row[0], *row[2:], *_position(row[1])] for row in part.rows))
            count += len(part.rows)
    return count


def _position(wkb: Any) -> tuple[float | None, float | None]:
    inside = shapely.point_on_surface(shapely.from_wkb(bytes(wkb))) if wkb is not None else shapely.Point()
    if inside.is_empty:
        return None, None
    return round(inside.x, DIGITS), round(inside.y, DIGITS)
