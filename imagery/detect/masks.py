"""Passes 2 and 3 of a run over windows: a histogram of the score, and the mask of what changed.

The score depends, at a pixel, on nothing farther away than ``Plan.score_halo``, the mask on the patch it belongs to; a
window that is read with so much around it gives the same bits as the whole image.
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

REACH, _FARTHER = 16, 4
"""Pixels that patches are followed out of a window at first, and so many times farther while one of them has not ended.
Windows of 1,024 with all that a least area of 300 pixels may need around them have 1,628, with 10,000 some 21,000."""

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
    def rim(self) -> int:
        """What the mask needs around it while small patches are still there: closing looks two pixels far."""
        return self.score_halo + 2

    @property
    def reaches(self) -> tuple[int, ...]:
        """How far out of a window its patches are followed, in turn; at the last, each has ended or is large enough."""
        reach, last, before = REACH, self.least - 1, []
        while 2 * reach < last:
            before.append(reach)
            reach *= _FARTHER
        return (*before, last)


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
    """Scores of what was read, (rows, cols); right from ``score_halo`` pixels inside on, and at the image's edge.

    A pixel whose values are the same in both scenes has the lowest: a mosaic is renewed in parts, a picture comes again
    under another date, and of nothing but rounding a detector would still find the highest share.
    """
    score = plan.score(before, after)
    same = (before == after).all(axis=0)
    if same.any():
        score = np.where(same, np.float32(plan.bins.low), score)
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


def window_mask(plan: Plan, score: Plane, window: Window, known: Window, outer: Window) -> Mask | None:
    """What changed in ``window``: from the cut on, gaps closed, small patches dropped.

    Args:
        plan: with its cut.
        score: ``window_score`` of ``outer``.
        window: the window.
        known: with one of ``plan.reaches`` around.
        outer: what was read, ``known`` with ``plan.rim`` around.

    Returns:
        (height, width); None where a patch leads out of ``known`` and is not large there: more is to be read.
    """
    if plan.cut is None:
        raise ValueError("the plan has no cut yet")
    changed = (closed(plan.bins.of(score) >= plan.cut) & np.isfinite(score))[known.within(outer)]
    here = window.within(known)
    if not changed.any():
        return changed[here]
    labels, is_large = sized(changed, plan.least)
    is_open = ~is_large & np.isin(np.arange(len(is_large)), _leading_out(labels, known, outer))
    is_open[0] = False
    inner = labels[here]
    if is_open.any() and is_open[inner].any():
        return None
    return np.asarray(is_large[inner])


def _leading_out(labels: NDArray[np.int32], known: Window, outer: Window) -> NDArray[np.int32]:
    """Labels on those sides of ``known`` that are not the image's edge: there, nothing more was read."""
    sides = (
        (labels[0], known.row > outer.row),
        (labels[-1], known.row + known.height < outer.row + outer.height),
        (labels[:, 0], known.col > outer.col),
        (labels[:, -1], known.col + known.width < outer.col + outer.width),
    )
    return np.concatenate([side for side, is_open in sides if is_open] or [labels[:0, 0]])


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


def sized(mask: Mask, least: int) -> tuple[NDArray[np.int32], Mask]:
    """Patches (neighbours by side or corner) by number, 0 beside them, and whether each has at least so many pixels."""
    labels, count = ndimage.label(mask, _EIGHT)
    is_large = np.bincount(labels.ravel(), minlength=count + 1) >= least
    is_large[0] = False
    return labels, is_large
