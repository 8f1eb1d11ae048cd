"""Patches of a finished mask with their kinds and features, and places of earlier ones; neighbours are read at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import groupby

import numpy as np

from imagery.detect.features import Alike, features
from imagery.detect.kinds import kind_of
from imagery.detect.masks import Mask, Plan, sureness, window_score
from imagery.detect.patches import Box, Marks, Patch, inside
from imagery.detect.sampling import Bands
from imagery.detect.windows import Window
from imagery.execution.runs import Source

BLOCK = 256
"""Patches that begin in one square of so many pixels are read at once: opening the files takes longer than reading."""


def patches_of(
    source: Source, names: Sequence[str], plan: Plan, alike: Alike, marks: Marks, found: Sequence[Box]
) -> Iterator[Patch]:
    """Patches with all that is known of them, square by square from the upper left on.

    Args:
        source: the scenes, as they were detected on (cleared).
        names: which bands they have.
        plan: with its cut.
        alike: the scenes' light.
        marks: (rows, cols) of the whole image.
        found: boxes of those that are asked for.
    """
    usual = alike.usual(names)
    for at, outer, before, after in _read_near(source, [box.window for box in found], plan.score_halo):
        box = found[at]
        own, here = inside(marks, box), box.window.within(outer)
        score = window_score(plan, before, after)[here]
        scenes = before[:, *here], after[:, *here]
        known = features(names, *scenes, alike, own & np.isfinite(score), score, box.tolerant)
        yield Patch(box.window, own, sureness(plan, known["score_mean"]), kind_of(known, usual), known)


def mean_scores(
    source: Source, plan: Plan, places: Sequence[tuple[Window, Mask]], told: Callable[[int], object] = bool
) -> list[float | None]:
    """How much known places have changed between the scenes, in their order: ``score_mean`` as a patch has it.

    Args:
        source: the scenes, as they were detected on (cleared).
        plan: with its cut.
        places: boxes of pixels, and which of their pixels count.
        told: called before each place with how many were.

    Returns:
        Means of the smoothed score; None where less than half of a place is seen in both scenes.
    """
    means: list[float | None] = [None] * len(places)
    near = _read_near(source, [window for window, _own in places], plan.score_halo)
    for done, (at, outer, before, after) in enumerate(near):
        told(done)
        window, own = places[at]
        score = window_score(plan, before, after)[window.within(outer)][own]
        known = score[np.isfinite(score)]
        if len(known) and 2 * len(known) >= len(score):
            means[at] = float(known.mean())
    return means


def _read_near(source: Source, windows: Sequence[Window], halo: int) -> Iterator[tuple[int, Window, Bands, Bands]]:
    """The number of each window, what was read for it, and both scenes there, square by square."""

    def square(at: int) -> tuple[int, int]:
        return windows[at].row // BLOCK, windows[at].col // BLOCK

    for _square, near in groupby(sorted(range(len(windows)), key=square), square):
        together = list(near)
        outers = [windows[at].grown(halo, source.rows, source.cols) for at in together]
        read = reduce(Window.joined, outers)
        before, after = source.read(read)
        for at, outer in zip(together, outers, strict=True):
            part = outer.within(read)
            yield at, outer, before[:, *part], after[:, *part]
