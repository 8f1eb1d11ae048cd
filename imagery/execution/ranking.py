"""A finished mask, its patches judged by a re-ranker: what it takes for no change goes, the rest is ordered by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from imagery.detect.edges import standing
from imagery.detect.features import FEATURES, Alike, row_of
from imagery.detect.masks import Mask, Plan
from imagery.detect.patches import Patch
from imagery.detect.trees import Trees
from imagery.detect.windows import Window
from imagery.execution.patches import patches_of
from imagery.execution.runs import Part, Source, whole


class Judged(NamedTuple):
    """A window as a re-ranker sees it: its mask and scores, (height, width)."""

    window: Window
    mask: Mask
    score: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Held:
    """What a run gave of a whole image.

    Attributes:
        windows: of the run.
        mask: (rows, cols) what changed.
        score: (rows, cols) smoothed scores, at most the highest class.
        span: of the scores' classes.
        patches: of the mask.
    """

    windows: Sequence[Window]
    mask: Mask
    score: NDArray[np.float32]
    span: float
    patches: Sequence[Patch]

    @property
    def rows(self) -> NDArray[np.float64]:
        """(patches, features), for a re-ranker."""
        return np.array([row_of(patch.features) for patch in self.patches]).reshape(-1, len(FEATURES))

    def judged(self, trees: Trees) -> Iterator[Judged]:
        """The run again, as a re-ranker sees it.

        Yields:
            Each window: of the mask what the re-ranker takes for change; scores raised by its opinion of their patch, a
            certain one by the detector's whole range, so that the pixels of a patch keep their order.
        """
        mask, score = self.mask.copy(), self.score.copy()
        for patch, likely in zip(self.patches, trees(self.rows), strict=True):
            here = patch.window.slices
            score[here][patch.inside] += likely * self.span
            mask[here][patch.inside] = likely >= trees.cut
        for window in self.windows:
            yield Judged(window, mask[window.slices], score[window.slices])


def held(
    source: Source,
    names: Sequence[str],
    plan: Plan,
    alike: Alike,
    parts: Iterable[Part],
    told: Callable[[Part], None] | None = None,
) -> Held:
    """A run's mask, scores and patches, without edges that moved.

    Args:
        source: the scenes.
        names: which bands they have.
        plan: with its cut.
        alike: the scenes' light.
        parts: all of the image, with scores.
        told: hears of each part first.
    """
    score = np.full((source.rows, source.cols), np.nan, np.float32)
    windows = []

    def put(part: Part) -> None:
        windows.append(part.window)
        score[part.window.slices] = np.minimum(part.score, plan.bins.high)
        if told:
            told(part)

    marks = whole(source, parts, put)
    patches = list(patches_of(source, names, plan, alike, marks, standing(marks, plan.least)[0]))
    return Held(windows, marks > 0, score, plan.bins.high - plan.bins.start(0), patches)
