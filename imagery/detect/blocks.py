"""PCA-kmeans: a pixel's neighbourhood of change, in a few components, and which of two groups it is nearer to.

Source: Celik, Unsupervised change detection in satellite images using principal component analysis and k-means
clustering, IEEE Geoscience and Remote Sensing Letters 6 (2009). h = 4 and S = 3 are the paper's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from imagery.detect.distances import Distance, Plane, cva
from imagery.detect.sampling import Bands, Matrix, Sample

BLOCK = 4
COMPONENTS = 3
_ROUNDS = 50
_BEFORE = BLOCK // 2 - 1
"""The neighbourhood begins so many pixels above and left of its pixel."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """A fitted score: how much nearer a neighbourhood is to the changed group than to the other.

    Attributes:
        magnitude: the change vector's length.
        components: (S, h, h).
        unchanged: (S,) the middle of one group, in components.
        changed: (S,) of the other.
        mean: a neighbourhood's mean; stands where a pixel has no data.
    """

    magnitude: Distance
    components: Matrix
    unchanged: Matrix
    changed: Matrix
    mean: float

    def __call__(self, before: Bands, after: Bands) -> Plane:
        """Scores of (bands, rows, cols): (rows, cols) float32, above 0 where changed."""
        length = self.magnitude(before, after)
        empty = ~np.isfinite(length)
        filled = np.where(empty, np.float32(self.mean), length)
        away = np.zeros((2, *length.shape), np.float32)
        for component, still, moved in zip(self.components, self.unchanged, self.changed, strict=True):
            # correlate's origin: the kernel's middle is h // 2; ours begins _BEFORE above the pixel
            shift = _BEFORE - BLOCK // 2
            value = ndimage.correlate(filled, component, mode="nearest", origin=(shift, shift))
            away[0] += (value - np.float32(still)) ** 2
            away[1] += (value - np.float32(moved)) ** 2
        score: Plane = np.sqrt(away[0]) - np.sqrt(away[1])
        score[empty] = np.nan
        return score


def pca_kmeans(sample: Sample) -> Blocks:
    """Components of the lattice's blocks, and two groups of them, from those that Otsu's cut of their means gives."""
    magnitude = cva(sample)
    length = np.sqrt(magnitude.squared(sample.before, sample.after)).astype(np.float64)
    blocks = length.reshape(-1, sample.block**2)
    spread = np.cov(blocks.T)
    axes = np.linalg.eigh(spread)[1][:, ::-1][:, :COMPONENTS]
    axes = axes * np.where(axes.sum(axis=0) < 0, -1.0, 1.0)  # the sign of an eigenvector is nobody's: make it ours
    values = blocks @ axes
    unchanged, changed = _two_groups(values, blocks.mean(axis=1))
    components = axes.T.reshape(COMPONENTS, sample.block, sample.block)
    return Blocks(magnitude, components, unchanged, changed, float(blocks.mean()))


def _two_groups(values: Matrix, means: Matrix) -> tuple[Matrix, Matrix]:
    """Lloyd's k-means with k = 2: the middles of the calmer and of the other group."""
    high = means > means.mean() + means.std()
    if not high.any() or high.all():
        return values.mean(axis=0), values.mean(axis=0) + values.std(axis=0) + 1.0
    for _ in range(_ROUNDS):
        middles = values[~high].mean(axis=0), values[high].mean(axis=0)
        apart = [((values - middle) ** 2).sum(axis=1) for middle in middles]
        nearer = apart[1] < apart[0]
        if bool((nearer == high).all()) or not nearer.any() or nearer.all():
            break
        high = nearer
    return middles
