"""Windows over a raster, and one lattice of sampled pixels that does not know of them.

Everything that a run adds up is taken from the lattice of the whole image, so that neither the size of windows nor the
order in which they are worked on can change a bit of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WINDOW = 1024
"""Side of a window in pixels: two scenes of four bands are 34 MB."""


class Window(NamedTuple):
    """A rectangle of pixels; ``row`` and ``col`` of its upper left one, from 0."""

    row: int
    col: int
    height: int
    width: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of an array of the whole image."""
        return slice(self.row, self.row + self.height), slice(self.col, self.col + self.width)

    def grown(self, halo: int, rows: int, cols: int) -> Window:
        """The window and ``halo`` pixels around it, as far as an image of rows × cols goes."""
        row, col = max(self.row - halo, 0), max(self.col - halo, 0)
        end_row = min(self.row + self.height + halo, rows)
        end_col = min(self.col + self.width + halo, cols)
        return Window(row, col, end_row - row, end_col - col)

    def joined(self, other: Window) -> Window:
        """The smallest window that holds both."""
        row, col = min(self.row, other.row), min(self.col, other.col)
        end_row = max(self.row + self.height, other.row + other.height)
        end_col = max(self.col + self.width, other.col + other.width)
        return Window(row, col, end_row - row, end_col - col)

    def within(self, outer: Window) -> tuple[slice, slice]:
        """Rows and columns of this window in an array of ``outer``."""
        row, col = self.row - outer.row, self.col - outer.col
        return slice(row, row + self.height), slice(col, col + self.width)


def cover(rows: int, cols: int, size: int) -> Iterator[Window]:
    """Windows of at most size × size that cover an image once, row by row."""
    for row in range(0, rows, size):
        for col in range(0, cols, size):
            yield Window(row, col, min(size, rows - row), min(size, cols - col))


@dataclass(frozen=True)
class Lattice:
    """Blocks of ``block`` × ``block`` pixels at the multiples of ``step`` of an image of rows × cols."""

    rows: int
    cols: int
    step: int
    block: int = 1

    @classmethod
    def of(cls, rows: int, cols: int, most: int, block: int = 1) -> Lattice:
        """The closest lattice of an image that holds at most ``most`` pixels (at least one block)."""
        step = max(block, math.isqrt(max(rows * cols * block * block // max(most, 1), 1)))
        lattice = cls(rows, cols, step, block)
        while lattice.pixels > most and lattice.step < max(rows, cols):
            lattice = cls(rows, cols, lattice.step + 1, block)
        return lattice

    @property
    def pixels(self) -> int:
        """How many pixels of the image are on the lattice."""
        down, right = (len(range(0, side - self.block + 1, self.step)) for side in (self.rows, self.cols))
        return down * right * self.block**2

    @property
    def halo(self) -> int:
        """How far a block that begins in a window may reach out of it."""
        return self.block - 1

    def of_window(self, window: Window) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pixels of the blocks that begin in a window.

        Returns:
            Rows and columns in the image, each (blocks, block²); blocks that leave the image are not there.
        """
        starts = [
            np.arange(-(-first // self.step) * self.step, min(first + size, side - self.block + 1), self.step)
            for first, size, side in (
                (window.row, window.height, self.rows),
                (window.col, window.width, self.cols),
            )
        ]
        row, col = (grid.reshape(-1, 1) for grid in np.meshgrid(*starts, indexing="ij"))
        inner = np.arange(self.block)
        inner_row, inner_col = (grid.reshape(1, -1) for grid in np.meshgrid(inner, inner, indexing="ij"))
        return row + inner_row, col + inner_col
