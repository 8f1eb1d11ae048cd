"""A finished mask, its patches judged by a re-ranker: what it takes for no change goes, the rest is ordered by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from imagery.detect.features import Alike, row_of
from imagery.detect.masks import Plan
from imagery.detect.trees import Trees
from imagery.execution.patches import patches_of
from imagery.execution.runs import Part, Source

LIKELY = 0.5
"""From here on a patch stays."""


def reranked(
    source: Source, names: Sequence[str], plan: Plan, alike: Alike, parts: Iterable[Part], trees: Trees
) -> Iterator[Part]:
    """The parts again, after the patches of the whole image were judged; mask and scores of it are held meanwhile.

    Args:
        source: the scenes.
        names: which bands they have.
        plan: with its cut.
        alike: the scenes' light.
        parts: all of the image, with scores.
        trees: a trained re-ranker.

    Yields:
        Each part: of the mask what the re-ranker takes for change; scores raised by its opinion of their patch, a
        certain one by the detector's whole range, so that the pixels of a patch keep their order.
    """
    mask, score = np.zeros((source.rows, source.cols), bool), np.full((source.rows, source.cols), np.nan, np.float32)
    windows, span = [], plan.bins.high - plan.bins.start(0)
    for part in parts:
        windows.append(part.window)
        mask[part.window.slices], score[part.window.slices] = part.mask, np.minimum(part.score, plan.bins.high)
    patches = list(patches_of(source, names, plan, alike, mask))
    sure = trees(np.array([row_of(patch.features) for patch in patches])) if patches else ()
    for patch, likely in zip(patches, sure, strict=True):
        here = patch.window.slices
        score[here][patch.inside] += likely * span
        mask[here][patch.inside] = likely >= LIKELY
    for window in windows:
        yield Part(window, mask[window.slices], score[window.slices])
