"""What a raster tells of itself: where it has data, how large its pixels are, when it was taken, how cloudy it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import Geod
from rasterio.features import shapes
from rasterio.io import DatasetReader
from rasterio.warp import transform, transform_geom
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.ops import unary_union

OUTLINE_PX = 1024
"""Pixels along the longer side in which the outline of the data is drawn: one of them is 0.1 % of the scene."""

_ELLIPSOID = Geod(ellps="WGS84")
_TAGS = ("ACQUISITIONDATETIME", "ACQUISITION_DATETIME", "DATE_ACQUIRED", "ACQUISITION_TIME", "SENSING_TIME")
"""Names under which formats tell when a scene was taken; TIFFTAG_DATETIME is when the file was written."""

# Three digits before it: names of old Landsat files run path and row into the day ("L71119038_03820000317").
_DAY = re.compile(
    r"(?<!\d)(?:\d{3})?((?:19[7-9]|20[0-4])\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[T_ -]?([01]\d|2[0-3])[:_-]?([0-5]\d)[:_-]?([0-5]\d))?(?!\d)"
)


def bounds_of(data: DatasetReader) -> tuple[float, float, float, float]:
    """West, south, east, north in its own system; rasterio changes them about where rows go up or columns left."""
    left, bottom, right, top = data.bounds
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def ground_m(data: DatasetReader) -> float:
    """Edge of a pixel on the ground in the middle of the raster, metres on the ellipsoid."""
    row, column = data.height / 2, data.width / 2
    points = [data.transform @ at for at in ((column, row), (column + 1, row), (column, row + 1))]
    lons, lats = transform(data.crs, "EPSG:4326", *zip(*points, strict=True))
    across = _ELLIPSOID.inv(lons[0], lats[0], lons[1], lats[1])[2]
    down = _ELLIPSOID.inv(lons[0], lats[0], lons[2], lats[2])[2]
    return float((across + down) / 2)


def outline(valid: NDArray[np.bool_], affine: rasterio.Affine, crs: str) -> MultiPolygon:
    """Where there is data, EPSG:4326, simplified to a pixel; gaps of less than four pixels are closed.

    Args:
        valid: (rows, columns).
        affine: of its pixels.
        crs: of that.
    """
    step = abs(affine.a)
    drawn = (shape(one) for one, value in shapes(valid.astype(np.uint8), valid, transform=affine) if value)
    merged = unary_union(list(drawn)).buffer(step).buffer(-step).simplify(step)
    turned = shape(transform_geom(crs, "EPSG:4326", merged, precision=7)) if not merged.is_empty else merged
    parts = getattr(turned, "geoms", [turned])
    return MultiPolygon([one for one in parts if isinstance(one, Polygon) and not one.is_empty])


def outline_of(path: Path) -> MultiPolygon:
    """Where a file of ours has data, EPSG:4326, drawn from its overviews."""
    with rasterio.open(path) as data:
        step = max(1.0, max(data.width, data.height) / OUTLINE_PX)
        size = (math.ceil(data.height / step), math.ceil(data.width / step))
        affine = data.transform @ rasterio.Affine.scale(data.width / size[1], data.height / size[0])
        return outline(data.dataset_mask(out_shape=size) > 0, affine, data.crs)


def cloud_percent(cloudy: NDArray[np.bool_], valid: NDArray[np.bool_]) -> float | None:
    """Share of the valid pixels that are cloudy, percent with one decimal; None without data. Same shapes."""
    n = int(valid.sum())
    return round(100 * int((cloudy & valid).sum()) / n, 1) if n else None


def moment_in(texts: Sequence[str]) -> dt.datetime | None:
    """The first day, with its time if it has one (UTC), that stands in one of the texts."""
    for text in texts:
        for found in _DAY.finditer(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            try:
                return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
            except ValueError:  # 31 February
                continue
    return None


def acquired_at(found: Sequence[DatasetReader]) -> dt.datetime | None:
    """When a scene was taken, out of the tags of its files, or of their names and the names of their bands."""
    tags = [tags for data in found for tags in (data.tags(), data.tags(ns="IMAGERY"), data.tags(ns="ENVI"))]
    told = [text for one in tags for name, text in one.items() if name.upper().replace(" ", "_") in _TAGS]
    names = [Path(data.name).name for data in found]
    described = [text for data in found for text in data.descriptions if text]
    return moment_in(told) or moment_in(names) or moment_in(described)


SENSORS = (
    (re.compile(r"(?:LT0?5|LT0?4)[_0-9]", re.I), "Landsat TM"),
    (re.compile(r"(?:LE0?7|L7)[_0-9]", re.I), "Landsat ETM+"),
    (re.compile(r"L[CO]0?[89][_0-9]", re.I), "Landsat OLI"),
    (re.compile(r"S2[A-D]?_|T\d\d[A-Z]{3}_", re.I), "Sentinel-2 MSI"),
    (re.compile(r"GF-?(\d)", re.I), "GF-{0}"),
    (re.compile(r"ZY-?(\d)", re.I), "ZY-{0}"),
)
"""What names of files of each sensor begin with."""


def sensor(found: Sequence[DatasetReader]) -> str:
    """Which sensor took a scene, out of the names of its files or bands or a tag of ENVI; "" when nothing says it."""
    names = [Path(data.name).name for data in found]
    words = [word for data in found for text in data.descriptions if text for word in re.split(r"[^\w+-]", text)]
    for text in (*names, *words):
        for pattern, title in SENSORS:
            if said := pattern.match(text):
                return title.format(*said.groups())
    return next((tags["sensor_type"] for data in found if "sensor_type" in (tags := data.tags(ns="ENVI"))), "")


def digest(found: Sequence[DatasetReader]) -> str:
    """SHA-256 in hex over the bytes of all files of a scene, in their order; notes of programs beside them left out."""
    whole = hashlib.sha256()
    for data in found:
        for name in sorted(data.files):
            if not name.endswith(".aux.xml"):
                with Path(name).open("rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()
