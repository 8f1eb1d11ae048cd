"""What labelled scenes teach: re-rankers of patches whose right answer is known to the pixel.

A review says yes or no of a patch, labels say how much of it changed; a patch therefore teaches as both, by share. From
which likelihood on a patch is kept is learnt as well: where F1 counts, and change is rare, a half is far too strict.
Source: Lipton, Elkan & Naryanaswamy, Optimal thresholding of classifiers to maximize F1, ECML PKDD 2014 (the best
threshold is half of the best F1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from imagery.detect.rank import FOLDS, LEAST_EACH, TooFewReviewsError, grown
from imagery.detect.scores import f1_of
from imagery.detect.trees import LIKELY, Trees

CUTS = np.arange(0.05, 0.96, 0.05).round(2)
"""Likelihoods that are tried; finer ones would follow the scenes' chance."""


@dataclass(frozen=True, eq=False)
class Studied:
    """The candidate patches of one labelled scene.

    Attributes:
        rows: (n, features), each ``features.row_of`` of a patch.
        changed: (n,) how many of its pixels are labelled as changed.
        unchanged: (n,) how many as unchanged.
        in_all: pixels of the scene that are labelled as changed, in patches or not.
    """

    rows: NDArray[np.float64]
    changed: NDArray[np.int64]
    unchanged: NDArray[np.int64]
    in_all: int

    def f1(self, is_kept: NDArray[np.bool_]) -> float:
        """Of the mask with some of its patches."""
        hits, false = int(self.changed[is_kept].sum()), int(self.unchanged[is_kept].sum())
        return f1_of(hits, false, self.in_all - hits)[2]


def learnt(scenes: Sequence[Studied]) -> Trees:
    """A re-ranker of all these scenes; its figure ``cut`` is the one that served those best that were held out.

    Raises:
        TooFewReviewsError: fewer than twenty patches with change, or without.
    """
    with threadpool_limits(1, "openmp"):  # as in ``rank``
        trees, cut = _grown(scenes), _cut_of(scenes)
    patches = sum(len(one.rows) for one in scenes)
    return replace(trees, figures={"cut": cut, "patches": patches, "scenes": len(scenes)})


def held_out(scenes: Sequence[Studied]) -> list[Trees]:
    """For each scene a re-ranker of scenes of other folds: neither its trees nor its cut know the scene.

    Raises:
        TooFewReviewsError: a single scene, or as ``learnt``.
    """
    if len(scenes) < 2:
        raise TooFewReviewsError("one labelled scene: what learns of it cannot be tried on another")
    return _by_fold(scenes, learnt)


def _by_fold(scenes: Sequence[Studied], learn: Callable[[Sequence[Studied]], Trees]) -> list[Trees]:
    """For each scene what is learnt of those of other folds; with up to five scenes each is a fold."""
    folds = min(FOLDS, len(scenes))
    known = [learn([one for at, one in enumerate(scenes) if at % folds != fold]) for fold in range(folds)]
    return [known[at % folds] for at in range(len(scenes))]


def _grown(scenes: Sequence[Studied]) -> Trees:
    """Trees that tell the share of a patch that changed.

    Scenes weigh alike, patches of one by the root of their size: a hundred neighbouring pixels are no hundred lessons.
    """
    if not scenes:
        raise TooFewReviewsError("no other labelled scene to learn of")
    rows = np.concatenate([one.rows for one in scenes])
    changed, unchanged = (np.concatenate([getattr(one, name) for one in scenes]) for name in ("changed", "unchanged"))
    labelled = changed + unchanged
    least = min(int((2 * changed >= labelled)[labelled > 0].sum()), int((2 * changed < labelled).sum()))
    if least < LEAST_EACH:
        raise TooFewReviewsError(
            f"{least} patches of one kind (changed, unchanged) in {len(scenes)} labelled scenes; {LEAST_EACH} teach"
        )
    root = np.sqrt(labelled)
    whose = np.repeat(np.arange(len(scenes)), [len(one.rows) for one in scenes])
    weight = root / np.maximum(np.bincount(whose, root, len(scenes)), 1e-9)[whose]
    share = changed / np.maximum(labelled, 1)
    weights = np.concatenate([weight * share, weight * (1 - share)])
    teaches = weights > 0
    rows, is_change = np.concatenate([rows, rows])[teaches], np.repeat([True, False], len(labelled))[teaches]
    return grown(rows, is_change, weights[teaches] / weights[teaches].mean())


def _cut_of(scenes: Sequence[Studied]) -> float:
    """The likelihood from which on patches are kept: the best mean F1 of scenes, each judged by trees of others."""
    try:
        likely = [trees(one.rows) for trees, one in zip(_by_fold(scenes, _grown), scenes, strict=True)]
    except TooFewReviewsError:  # of all but one fold
        return LIKELY
    means = [np.mean([one.f1(sure >= cut) for one, sure in zip(scenes, likely, strict=True)]) for cut in CUTS]
    return float(CUTS[int(np.argmax(means))])
