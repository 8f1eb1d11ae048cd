"""A mask as a GeoTIFF, on the grid of the scenes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetWriter

from imagery.detect.windows import Window
from imagery.rasters.reading import CACHE_BYTES, Picture, RasterError


class MaskFile:
    """A mask being written, 255 where something changed: deflated tiles, georeferenced as the scenes are."""

    def __init__(self, out: DatasetWriter) -> None:
        """Take over an opened file; see ``mask_file``."""
        self._out = out

    def put(self, window: Window, mask: NDArray[np.bool_]) -> None:
        """Write one window."""
        self._out.write(mask.astype(np.uint8) * np.uint8(255), 1, window=window.slices)


@contextmanager
def mask_file(path: str | Path, grid: Picture) -> Iterator[MaskFile]:
    """Open a new GeoTIFF on the grid of a picture; a run that fails leaves none behind.

    Raises:
        RasterError: the file cannot be written.
    """
    place = {"crs": grid.crs, "transform": grid.transform} if grid.crs else {}
    profile = {
        "driver": "GTiff", "height": grid.rows, "width": grid.cols, "count": 1, "dtype": "uint8",
        "compress": "deflate", "tiled": True, "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    half = Path(f"{path}.half")
    try:
        with warnings.catch_warnings(), rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(half, "w", **profile, **place) as out:
                yield MaskFile(out)
        half.replace(path)
    except (RasterioError, OSError) as error:
        raise RasterError(f"{Path(path).name} cannot be written: {error}") from error
    finally:
        half.unlink(missing_ok=True)
