"""Writing the one form in which scenes are kept: Cloud Optimized GeoTIFF in the tile grid of the web.

A tile of the map then is a block of the file, read and not warped: 3 ms instead of 26 (docs/bench.md). The price is one
resampling when the scene is added; both scenes of a pair come to lie on one grid by it.

Source: OGC 21-026 (Cloud Optimized GeoTIFF), OGC 17-083r4 (WebMercatorQuad).
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.dtypes import in_dtype_range
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetWriter
from rasterio.shutil import copy
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from imagery.detect.bands import CLOUDS
from imagery.rasters.clouds import CloudMask
from imagery.rasters.facts import bounds_of, ground_m
from imagery.rasters.sources import KEPT, Source, broken
from kernel.errors import TooLarge, Unavailable

BLOCK = 256
"""Pixels of a side of a tile, and of a block of the file."""

EQUATOR_M = 2 * math.pi * 6_378_137
"""Width of the Web Mercator plane, metres of its own."""

NODATA = {"uint8": 0.0, "uint16": 0.0, "int16": -32768.0, "float32": math.nan}
"""By type. A measured value that equals it becomes its neighbour while warping (GDAL's "avoid nodata")."""

ALIGNED_LEVELS = 2
"""Overviews whose blocks are tiles, too: the file begins at a tile so many levels above its own."""

DETAIL_LOST = 0.15
"""Of a zoom: a grid whose pixels are up to a tenth larger than the scene's own is near enough, else the next finer."""

ROOM = 4
"""By how much the file may have more pixels than a scene may: finer grid, turned outline."""

ROOM_LEAST = 2**20
"""Bytes: with less left on the disk, it is the disk that ended the writing, and not the scene."""

COG_ROOM = 2
"""Times the plain file: the COG with its overviews is 4/3 of it, and GDAL writes these aside first (1/3)."""

ZOOM_MOST = 24

_SAME = 1e-6
"""Tiles: an edge that near to one of the grid lies on it."""

WINDOW = 2048
"""Rows and columns that are warped at a time: 100 MB with six bands of 32 bits and what GDAL holds beside them."""

_PLAIN = {
    **{"tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK, "SPARSE_OK": "YES", "BIGTIFF": "IF_SAFER"},
    **{"COMPRESS": "ZSTD", "ZSTD_LEVEL": 1, "PHOTOMETRIC": "MINISBLACK", "ALPHA": "NO"},  # no band is an alpha
}
_COG = {
    **{"driver": "COG", "BLOCKSIZE": BLOCK, "COMPRESS": "DEFLATE", "PREDICTOR": "YES", "BIGTIFF": "IF_SAFER"},
    **{"OVERVIEW_RESAMPLING": "AVERAGE", "SPARSE_OK": "YES"},
}
_ENV = {"GDAL_CACHEMAX": 128 * 2**20, "GDAL_NUM_THREADS": "1", "GDAL_PAM_ENABLED": "NO"}


@dataclass(frozen=True)
class Grid:
    """A part of the tile grid.

    Attributes:
        zoom: whose pixels these are.
        column, row: the tile of its upper left corner.
        columns, rows: tiles.
    """

    zoom: int
    column: int
    row: int
    columns: int
    rows: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.columns * BLOCK

    @property
    def height(self) -> int:
        """Pixels."""
        return self.rows * BLOCK

    @property
    def transform(self) -> Affine:
        """Of pixels to EPSG:3857."""
        step = EQUATOR_M / BLOCK / 2**self.zoom
        west, north = self.column * BLOCK * step - EQUATOR_M / 2, EQUATOR_M / 2 - self.row * BLOCK * step
        return Affine(step, 0, west, 0, -step, north)


def grid_of(sources: Sequence[Source], ground_m: float) -> Grid:
    """The grid that holds all of a scene, in the first zoom that keeps its detail (``DETAIL_LOST``).

    Args:
        sources: of the scene.
        ground_m: edge of its smallest pixel on the ground, metres.
    """
    crs, box = sources[0].data.crs, bounds_of(sources[0].data)
    south, north = transform_bounds(crs, "EPSG:4326", *box)[1::2]
    west_m, south_m, east_m, north_m = transform_bounds(crs, "EPSG:3857", *box)
    plane_m = ground_m / math.cos(math.radians((south + north) / 2))
    zoom = math.ceil(math.log2(EQUATOR_M / BLOCK / plane_m) - DETAIL_LOST)
    side = EQUATOR_M / 2**zoom
    edges = (west_m + EQUATOR_M / 2, EQUATOR_M / 2 - north_m, east_m + EQUATOR_M / 2, EQUATOR_M / 2 - south_m)
    first = [math.floor(edge / side + _SAME) for edge in edges[:2]]
    last = [math.ceil(edge / side - _SAME) for edge in edges[2:]]
    many = max(last[0] - first[0], last[1] - first[1])
    step = 2 ** min(ALIGNED_LEVELS, math.ceil(math.log2(many)))
    column, row = (at // step * step for at in first)
    return Grid(zoom, column, row, last[0] - column, last[1] - row)


def cog_write(sources: Sequence[Source], target: Path, *, pixels_most: int, clouds: CloudMask | None = None) -> Grid:
    """Warp the bands to the tile grid and write them with overviews, window by window.

    Args:
        sources: bands in the order of the file.
        target: the new file; its folder takes what is written meanwhile, too.
        pixels_most: rows × columns that the file may have.
        clouds: becomes its last band, ``CLOUDS``.

    Raises:
        Invalid: a source is damaged further in.
        Unavailable: code "disk_full".
        TooLarge: code "raster_too_large".
    """
    grid = grid_of(sources, min(ground_m(one.data) for one in sources))
    if grid.width * grid.height > pixels_most * ROOM or grid.zoom > ZOOM_MOST:
        raise TooLarge(_("影像转成网络地图的格网以后太大。"), code="raster_too_large", field="files")
    names = [name for one in sources for name in one.names] + [CLOUDS] * bool(clouds)
    plain = target.with_name("plain.tif")
    try:
        with rasterio.Env(**_ENV):
            with rasterio.open(plain, "w", **_profile(sources, grid, len(names)), **_PLAIN) as out:
                out.descriptions = names
                _warp(sources, grid, out, clouds)
            _check_room(target.parent, COG_ROOM * plain.stat().st_size)
            copy(plain, target, **_COG)
    except (RasterioError, CPLE_BaseError) as error:
        _check_room(target.parent, ROOM_LEAST)
        raise broken(error) from error
    finally:
        plain.unlink(missing_ok=True)
    return grid


def _check_room(folder: Path, needed: int) -> None:
    """Asked beforehand, for GDAL does not always say that a disk was full: the end of its file is just not there."""
    if shutil.disk_usage(folder).free < needed:
        raise Unavailable(_("磁盘空间不够，影像没有入库。"), code="disk_full", field="files")


def _profile(sources: Sequence[Source], grid: Grid, count: int) -> dict[str, Any]:
    told = {one.data.dtypes[index - 1] for one in sources for index in one.indexes}
    kind = told.pop() if len(told) == 1 else np.result_type(*told).name
    kind = kind if kind in KEPT else "float32"
    place = {"crs": "EPSG:3857", "width": grid.width, "height": grid.height, "transform": grid.transform}
    return {"driver": "GTiff", "dtype": kind, "count": count, "nodata": NODATA[kind], **place}


def _warp(sources: Sequence[Source], grid: Grid, out: DatasetWriter, clouds: CloudMask | None) -> None:
    with ExitStack() as stack:
        place = ("EPSG:3857", grid.transform, grid.width, grid.height)
        hidden = stack.enter_context(clouds.on(*place)) if clouds else None
        warped = [stack.enter_context(_on_grid(one, grid, out.dtypes[0])) for one in sources]
        for row in range(0, grid.height, WINDOW):
            for column in range(0, grid.width, WINDOW):
                width, height = min(WINDOW, grid.width - column), min(WINDOW, grid.height - row)
                window = Window(column, row, width, height)
                parts = [data.read(one.indexes, window=window) for one, data in zip(sources, warped, strict=True)]
                seen = np.logical_or.reduce([~_empty(bands).all(axis=0) for bands in parts])
                at = 1
                for one, bands in zip(sources, parts, strict=True):
                    if _is_zero_empty(one):  # of single bands each file has its zeros: dark where another one sees
                        bands[_empty(bands) & seen] = 1 if NODATA[out.dtypes[0]] == 0 else 0
                    _write_found(bands, list(range(at, at + len(one.indexes))), window, out)
                    at += len(one.indexes)
                if clouds and hidden:  # beyond the scene it has no data either
                    codes = np.where(seen, clouds.read(hidden, window), NODATA[out.dtypes[0]])
                    out.write(codes.astype(out.dtypes[0]), at, window=window)


def _write_found(bands: NDArray[Any], indexes: list[int], window: Window, out: DatasetWriter) -> None:
    """Write what is not empty: what nobody wrote takes no room."""
    if not _empty(bands).all():
        out.write(bands, indexes, window=window)


def _empty(bands: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(~np.isfinite(bands) if bands.dtype.kind == "f" else bands == NODATA[bands.dtype.name])


def _is_zero_empty(one: Source) -> bool:
    """Whether 0 in all bands is no data: whole numbers, and nothing says where there is none.

    So write many programs (Sentinel-2's JPEG 2000 has no value for it); detection reads files alike
    (``Picture.is_zero_empty``).
    """
    is_whole = all(np.dtype(one.data.dtypes[index - 1]).kind in "iu" for index in one.indexes)
    is_masked = one.alpha is not None or MaskFlags.per_dataset in one.data.mask_flag_enums[0]
    return is_whole and one.data.nodata is None and not is_masked


def _on_grid(one: Source, grid: Grid, kind: str) -> WarpedVRT:
    """A view of a source on the grid; where the source has no data, or says by a mask that it has none, is none."""
    told = 0 if _is_zero_empty(one) else one.data.nodata
    is_possible = told is not None and in_dtype_range(told, one.data.dtypes[0])  # -9999 of bytes is none
    return WarpedVRT(
        one.data,
        crs="EPSG:3857",
        transform=grid.transform,
        width=grid.width,
        height=grid.height,
        resampling=Resampling.bilinear,
        src_nodata=told if is_possible else None,
        nodata=NODATA[kind],
        dtype=kind,
        src_alpha=one.alpha or 0,
        INIT_DEST="NO_DATA",
        UNIFIED_SRC_NODATA="YES",  # a pixel is empty where all its bands are
    )
