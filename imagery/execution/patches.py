"""The patches of a finished mask, each with its kind and features; those beside each other are read at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby

import numpy as np

from imagery.detect.features import Alike, features, tolerant
from imagery.detect.kinds import kind_of
from imagery.detect.masks import Mask, Plan, sureness, window_score
from imagery.detect.patches import Box, Patch, boxes, inside
from imagery.detect.sampling import Bands
from imagery.detect.windows import Window
from imagery.execution.runs import Source

BLOCK = 256
"""Patches that begin in one square of so many pixels are read at once: opening the files takes longer than reading."""


def patches_of(source: Source, names: Sequence[str], plan: Plan, alike: Alike, mask: Mask) -> Iterator[Patch]:
    """All patches, square by square from the upper left on.

    Args:
        source: the scenes, as they were detected on (cleared).
        names: which bands they have.
        plan: with its cut.
        alike: the scenes' light.
        mask: (rows, cols) of the whole image.
    """
    usual = alike.usual(names)
    for _square, near in groupby(sorted(boxes(mask), key=_square_of), _square_of):
        together = list(near)
        windows = [box.window.grown(plan.score_halo + 1, source.rows, source.cols) for box in together]
        read = reduce(Window.joined, windows)
        before, after = source.read(read)
        for box, outer in zip(together, windows, strict=True):
            own, part = inside(mask, box), outer.within(read)
            known = _features(names, plan, alike, own, before[:, *part], after[:, *part], box.window.within(outer))
            yield Patch(box.window, own, sureness(plan, known["score_mean"]), kind_of(known, usual), known)


def _square_of(box: Box) -> tuple[int, int]:
    return box.window.row // BLOCK, box.window.col // BLOCK


def _features(
    names: Sequence[str], plan: Plan, alike: Alike, own: Mask, before: Bands, after: Bands, here: tuple[slice, slice]
) -> dict[str, float]:
    """The features of the patch whose pixels are ``own`` of what is ``here`` in the scenes around it."""
    score = window_score(plan, before, after)[here]
    wide = [np.pad(scene, ((0, 0), (1, 1), (1, 1)), mode="edge") for scene in (before, after)]
    still = (plan.bins.of(tolerant(plan.score, wide[0], wide[1])) >= (plan.cut or 0))[here]
    return features(names, before[:, *here], after[:, *here], alike, own & np.isfinite(score), score, still)
