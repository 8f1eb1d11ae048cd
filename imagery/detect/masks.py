"""Passes 2 and 3 of a run over windows: a histogram of the score, and the mask of what changed.

Both depend, at a pixel, on nothing farther away than ``Plan.halo``; a window that is read with so much around it gives
the same bits as the whole image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from imagery.detect.cuts import Bins, Counts
from imagery.detect.detectors import Detector, Score
from imagery.detect.distances import Plane
from imagery.detect.sampling import Bands, Sample
from imagery.detect.windows import Window

Mask = NDArray[np.bool_]

LEAST_PIXELS = 9
"""Minimum mapping unit in pixels: 0.8 ha of Landsat, 0.09 ha of Sentinel-2. Source: design notes."""

_EIGHT = np.ones((3, 3), np.int8)


@dataclass(frozen=True, eq=False)
class Plan:
    """A fitted detector and all that is done with its score.

    Attributes:
        score: the fitted score.
        bins: classes of its histogram.
        detector_halo: around a window, for the score.
        is_smoothed: average the score 3 × 3.
        cut: the first class that is changed; None before it is known.
        least: patches of fewer pixels are dropped.
    """

    score: Score
    bins: Bins
    detector_halo: int
    is_smoothed: bool
    cut: int | None = None
    least: int = LEAST_PIXELS

    @property
    def score_halo(self) -> int:
        """What a smoothed score needs around a window."""
        return self.detector_halo + int(self.is_smoothed)

    @property
    def halo(self) -> int:
        """What the mask needs: closing looks two pixels far, and a patch is counted until it is large enough."""
        return self.score_halo + 2 + self.least - 1


def sureness(plan: Plan, score: float) -> float:
    """A patch's mean score as 0.5 (at the cut) … 1 (at the highest class)."""
    start = plan.bins.start(plan.cut or 0)
    return 0.5 + 0.5 * min(max((score - start) / max(plan.bins.high - start, 1e-9), 0.0), 1.0)


def planned(detector: Detector, sample: Sample, least: int = LEAST_PIXELS) -> Plan:
    """A detector fitted to the lattice's pixels, still without its cut."""
    score = detector.fit(sample)
    side = sample.block
    blocks = [values.reshape(len(values), -1, side, side) for values in (sample.before, sample.after)]
    # laid out side by side, so that a score of neighbourhoods sees whole ones
    pictures = [np.ascontiguousarray(b.transpose(0, 2, 1, 3)).reshape(len(b), side, -1) for b in blocks]
    known = score(pictures[0], pictures[1]).ravel()
    return Plan(score, detector.cut.bins(known), detector.halo, detector.is_smoothed, least=least)


def window_score(plan: Plan, before: Bands, after: Bands) -> Plane:
    """Scores of what was read, (rows, cols); right from ``score_halo`` pixels inside on, and at the image's edge."""
    score = plan.score(before, after)
    return smoothed(score) if plan.is_smoothed else score


def smoothed(score: Plane) -> Plane:
    """Means of 3 × 3, over those pixels that have a value; NaN stays NaN."""
    known = np.isfinite(score)
    if known.all():
        return _sum_of_nine(score) / np.float32(9)
    total = _sum_of_nine(np.where(known, score, np.float32(0)))
    return np.where(known, total / np.maximum(_sum_of_nine(known.astype(np.float32)), 1), np.float32(np.nan))


def _sum_of_nine(values: Plane) -> Plane:
    """correlate1d, not uniform_filter: its running sums would carry what lies left of a window into it."""
    ones = np.ones(3)
    for axis in (0, 1):
        values = ndimage.correlate1d(values, ones, axis, mode="nearest")
    return values


def window_hist(plan: Plan, score: Plane, window: Window, outer: Window) -> Counts:
    """How many pixels of ``window`` fall into each class.

    Args:
        plan: with or without its cut.
        score: ``window_score`` of ``outer``.
        window: the window.
        outer: what was read, with ``plan.score_halo`` around.
    """
    return plan.bins.counts(score[window.within(outer)])


def window_mask(plan: Plan, score: Plane, window: Window, outer: Window) -> Mask:
    """What changed in ``window``: from the cut on, gaps closed, small patches dropped.

    Args:
        plan: with its cut.
        score: ``window_score`` of ``outer``.
        window: the window.
        outer: what was read, with ``plan.halo`` around.
    """
    if plan.cut is None:
        raise ValueError("the plan has no cut yet")
    changed = closed(plan.bins.of(score) >= plan.cut) & np.isfinite(score)
    return large(changed, plan.least)[window.within(outer)]


def closed(mask: Mask) -> Mask:
    """Closing with 3 × 3: gaps of one or two pixels are filled; beyond the image nothing is known, nothing removed."""
    return eroded(spread(mask))


def eroded(mask: Mask) -> Mask:
    """Erosion with 3 × 3; beyond the image nothing is removed."""
    return ~spread(~mask)


def spread(mask: Mask) -> Mask:
    """Dilation with 3 × 3."""
    for axis in (0, 1):
        wide = mask.copy()
        here, there = [slice(None)] * 2, [slice(None)] * 2
        here[axis], there[axis] = slice(1, None), slice(None, -1)
        wide[tuple(here)] |= mask[tuple(there)]
        wide[tuple(there)] |= mask[tuple(here)]
        mask = wide
    return mask


def large(mask: Mask, least: int) -> Mask:
    """Patches (neighbours by side or corner) of at least so many pixels."""
    if least <= 1 or not mask.any():
        return mask
    labels, count = ndimage.label(mask, _EIGHT)
    is_large = np.bincount(labels.ravel(), minlength=count + 1) >= least
    is_large[0] = False
    return np.asarray(is_large[labels])
