"""Two pictures of the same ground as one source of windows, and labels for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT

from imagery.detect.clouds import hidden
from imagery.detect.masks import Mask
from imagery.detect.sampling import Bands
from imagery.detect.windows import WINDOW, Window, cover
from imagery.rasters.finding import file_of
from imagery.rasters.reading import BandFile, Picture, RasterError, opened

_NEAR = 0.01
"""Two grids whose corners lie within this part of a pixel are one."""

COLOURS = 3
"""Bands of a picture in colour, beside the one that says what is transparent."""

FREE_PX = 16
"""Rows or columns that pictures without a place may have more than one another: crops of one tile rarely agree to the
pixel. They begin in the same corner, and what only one of them has is not looked at."""


@dataclass(frozen=True)
class Pair:
    """Two scenes on the grid of the earlier one, with the bands that both have.

    Attributes:
        before: the earlier scene.
        after: the later one.
        is_warped: the later scene is brought to the earlier one's grid as it is read.
    """

    before: Picture
    after: Picture
    is_warped: bool = False

    @property
    def rows(self) -> int:
        """Of the common grid."""
        return self.before.rows if self.is_warped else min(self.before.rows, self.after.rows)

    @property
    def cols(self) -> int:
        """Of the common grid."""
        return self.before.cols if self.is_warped else min(self.before.cols, self.after.cols)

    def read(self, window: Window) -> tuple[Bands, Bands]:
        """Both scenes of a window, each (bands, height, width) float32, NaN where there is no data."""
        later = self._warped(window) if self.is_warped else self.after.read(window)
        return self.before.read(window), later

    def _warped(self, window: Window) -> Bands:
        """(bands, height, width) of the later scene on the earlier one's grid."""
        out = np.empty((len(self.after.files), window.height, window.width), np.float32)
        for path, mine in self.after.by_path.items():
            with (
                opened(path) as source,
                self._view(
                    source, Resampling.bilinear, nodata=source.nodata, add_alpha=source.nodata is None, dtype="float32"
                ) as view,
            ):
                for at, file in mine:  # GDAL warps all bands of a block at once, and keeps them
                    out[at] = view.read(file.index, window=window.slices, masked=True).filled(np.nan)
        if self.after.is_zero_empty:
            out[:, (out == 0).all(axis=0)] = np.nan
        if self.after.clouds:
            out[:, hidden(partial(self._masked, self.after.clouds), window, self.rows, self.cols)] = np.nan
        return out

    def _masked(self, file: BandFile, window: Window) -> Mask:
        """(height, width) what the later scene's mask says, on the earlier one's grid."""
        with (
            opened(file.path) as source,
            self._view(source, Resampling.nearest, src_nodata=None, nodata=None) as view,
        ):
            return np.asarray(view.read(file.index, window=window.slices) > 0)

    def _view(self, source: DatasetReader, resampling: Resampling, **more: Any) -> WarpedVRT:
        """A file of the later scene on the earlier one's grid."""
        return WarpedVRT(
            source, crs=self.before.crs, transform=self.before.transform, height=self.rows, width=self.cols,
            resampling=resampling, tolerance=1e-9,  # GDAL's 1/8 pixel would depend on where a window begins
            **more,
        )  # fmt: skip


HELD_PX = 4_000_000
"""A pair of so many pixels is read once: 190 MB with six bands. JPEG 2000 is decoded whole for every little window."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A pair whose pixels are in memory; arrays (bands, rows, cols).

    To another process it goes as the pair and is read there, or every window would take both scenes along.

    Attributes:
        pair: what it is read from.
        before, after: the scenes.
        once: which reading it is; files may have changed before the next one.
    """

    pair: Pair
    before: Bands
    after: Bands
    once: UUID = field(default_factory=uuid4)

    @property
    def rows(self) -> int:
        """Of both."""
        return int(self.before.shape[1])

    @property
    def cols(self) -> int:
        """Of both."""
        return int(self.before.shape[2])

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Pair, UUID]]:
        """As what it is read from."""
        return _loaded_there, (self.pair, self.once)

    def read(self, window: Window) -> tuple[Bands, Bands]:
        """As ``Pair.read``; what is given is the reader's own."""
        return self.before[:, *window.slices].copy(), self.after[:, *window.slices].copy()


def loaded(pair: Pair) -> Pair | Loaded:
    """A small pair in memory; a large one as it is."""
    if pair.rows * pair.cols > HELD_PX:
        return pair
    return Loaded(pair, *pair.read(Window(0, 0, pair.rows, pair.cols)))


@lru_cache(maxsize=1)
def _loaded_there(pair: Pair, _once: UUID) -> Pair | Loaded:
    """In another process, once for all windows."""
    return loaded(pair)


