"""A re-ranker that learns from the county's own reviews: which patches were real change.

Histogram boosting on features of patches; those of one scene are never both learned from and tested on. It is promoted
only if the average precision of all scenes, each judged by a model that did not see it, rises above that of the score
alone. Source: Friedman, Greedy function approximation, Annals of Statistics 29 (2001); Ke et al., LightGBM, 2017, as
scikit-learn's HistGradientBoostingClassifier has it; design notes: .299 → .389 on pixels of 14 Sentinel-2 pairs.

scikit-learn comes where something is learnt, and not before: it and the pandas it looks for are 96 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from imagery.detect.features import FEATURES
from imagery.detect.trees import Trees

FOLDS = 5
LEAST_SCENES, LEAST_EACH = 2, 20
"""Fewer scenes, or fewer patches of either verdict, teach nothing that would hold elsewhere."""

LEAST_GAIN = 0.005
"""Average precision must rise by so much; less is luck."""

Row = NDArray[np.float64]


class TooFewReviewsError(ValueError):
    """There is not enough to learn from."""


@dataclass(frozen=True, eq=False)
class Ranker:
    """A fitted re-ranker and how good it is.

    Attributes:
        trees: the model.
        ap_score: average precision of the score alone, over held-out scenes.
        ap_model: the same of models that did not see the scene they judged.
        reviews: how many patches it learned from.
        scenes: of how many pairs of scenes.
    """

    trees: Trees
    ap_score: float
    ap_model: float
    reviews: int
    scenes: int

    @property
    def is_better(self) -> bool:
        """Whether it deserves to order the queue."""
        return self.ap_model >= self.ap_score + LEAST_GAIN


def trained(rows: NDArray[np.float64], is_change: NDArray[np.bool_], scenes: Sequence[object]) -> Ranker:
    """Learn from reviewed patches and tell how good that is.

    Args:
        rows: (n, features), each ``features.row_of`` of a patch.
        is_change: (n,) what the reviewers decided.
        scenes: (n,) which pair each patch is of.

    Raises:
        TooFewReviewsError: fewer than two scenes or twenty patches of either verdict.
    """
    groups = np.unique(np.array([str(scene) for scene in scenes]), return_inverse=True)[1]
    count, changed = int(groups.max(initial=-1)) + 1, int(is_change.sum())
    if count < LEAST_SCENES or min(changed, len(is_change) - changed) < LEAST_EACH:
        pairs = f"{count} pair{'' if count == 1 else 's'} of scenes"
        raise TooFewReviewsError(f"{changed} of {len(is_change)} reviewed patches changed, in {pairs}")
    with threadpool_limits(1, "openmp"):  # its threads wait by spinning: on a busy machine that takes minutes
        return _judged(rows, is_change, groups, count)


def _judged(rows: NDArray[np.float64], is_change: NDArray[np.bool_], groups: NDArray[np.intp], count: int) -> Ranker:
    from sklearn.model_selection import GroupKFold

    held_out = np.zeros(len(rows))
    for seen, unseen in GroupKFold(min(FOLDS, count)).split(rows, is_change, groups):
        held_out[unseen] = _fitted(rows[seen], is_change[seen])(rows[unseen])
    score = np.nan_to_num(rows[:, FEATURES.index("score_mean")], nan=-np.inf)
    ap_score, ap_model = _by_scene(is_change, np.maximum(score, -1e9), groups), _by_scene(is_change, held_out, groups)
    found = Ranker(grown(rows, is_change), round(ap_score, 4), round(ap_model, 4), len(rows), count)
    figures = {field.name: getattr(found, field.name) for field in fields(found) if field.name != "trees"}
    return replace(found, trees=replace(found.trees, figures=figures))


def grown(rows: NDArray[np.float64], is_change: NDArray[np.bool_], weights: Row | None = None) -> Trees:
    """Trees fitted to patches of either verdict, each with its weight (1 without)."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows = np.where(np.isnan(rows).all(axis=0), 0.0, rows)  # a band that no scene has: scikit-learn finds no bins in it
    model = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.1, max_leaf_nodes=15, min_samples_leaf=10, l2_regularization=1.0, random_state=0
    ).fit(rows, is_change, weights)
    nodes = [one.nodes for (one,) in model._predictors]  # private, but nothing else gives them; tests compare
    first = np.cumsum([0, *map(len, nodes)])
    joined = np.concatenate(nodes)
    start = np.repeat(first[:-1], np.diff(first))
    return Trees(
        roots=first[:-1],
        feature=np.where(joined["is_leaf"], -1, joined["feature_idx"]),
        limit=joined["num_threshold"],
        left=joined["left"] + start,
        right=joined["right"] + start,
        is_missing_left=joined["missing_go_to_left"].astype(bool),
        value=joined["value"],
        base=float(model._baseline_prediction[0, 0]),
    )


@dataclass(frozen=True, eq=False)
class _Constant:
    """Where all of a fold were decided alike there is nothing to tell apart."""

    value: float

    def __call__(self, rows: NDArray[np.float64]) -> Row:
        return np.full(len(rows), self.value)


def _fitted(rows: NDArray[np.float64], is_change: NDArray[np.bool_]) -> _Constant | Trees:
    if is_change.all() or not is_change.any():
        return _Constant(float(is_change[0]))
    return grown(rows, is_change)


def _by_scene(is_change: NDArray[np.bool_], values: Row, groups: NDArray[np.intp]) -> float:
    """The mean over scenes of the average precision within each; scenes without change say nothing."""
    from sklearn.metrics import average_precision_score

    each = [
        average_precision_score(is_change[groups == group], values[groups == group])
        for group in range(int(groups.max()) + 1)
        if is_change[groups == group].any()
    ]
    return float(np.mean(each))
