"""The patches of a finished mask, each with its kind and features, read one box at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from imagery.detect.features import Alike, features, tolerant
from imagery.detect.kinds import kind_of
from imagery.detect.masks import Mask, Plan, sureness, window_score
from imagery.detect.patches import Patch, boxes, inside
from imagery.detect.windows import Window
from imagery.execution.runs import Source


def patches_of(source: Source, names: Sequence[str], plan: Plan, alike: Alike, mask: Mask) -> Iterator[Patch]:
    """All patches, from the upper left on.

    Args:
        source: the scenes, as they were detected on (cleared).
        names: which bands they have.
        plan: with its cut.
        alike: the scenes' light.
        mask: (rows, cols) of the whole image.
    """
    usual = alike.usual(names)
    for box in boxes(mask):
        own = inside(mask, box)
        known = _features(source, names, plan, alike, own, box.window)
        yield Patch(box.window, own, sureness(plan, known["score_mean"]), kind_of(known, usual), known)


def _features(
    source: Source, names: Sequence[str], plan: Plan, alike: Alike, own: Mask, window: Window
) -> dict[str, float]:
    """The features of the patch whose pixels in ``window`` are ``own``."""
    outer = window.grown(plan.score_halo + 1, source.rows, source.cols)
    before, after = source.read(outer)
    here = window.within(outer)
    score = window_score(plan, before, after)[here]
    wide = [np.pad(scene, ((0, 0), (1, 1), (1, 1)), mode="edge") for scene in (before, after)]
    still = (plan.bins.of(tolerant(plan.score, wide[0], wide[1])) >= (plan.cut or 0))[here]
    return features(names, before[:, *here], after[:, *here], alike, own & np.isfinite(score), score, still)
