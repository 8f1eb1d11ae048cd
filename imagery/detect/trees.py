"""Boosted trees as numbers: how sure it is that a patch is real change. Learning them is the matter of ``rank``.

Serving needs numpy alone, and the bytes are an ``npz`` that is read without pickle: whoever can write them can make the
queue worse, but run nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagery.detect.features import FEATURES

FORMAT = 1
LIKELY = 0.5
"""From this likelihood on a patch is taken for change, where nothing better was learnt."""

_ARRAYS = {
    **dict.fromkeys(("roots", "feature", "left", "right"), np.int32),
    **dict.fromkeys(("limit", "value"), np.float64),
    "is_missing_left": np.bool_,
}


class CorruptTrees(ValueError):
    """The bytes are no trees of this format, or of other features."""


@dataclass(frozen=True, eq=False)
class Trees:
    """T trees of N nodes; the children of a node come after it.

    Attributes:
        roots: (T,) position of each tree's first node.
        feature: (N,) which number of a patch is asked for, -1 in a leaf.
        limit: (N,) up to it the left child follows.
        left: (N,) position of that child; ``right`` of the other.
        is_missing_left: (N,) whether the left one follows where the number is not known.
        value: (N,) what a leaf adds, log odds.
        base: to which it is added.
        figures: how good they are, and ``cut`` where that was learnt (``labelled``).
    """

    roots: NDArray[Any]
    feature: NDArray[Any]
    limit: NDArray[Any]
    left: NDArray[Any]
    right: NDArray[Any]
    is_missing_left: NDArray[Any]
    value: NDArray[Any]
    base: float
    figures: dict[str, Any] = field(default_factory=dict)

    def __call__(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """How sure each patch is real change, (n,) in 0…1, from (n, features); NaN is what is not known."""
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        which = np.arange(len(rows))[:, None]
        while (asked := self.feature[at]).max(initial=-1) >= 0:
            known = rows[which, np.maximum(asked, 0)]
            is_left = np.where(np.isnan(known), self.is_missing_left[at], known <= self.limit[at])
            at = np.where(asked < 0, at, np.where(is_left, self.left[at], self.right[at]))
        odds = self.base + self.value[at].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)))

    @property
    def cut(self) -> float:
        """The likelihood from which on a patch is kept."""
        return float(self.figures.get("cut", LIKELY))

    def to_bytes(self) -> bytes:
        """As bytes; equal trees give equal ones."""
        about = {"format": FORMAT, "features": FEATURES, "base": self.base, "figures": self.figures}
        text = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
        out = io.BytesIO()
        arrays = {name: getattr(self, name).astype(kind) for name, kind in _ARRAYS.items()}
        np.savez_compressed(out, about=np.frombuffer(text, np.uint8), **arrays)
        return out.getvalue()


def version_of(data: bytes) -> str:
    """The name of trees: the first twelve digits of the SHA-256 of their bytes."""
    return hashlib.sha256(data).hexdigest()[:12]


def from_bytes(data: bytes) -> Trees:
    """Read trees.

    Raises:
        CorruptTrees: the bytes were cut or changed, or are of another format or of other features.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name].astype(kind) for name, kind in _ARRAYS.items()}
            about = json.loads(file["about"].tobytes())
        if (about["format"], tuple(about["features"])) != (FORMAT, FEATURES):
            raise CorruptTrees("the re-ranker is of another version: train it again")
        trees = Trees(**arrays, base=float(about["base"]), figures=dict(about["figures"]))
        is_whole = _is_whole(trees)
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise CorruptTrees(f"no readable re-ranker: {error}") from error
    if not is_whole:
        raise CorruptTrees("the parts of the re-ranker do not fit together")
    return trees


def _is_whole(trees: Trees) -> bool:
    """Whether every walk ends in a leaf: children exist and come after their node."""
    count, inner = len(trees.feature), trees.feature >= 0
    nodes = (trees.feature, trees.limit, trees.left, trees.right, trees.is_missing_left, trees.value)
    if any(one.shape != (count,) for one in nodes) or trees.roots.ndim != 1 or not len(trees.roots):
        return False
    here = np.flatnonzero(inner)
    children = np.concatenate([trees.left[inner], trees.right[inner]]).astype(np.int64)
    return bool(
        (children > np.concatenate([here, here])).all()
        and (children < count).all()
        and ((trees.roots >= 0) & (trees.roots < count)).all()
        and (trees.feature < len(FEATURES)).all()
        and np.isfinite(trees.value).all()
        and np.isfinite(trees.base)
    )
