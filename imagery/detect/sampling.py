"""Pass 1 of a run: the pixels of the global lattice, and weighted moments of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagery.detect.faults import Fault
from imagery.detect.windows import Lattice, Window

Bands = NDArray[np.float32]
"""(bands, rows, cols), NaN where there is no data."""

Matrix = NDArray[np.float64]

MOST_PIXELS = 200_000
"""Sampled at most: 12 bands of them are 10 MB, and IR-MAD's estimates no longer move (design notes)."""


class TooFewPixelsError(Fault):
    """Hardly a pixel has values in both scenes; nothing can be estimated."""


@dataclass(frozen=True)
class Sample:
    """Pixels of the lattice that have values in both scenes, in the order of the image, whole blocks only.

    Attributes:
        before: (bands, n) of the earlier scene, float32.
        after: (bands, n) of the later one.
        order: (blocks,) position of each block in the image, row × cols + col.
        block: side of a block; n = blocks × block².
    """

    before: NDArray[np.float32]
    after: NDArray[np.float32]
    order: NDArray[np.int64]
    block: int = 1

    @property
    def size(self) -> int:
        """How many pixels there are."""
        return int(self.before.shape[1])


def window_stats(before: Bands, after: Bands, window: Window, outer: Window, lattice: Lattice) -> Sample:
    """What one window gives to the sample.

    Args:
        before: (bands, rows, cols) of ``outer``.
        after: the same of the later scene.
        window: the window whose blocks are taken.
        outer: the window that was read, at least ``lattice.halo`` larger as far as the image goes.
        lattice: which pixels of the whole image.
    """
    rows, cols = lattice.of_window(window)
    at = (rows - outer.row, cols - outer.col)
    x, y = before[:, *at], after[:, *at]
    whole = np.isfinite(x).all(axis=(0, 2)) & np.isfinite(y).all(axis=(0, 2))
    order = rows[:, 0] * lattice.cols + cols[:, 0]
    bands = len(before)
    return Sample(
        np.ascontiguousarray(x[:, whole]).reshape(bands, -1),
        np.ascontiguousarray(y[:, whole]).reshape(bands, -1),
        order[whole],
        lattice.block,
    )


def gathered(parts: Iterable[Sample]) -> Sample:
    """The windows' samples as one, in the order of the image: later sums do not depend on how it was cut.

    Raises:
        TooFewPixelsError: fewer pixels than ten times the bands.
    """
    parts = list(parts)
    order = np.concatenate([part.order for part in parts])
    bands, block = len(parts[0].before), parts[0].block
    by_place = np.argsort(order, kind="stable")

    def sorted_by_place(arrays: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        together = np.concatenate(arrays, axis=1).reshape(bands, -1, block * block)
        return np.ascontiguousarray(together[:, by_place]).reshape(bands, -1)

    sample = Sample(
        sorted_by_place([part.before for part in parts]),
        sorted_by_place([part.after for part in parts]),
        order[by_place],
        block,
    )
    if sample.size < 10 * bands:
        said = f"only {sample.size} pixels have values in both scenes"
        raise TooFewPixelsError(said, "few_pixels", pixels=sample.size)
    return sample


@dataclass(frozen=True)
class Moments:
    """Weighted n, Σx and Σxxᵀ in float64, and what follows from them.

    Attributes:
        weight: Σw.
        total: (k,) Σw·x.
        products: (k, k) Σw·x·xᵀ.
    """

    weight: float
    total: Matrix
    products: Matrix

    @classmethod
    def of(cls, values: Matrix, weights: Matrix | None = None) -> Moments:
        """Moments of (k, n) values, each column with its weight (1 without)."""
        weighted = values if weights is None else values * weights
        weight = float(values.shape[1]) if weights is None else float(weights.sum())
        return cls(weight, weighted.sum(axis=1), weighted @ values.T)

    @property
    def mean(self) -> Matrix:
        """(k,)."""
        return self.total / self.weight

    @property
    def covariance(self) -> Matrix:
        """(k, k)."""
        return self.products / self.weight - np.outer(self.mean, self.mean)


@dataclass(frozen=True)
class Standard:
    """Mean and spread of each band of one scene, by which it is made comparable with the other.

    Attributes:
        mean: (bands,).
        scale: (bands,) standard deviation; 1 for a band that is the same everywhere.
    """

    mean: Matrix
    scale: Matrix

    @classmethod
    def of(cls, values: NDArray[np.float32]) -> Standard:
        """Of (bands, n) sampled pixels."""
        wide = values.astype(np.float64)
        spread = wide.std(axis=1)
        return cls(wide.mean(axis=1), np.where(spread > 1e-12, spread, 1.0))

    def __call__(self, values: NDArray[np.float32]) -> Matrix:
        """(bands, n) as float64 with mean 0 and variance 1."""
        return (values.astype(np.float64) - self.mean[:, None]) / self.scale[:, None]
