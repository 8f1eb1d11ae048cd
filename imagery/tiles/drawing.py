"""Tiles and chips of a scene as bytes, read by rio-tiler."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagery.tiles.looks import LOOKS, STRETCHES, Look, encoded, indexes_of, painted
from imagery.tiles.readers import ranges, reader
from kernel.geo import WEB_MERCATOR, Bbox

TILE_PX = 256
CHIP_PX = 384
"""Twice the size at which chips are shown, for fine screens."""

AROUND = 3.0
"""A chip is so many times as wide as its point …"""
LEAST_PX = 48
"""… and no less than so many pixels of the scene: what lies beside it tells what it is."""

Bands = Sequence[str]


def tile(
    path: Path, bands: Bands, place: tuple[int, int, int], look: str = "natural", stretch: str = "normal"
) -> bytes:
    """A tile of 256 pixels; no bytes where the scene has no data.

    Args:
        path: of the scene's file.
        bands: of the scene.
        place: zoom, column, row in the tile grid of the web.
        look: key of ``LOOKS``.
        stretch: key of ``STRETCHES``.
    """
    z, x, y = place
    way, indexes = LOOKS[look], indexes_of(LOOKS[look], bands)
    with reader(path) as scene:
        from rio_tiler.errors import TileOutsideBounds  # after the reader's import, which is one at a time

        try:
            seen = scene.tile(x, y, z, tilesize=TILE_PX, indexes=indexes, resampling_method="bilinear").array
        except TileOutsideBounds:
            return b""
    return _drawn(seen, way, path, indexes, stretch)


def chip(path: Path, bands: Bands, box: Bbox, look: str = "natural", stretch: str = "soft") -> bytes:
    """A square picture of a box (EPSG:4326), ``CHIP_PX`` wide; no bytes where the scene has no data."""
    way, indexes = LOOKS[look], indexes_of(LOOKS[look], bands)
    with reader(path) as scene:
        from rasterio.crs import CRS  # after the reader's import: PROJ knows its files then

        size: dict[str, Any] = {"width": CHIP_PX, "height": CHIP_PX, "dst_crs": CRS.from_epsg(WEB_MERCATOR)}
        seen = scene.part(box, bounds_crs=CRS.from_epsg(4326), indexes=indexes, resampling_method="bilinear", **size)
    return _drawn(seen.array, way, path, indexes, stretch)


def chip_box(outline: Bbox, gsd_m: float) -> Bbox:
    """The square around a point that its chips show, EPSG:4326.

    Args:
        outline: box of the point, EPSG:4326.
        gsd_m: edge of a pixel of the coarser scene, metres.
    """
    west, south, east, north = outline
    lon, lat = (west + east) / 2, (south + north) / 2
    across = math.cos(math.radians(lat)) * _DEGREE_M
    side_m = max((east - west) * across * AROUND, (north - south) * _DEGREE_M * AROUND, LEAST_PX * gsd_m)
    wide, high = side_m / across / 2, side_m / _DEGREE_M / 2
    return lon - wide, lat - high, lon + wide, lat + high


_DEGREE_M = 111_320.0
"""Length of a degree of latitude, metres; near enough for the edge of a picture."""


def _drawn(seen: NDArray[Any], look: Look, path: Path, indexes: tuple[int, ...], stretch: str) -> bytes:
    """Of ``seen``, a masked array (bands, rows, cols)."""
    valid = np.asarray(~np.ma.getmaskarray(seen).all(axis=0))
    if not valid.any():
        return b""
    shown = [] if look.ramp else [ranges(path, STRETCHES[stretch])[index - 1] for index in indexes]
    return encoded(painted(np.ma.filled(seen, 0).astype(np.float32), look, shown), valid)