def paired(before: Picture, after: Picture) -> Pair:
    """Two pictures as one source.

    Raises:
        RasterError: they have no band in common, do not lie on the same ground, or cannot be told to.
    """
    names = [name for name in before.names if name in after.names]
    if not names:
        mine, theirs = ", ".join(before.names), ", ".join(after.names)
        said = f"The scenes have no band in common: {mine}; {theirs}."
        raise RasterError(said, "no_common_band", before=mine, after=theirs)
    before, after = before.only(names), after.only(names)
    is_same_size = (before.rows, before.cols) == (after.rows, after.cols)
    if before.crs is None or after.crs is None:
        if not _is_near_size((before.rows, before.cols), (after.rows, after.cols)):
            raise RasterError(
                f"The scenes have {before.rows} × {before.cols} and {after.rows} × {after.cols} pixels, "
                "and not both have a georeference: nobody can tell which pixels belong together."
            )
        return Pair(before, after)
    if is_same_size and before.crs == after.crs and _is_near(before, after):
        return Pair(before, after)
    return Pair(before, after, is_warped=True)


def _is_near_size(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return all(abs(a - b) <= min(FREE_PX, max(a, b) // 8) for a, b in zip(one, other, strict=True))


def _is_near(before: Picture, after: Picture) -> bool:
    if before.transform is None or after.transform is None:
        return False
    moved = ~before.transform @ after.transform
    ends = ((0, 0), (before.cols, before.rows))
    return all(np.abs(np.subtract(moved @ end, end)).max() <= _NEAR for end in ends)


@dataclass(frozen=True)
class Labels:
    """A picture of labels as masks: bright (255, 1) means yes; where the values are 1 and 2 only, 2 does.

    Attributes:
        path: any raster of GDAL; colours count by their brightest channel, and not at all where they are transparent.
        rows, cols: of that picture.
        indexes: its bands of colour; the alpha band where it labels by that alone.
        alpha: its band that says what is transparent, or 0.
        above: values above this mean yes.
    """

    path: str
    rows: int
    cols: int
    indexes: tuple[int, ...]
    alpha: int = 0
    above: float = 0

    @classmethod
    def of(cls, path: str | Path, rows: int, cols: int) -> Labels:
        """Look through the whole picture once for its values.

        Args:
            path: a raster, or a folder with one.
            rows: of the scenes; the picture may have a few more or fewer (``FREE_PX``).
            cols: the same.

        Raises:
            RasterError: it cannot be read, has another size than the scenes, more bands than colours have, or labels
                nothing.
        """
        path = file_of(path)
        with opened(path) as source:
            if not _is_near_size((source.height, source.width), (rows, cols)):
                raise RasterError(
                    f"{path.name} has {source.height} × {source.width} pixels, the scenes have {rows} × {cols}."
                )
            alpha = next((i for i in source.indexes if source.colorinterp[i - 1] == ColorInterp.alpha), 0)
            colours = tuple(i for i in source.indexes if i != alpha)
            if len(colours) > COLOURS:
                raise RasterError(f"{path.name} has {len(colours)} bands, as a scene has; labels have one, or colours.")
            drawn = cls(str(path), source.height, source.width, colours or (alpha,), alpha if colours else 0)
        values = drawn._all_values()
        if alpha and values == {0}:
            drawn = replace(drawn, indexes=(alpha,), alpha=0)
            values = drawn._all_values()
        highest = max(values, default=0)
        if highest <= 0:
            raise RasterError(f"{path.name} labels nothing.")
        return replace(drawn, above=1 if values == {1, 2} else 127 if highest > 127 else 0)

    def _all_values(self) -> set[float]:
        found: set[float] = set()
        for window in cover(self.rows, self.cols, WINDOW):
            found.update(np.unique(self.values(window)).tolist())
        return {value for value in found if np.isfinite(value)}

    def values(self, window: Window) -> NDArray:
        """(height, width) brightest channel; 0 where it is transparent, or beyond the picture."""
        out: NDArray = np.zeros((window.height, window.width), np.float32)
        height, width = min(window.height, self.rows - window.row), min(window.width, self.cols - window.col)
        if height <= 0 or width <= 0:
            return out
        here = window._replace(height=height, width=width).slices
        with opened(self.path) as source:
            found = source.read(list(self.indexes), window=here).max(axis=0)
            if self.alpha:
                found = np.where(source.read(self.alpha, window=here) > 0, found, 0)
        out[:height, :width] = found
        return out

    def read(self, window: Window) -> NDArray[np.bool_]:
        """(height, width) what is labelled."""
        return np.asarray(self.values(window) > self.above)

    def rest(self, window: Window) -> NDArray[np.bool_]:
        """(height, width) what lies in the picture and is not labelled."""
        rows, cols = (np.arange(size) + at for size, at in ((window.height, window.row), (window.width, window.col)))
        inside = (rows < self.rows)[:, None] & (cols < self.cols)[None, :]
        return np.asarray(inside & ~self.read(window))
