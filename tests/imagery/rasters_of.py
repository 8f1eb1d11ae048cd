"""Small rasters, made as people bring them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

UTM = {"crs": "EPSG:32651", "transform": from_origin(220_000, 3_387_000, 10, 10)}
"""About 120.08 E, 30.58 N, in the middle of the test county; pixels of 10 m."""


def raster(path: Path, bands: NDArray[Any], names: tuple[str, ...] = (), **more: Any) -> Path:
    """A raster with these bands, (bands, rows, cols)."""
    profile = {"driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    with rasterio.open(path, "w", **{**profile, "dtype": bands.dtype, **UTM, **more}) as data:
        data.write(bands)
        if names:
            data.descriptions = names
    return path


def field(count: int = 4, side: int = 64, kind: str = "uint16") -> NDArray[Any]:
    """Bands that rise from left to right, each brighter than the one before; no value is 0."""
    rising = np.linspace(100, 160, side, dtype="float64")
    return np.stack([np.tile(rising + 20 * at, (side, 1)) for at in range(count)]).astype(kind)
