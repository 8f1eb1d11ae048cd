"""A coarser band on the grid of a finer one, bilinearly, by arithmetic in whole numbers.

Positions are computed from the whole image's rows and columns, so a pixel gets the same bits in every window; GDAL's
own resampling depends a little on where a window begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Along:
    """Which pixels of a file's axis a window needs, and with what weight.

    Attributes:
        first: the first row (column) of the file to be read.
        end: the one after the last.
        lower: (n,) for each pixel of the window its lower neighbour, from ``first``.
        upper: (n,) its upper neighbour.
        share: (n,) float32 weight of the upper one.
    """

    first: int
    end: int
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    share: NDArray[np.float32]

    @property
    def is_same(self) -> bool:
        """Whether the file has this grid itself."""
        return not self.share.any() and len(self.lower) == self.end - self.first


def along(start: int, length: int, own: int, wanted: int) -> Along:
    """One axis of a window.

    Args:
        start: the window's first row on the wanted grid.
        length: how many rows it has.
        own: rows of the file.
        wanted: rows of the grid; both cover the same ground.
    """
    places = np.arange(start, start + length, dtype=np.int64)
    scaled = (2 * places + 1) * own - wanted  # twice the place of the middle on the file, times ``wanted``
    lower = scaled // (2 * wanted)
    share = ((scaled - lower * 2 * wanted) / (2 * wanted)).astype(np.float32)
    low, high = np.clip(lower, 0, own - 1), np.clip(lower + 1, 0, own - 1)
    share[low == high] = 0
    first = int(low[0])
    end = int(high[-1] if share.any() else low[-1]) + 1
    return Along(first, end, low - first, np.minimum(high, end - 1) - first, share)


def stretched(values: NDArray[np.float32], down: Along, right: Along) -> NDArray[np.float32]:
    """Values of a file's rows and columns on the window's; NaN beside NaN.

    Args:
        values: (down.end − down.first, right.end − right.first).
        down: the window's rows.
        right: its columns.
    """
    if down.is_same and right.is_same:
        return values
    rows = values[down.lower] + (values[down.upper] - values[down.lower]) * down.share[:, None]
    return np.asarray(rows[:, right.lower] + (rows[:, right.upper] - rows[:, right.lower]) * right.share)
