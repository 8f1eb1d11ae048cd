"""Where a score is cut: from a histogram of the whole image, by Otsu's rule or by the share of ground that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

COUNT = 4096
"""Classes of a histogram. Two neighbours differ by far less than a score's noise."""


@dataclass(frozen=True)
class Bins:
    """Equal classes of a score from ``low`` to ``high``; what lies outside is in the first or the last.

    Attributes:
        low: where the first begins.
        high: where the last ends.
    """

    low: float
    high: float

    def of(self, score: NDArray[np.float32]) -> NDArray[np.int32]:
        """The class of each pixel, from 0; −1 where the score is NaN."""
        known = np.isfinite(score)
        scale = np.float32(COUNT / (self.high - self.low))
        scaled = score - np.float32(self.low)
        scaled *= scale
        np.clip(scaled, 0, COUNT - 1, out=scaled)
        if known.all():
            return scaled.astype(np.int32)
        return np.where(known, np.where(known, scaled, 0).astype(np.int32), np.int32(-1))

    def start(self, number: int) -> float:
        """Where a class begins."""
        return self.low + (self.high - self.low) * number / COUNT

    def counts(self, score: NDArray[np.float32]) -> Counts:
        """How many pixels are in each class, (COUNT,)."""
        classes = self.of(score).ravel()
        return np.bincount(classes + 1, minlength=COUNT + 1)[1:]


class Cut(Protocol):
    """A rule for the least class that counts as changed."""

    def bins(self, scores: NDArray[np.float32]) -> Bins:
        """Classes that suit the scores of sampled pixels."""
        ...

    def at(self, counts: Counts) -> int:
        """The first class that is changed."""
        ...


def _around(scores: NDArray[np.float32], share: float) -> Bins:
    low, high = (float(value) for value in np.quantile(scores, (share, 1 - share)))
    return Bins(low, high if high > low else low + 1.0)


@dataclass(frozen=True)
class Otsu:
    """Otsu's threshold, of a histogram in which the highest of the upper group are drawn in.

    A few very bright pixels (a roof, a cloud's edge) pull the mean of the upper group and with it the threshold; drawn
    in, they still count as changed. A share of that group, not of the image: where a two-hundredth changed, the highest
    half per cent of the image is all of it. Source: Otsu, A threshold selection method from gray-level histograms, IEEE
    Trans. Systems, Man and Cybernetics 9 (1979); the shares by measurement (ADR 0022).

    Attributes:
        drawn_in: share of the upper group.
        outliers: share of the image of which an upper group is looked at with distrust.
    """

    drawn_in: float = 0.15
    outliers: float = 0.005

    def bins(self, scores: NDArray[np.float32]) -> Bins:
        """All but one pixel in two thousand."""
        return _around(scores, 0.0005)

    def at(self, counts: Counts) -> int:
        """The class that parts two groups with the greatest variance between them."""
        if not self.drawn_in:
            return _parted(counts)
        upper = counts[self._first(counts) :].sum()
        upper = counts[_parted(_pooled(counts, self.drawn_in * upper)) :].sum()
        return _parted(_pooled(counts, self.drawn_in * upper))

    def _first(self, counts: Counts) -> int:
        """Where the upper group begins; where that may be outliers alone, the next group if there is a small one."""
        total, cut = counts.sum(), _parted(counts)
        if counts[cut:].sum() > self.outliers * total:
            return cut
        below = _parted(_pooled(counts, counts[cut:].sum()))
        return below if counts[below:].sum() < _SMALL * total else cut


_SMALL = 0.1
"""A group larger than that beside a few bright pixels is half of what did not change."""


def _pooled(counts: Counts, highest: float) -> Counts:
    """The same counts, the ``highest`` pixels in the class of the lowest of them."""
    last = int(np.searchsorted(np.cumsum(counts), counts.sum() - highest))
    pooled = counts.copy()
    pooled[last + 1 :] = 0
    pooled[last] += counts[last + 1 :].sum()
    return pooled


def _parted(counts: Counts) -> int:
    """The class that parts two groups with the greatest variance between them, from which on is the upper one."""
    total = counts.sum()
    below = np.cumsum(counts)
    moment = np.cumsum(counts * np.arange(len(counts)))
    apart = below * (total - below).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (moment[-1] * (below / max(total, 1)) - moment) ** 2 / apart
    between[apart <= 0] = -1.0
    return int(np.argmax(between)) + 1


@dataclass(frozen=True)
class Top:
    """The highest ``share`` of the ground: right where change is rare and Otsu would find two seasons instead."""

    share: float = 0.03

    def bins(self, scores: NDArray[np.float32]) -> Bins:
        """All but one pixel in two thousand."""
        return _around(scores, 0.0005)

    def at(self, counts: Counts) -> int:
        """The first class from which on at most ``share`` of all pixels lie."""
        above = counts[::-1].cumsum()[::-1]
        fits = np.flatnonzero(above <= self.share * counts.sum())
        return int(fits[0]) if len(fits) else len(counts)


@dataclass(frozen=True)
class AtZero:
    """A score that decides by itself: changed from 0 on."""

    def bins(self, scores: NDArray[np.float32]) -> Bins:
        """Evenly around 0, so that a class begins there."""
        high = float(np.quantile(np.abs(scores), 0.9995)) or 1.0
        return Bins(-high, high)

    def at(self, counts: Counts) -> int:
        """The middle."""
        return len(counts) // 2
