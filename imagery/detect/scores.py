"""How good a mask is: precision, recall and F1 of the changed pixels, average precision of the score."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from imagery.detect.distances import Plane
from imagery.detect.masks import Mask


@dataclass(frozen=True)
class Quality:
    """Figures over the labelled pixels.

    Attributes:
        precision: of those called changed, how many are; 0 when none is called so.
        recall: of those that are changed, how many are called so.
        f1: their harmonic mean.
        ap: average precision, without any cut: the mean of the precision at each changed pixel, by falling score.
        changed: labelled pixels that are changed.
        unchanged: labelled pixels that are not.
        found: changed pixels of the mask, anywhere.
    """

    precision: float
    recall: float
    f1: float
    ap: float
    changed: int
    unchanged: int
    found: int

    def as_dict(self) -> dict[str, float | int]:
        """For JSON, shares with six digits."""
        return {key: round(value, 6) if isinstance(value, float) else value for key, value in asdict(self).items()}


def f1_of(hits: int, false: int, missed: int) -> tuple[float, float, float]:
    """Precision, recall and F1 from counts; 0 where there is nothing to divide by."""
    precision = hits / (hits + false) if hits + false else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    return precision, recall, 2 * hits / (2 * hits + false + missed) if hits else 0.0


class Tally:
    """Figures that grow window by window; no picture of the whole is held."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._hits = self._false = self._changed = self._unchanged = self._found = 0
        self._ranks = {True: np.zeros(_RANKS, np.int64), False: np.zeros(_RANKS, np.int64)}

    def add_scores(self, score: Plane, changed: Mask, unchanged: Mask) -> None:
        """Count the scores of a window.

        Args:
            score: (rows, cols); NaN counts as the lowest.
            changed: (rows, cols) labelled as changed.
            unchanged: (rows, cols) labelled as unchanged; what is in neither is not counted.
        """
        for is_changed, where in ((True, changed), (False, unchanged)):
            self._ranks[is_changed] += np.bincount(_rank(score[where]), minlength=_RANKS)

    def add_mask(self, mask: Mask, changed: Mask, unchanged: Mask) -> None:
        """Count the mask of a window.

        Args:
            mask: (rows, cols) what the run calls changed.
            changed: (rows, cols) labelled as changed.
            unchanged: (rows, cols) labelled as unchanged.
        """
        self._hits += int((mask & changed).sum())
        self._false += int((mask & unchanged).sum())
        self._changed += int(changed.sum())
        self._unchanged += int(unchanged.sum())
        self._found += int(mask.sum())

    def quality(self) -> Quality:
        """The figures so far."""
        precision, recall, f1 = f1_of(self._hits, self._false, self._changed - self._hits)
        ap = average_precision(self._ranks[True], self._ranks[False])
        return Quality(precision, recall, f1, ap, self._changed, self._unchanged, self._found)


_BITS = 20
_RANKS = 1 << _BITS
"""Ranks of scores: sign, exponent and eleven bits of the fraction, so that equal ranks differ by less than 0.05 %."""


def _rank(score: NDArray[np.float32]) -> NDArray[np.int32]:
    """The highest bits of a score as a number that grows with it; NaN is that of −∞."""
    bits = np.where(np.isnan(score), np.float32(-np.inf), score).view(np.int32)
    # all bits of what is negative turn about, of the rest the sign alone
    bits ^= (bits >> 31) | np.int32(-1 << 31)
    return (bits.view(np.uint32) >> np.uint32(32 - _BITS)).view(np.int32)


def average_precision(changed: NDArray[np.int64], unchanged: NDArray[np.int64]) -> float:
    """Σ (Rₙ − Rₙ₋₁)·Pₙ over falling thresholds.

    Args:
        changed: (n,) how many changed pixels have each rank, rising.
        unchanged: (n,) the same of unchanged ones.
    """
    hits, others = changed[::-1].cumsum(), unchanged[::-1].cumsum()
    if not len(hits) or not hits[-1]:
        return 0.0
    precision = hits / np.maximum(hits + others, 1)
    return float((np.diff(hits, prepend=0) * precision).sum() / hits[-1])
