"""Detection on labelled scenes: its figures, and what its patches teach a re-ranker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imagery.detect.edges import standing
from imagery.detect.features import Alike
from imagery.detect.labelled import Studied
from imagery.detect.masks import Mask, Plan
from imagery.detect.scores import Quality, Tally
from imagery.detect.windows import Window
from imagery.execution.ranking import Held, Judged, held
from imagery.execution.runs import Conduct, Order, Part, Source, fitted, masked, sampled, whole


class Labels(Protocol):
    """A picture of labels."""

    def read(self, window: Window) -> Mask:
        """(height, width) what is labelled."""
        ...

    def rest(self, window: Window) -> Mask:
        """(height, width) what lies in the picture and is not labelled."""
        ...


@dataclass(frozen=True)
class Truth:
    """What of two scenes changed, and what did not: all the rest where nobody says it."""

    changed: Labels
    unchanged: Labels | None = None

    def of(self, window: Window) -> tuple[Mask, Mask]:
        """Changed and unchanged pixels of a window; what is in neither is not counted."""
        is_changed = self.changed.read(window)
        if self.unchanged is None:
            return is_changed, self.changed.rest(window)
        return is_changed, self.unchanged.read(window) & ~is_changed


@dataclass(frozen=True, eq=False)
class Detected:
    """A run over two scenes that comes window by window, with scores.

    Attributes:
        source: the scenes.
        names: which bands they have.
        plan: with its cut.
        alike: the scenes' light.
        windows: of the whole image.
        parts: of each of them; they can be taken once.
    """

    source: Source
    names: tuple[str, ...]
    plan: Plan
    alike: Alike
    windows: Sequence[Window]
    parts: Iterator[Part]

    @property
    def threshold(self) -> float:
        """The score from which on a pixel is changed."""
        return self.plan.bins.start(self.plan.cut or 0)

    def held(self, told: Callable[[Part], None] | None = None) -> Held:
        """All of it with its patches; ``told`` hears of each part first."""
        return held(self.source, self.names, self.plan, self.alike, self.parts, told)

    def masks(self, told: Callable[[Part], None]) -> Iterator[tuple[Window, Mask]]:
        """The mask of each window, without edges that moved, after ``told`` has heard of all parts."""
        marks = whole(self.source, self.parts, told)
        standing(marks, self.plan.least)
        for window in self.windows:
            yield window, marks[window.slices] > 0


def detected(order: Order, names: tuple[str, ...], conduct: Conduct) -> Detected:
    """Passes 1 and 2, and pass 3 as it is asked for.

    Raises:
        TooFewPixelsError: hardly a pixel has values in both scenes.
    """
    sample = sampled(order, conduct)
    plan = fitted(order, conduct, sample)
    parts = masked(order, plan, conduct, with_score=True)
    return Detected(order.source, names, plan, Alike.of(sample), order.windows, parts)


class Scored(Protocol):
    """Scores of a window."""

    @property
    def window(self) -> Window:
        """Which."""
        ...

    @property
    def score(self) -> NDArray[np.float32]:
        """(height, width)."""
        ...


class Counting:
    """Figures of a run against the truth, window by window."""

    def __init__(self, truth: Truth) -> None:
        """Nothing is counted yet."""
        self._truth, self._tally = truth, Tally()

    def scores(self, part: Scored) -> None:
        """Count the scores of a window."""
        self._tally.add_scores(part.score, *self._truth.of(part.window))

    def mask(self, window: Window, mask: Mask) -> None:
        """Count the mask of a window."""
        self._tally.add_mask(mask, *self._truth.of(window))

    def quality(self) -> Quality:
        """The figures so far."""
        return self._tally.quality()


def quality_of(parts: Iterable[Judged], truth: Truth) -> Quality:
    """The figures of what a re-ranker has judged."""
    counting = Counting(truth)
    for part in parts:
        counting.scores(part)
        counting.mask(part.window, part.mask)
    return counting.quality()


def studied(found: Held, truth: Truth) -> Studied:
    """What the patches of a mask are, by the labels."""
    changed, unchanged = np.zeros((2, len(found.patches)), np.int64)
    for at, patch in enumerate(found.patches):
        is_changed, is_not = truth.of(patch.window)
        changed[at], unchanged[at] = (is_changed & patch.inside).sum(), (is_not & patch.inside).sum()
    in_all = sum(int(truth.of(window)[0].sum()) for window in found.windows)
    return Studied(found.rows, changed, unchanged, in_all)
