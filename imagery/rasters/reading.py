"""Any raster that GDAL opens as bands that detection knows: one file, a folder, or several single-band files.

A picture holds paths and numbers only, so it is sent to other processes and read by many threads; each read opens its
files anew (a GDAL dataset belongs to one thread).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader

from imagery.detect.clouds import hidden
from imagery.detect.faults import Fault
from imagery.detect.masks import Mask
from imagery.detect.sampling import Bands
from imagery.detect.windows import Window
from imagery.rasters.resampling import along, stretched

MOST_PIXELS = 2_000_000_000
"""A raster may have: 44,700 × 44,700, a county at 1 m. Its mask is held in memory, a byte each."""

CACHE_BYTES = 64 * 2**20
"""GDAL's block cache; its default, a twentieth of the memory, would be most of what a run takes. In bytes:
rasterio hands a number on as it is, and only GDAL itself would take 64 for megabytes."""


class RasterError(Fault):
    """A raster that cannot be used; the message is a sentence for whoever gave it."""


class UnreadableError(RasterError, OSError):
    """GDAL cannot open or read it; on a network drive that may pass."""


@dataclass(frozen=True)
class BandFile:
    """Where one band is.

    Attributes:
        path: the file.
        index: which of its bands, from 1.
        rows: of that file.
        cols: of that file.
        nodata: its value for "no data".
    """

    path: str
    index: int
    rows: int
    cols: int
    nodata: float | None


@dataclass(frozen=True)
class Picture:
    """One scene as bands of one grid, that of its finest band.

    Attributes:
        files: where each band is, in the order of ``imagery.detect.bands.COMMON``.
        names: which bands these are.
        rows: of the grid.
        cols: of the grid.
        transform: from columns and rows to coordinates of ``crs``; None without georeference.
        crs: as WKT; None without georeference.
        is_zero_empty: 0 in all bands means no data (whole numbers without a declared value for it).
        clouds: band that says where the ground is hidden (not 0), or None.
    """

    files: tuple[BandFile, ...]
    names: tuple[str, ...]
    rows: int
    cols: int
    transform: Affine | None
    crs: str | None
    is_zero_empty: bool
    clouds: BandFile | None = None

    @property
    def by_path(self) -> dict[str, list[tuple[int, BandFile]]]:
        """The bands of each file, with their position among all."""
        found: dict[str, list[tuple[int, BandFile]]] = {}
        for at, file in enumerate(self.files):
            found.setdefault(file.path, []).append((at, file))
        return found

    def only(self, names: Sequence[str]) -> Picture:
        """The same picture with some of its bands."""
        kept = [file for name, file in zip(self.names, self.files, strict=True) if name in names]
        return replace(self, files=tuple(kept), names=tuple(names))

    def read(self, window: Window) -> Bands:
        """(bands, height, width) of a window, NaN where there is no data or, by its mask, a cloud.

        Coarser bands are stretched bilinearly; of a coarser mask the nearest pixel counts.

        Raises:
            UnreadableError: the file has become unreadable.
        """
        out = np.empty((len(self.files), window.height, window.width), np.float32)
        for path, mine in self.by_path.items():
            with opened(path) as source:
                self._fill(out, source, mine, window)
        if self.is_zero_empty:
            out[:, (out == 0).all(axis=0)] = np.nan
        if self.clouds:
            out[:, hidden(partial(self._masked, self.clouds), window, self.rows, self.cols)] = np.nan
        return out

    def _masked(self, file: BandFile, window: Window) -> Mask:
        """(height, width) what its mask says, each pixel by the nearest of the file's."""
        down, right = (
            (2 * (first + np.arange(length)) + 1) * own // (2 * whole)
            for first, length, own, whole in (
                (window.row, window.height, file.rows, self.rows),
                (window.col, window.width, file.cols, self.cols),
            )
        )
        box = ((int(down[0]), int(down[-1]) + 1), (int(right[0]), int(right[-1]) + 1))
        with opened(file.path) as source:
            seen = source.read(file.index, window=box) > 0
        return np.asarray(seen[np.ix_(down - down[0], right - right[0])])

    def _fill(self, out: Bands, source: DatasetReader, mine: list[tuple[int, BandFile]], window: Window) -> None:
        file = mine[0][1]
        down, right = (
            along(window.row, window.height, file.rows, self.rows),
            along(window.col, window.width, file.cols, self.cols),
        )
        box = ((down.first, down.end), (right.first, right.end))
        size = len(mine), down.end - down.first, right.end - right.first
        first, end = mine[0][0], mine[-1][0] + 1
        # GDAL converts as it copies; what is not stretched goes straight to its place
        is_in_place = down.is_same and right.is_same and end - first == len(mine)
        planes = out[first:end] if is_in_place else np.empty(size, np.float32)
        source.read([part.index for _at, part in mine], window=box, out=planes)
        for (at, part), plane in zip(mine, planes, strict=True):
            if part.nodata is not None and np.isfinite(part.nodata):
                plane[plane == np.float32(part.nodata)] = np.nan
            if not is_in_place:
                out[at] = stretched(plane, down, right)


def data_of(path: Path) -> Path:
    """The data file beside an ENVI header; any other file is itself."""
    if path.suffix.lower() != ".hdr":
        return path
    stem = path.with_suffix("")
    beside = (stem, *(stem.with_suffix(suffix) for suffix in (".img", ".dat", ".bsq", ".bil", ".bip", ".raw")))
    return next((one for one in beside if one.is_file()), path)


@contextmanager
def opened(path: str | Path) -> Iterator[DatasetReader]:
    """A dataset of GDAL.

    Raises:
        UnreadableError: GDAL cannot open or read it.
    """
    try:
        with (
            warnings.catch_warnings(),
            rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES, GDAL_NUM_THREADS=1),
        ):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as source:
                yield source
    except (RasterioError, OSError) as error:
        name = Path(path).name
        raise UnreadableError(f"{name} cannot be read as a raster: {error}", "unreadable", name=name) from error
