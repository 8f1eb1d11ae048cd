"""Scores that are lengths of a linear difference of two pixels: CVA, MAD, IR-MAD and ISFA.

All of them are ‖A·x − B·y + c‖ for the bands x before and y after; they differ in how A and B are estimated. The sum is
done band by band in pieces that stay in the processor's cache: quicker than a matrix product that writes all variates,
and every pixel gets the same bits whatever its neighbours are (the edges of a BLAS kernel do not give that).

Sources: Malila, Change vector analysis, LARS Symposia 1980; Nielsen, Conradsen & Simpson, Multivariate alteration
detection (MAD), Remote Sensing of Environment 64 (1998); Nielsen, The regularized iteratively reweighted MAD method,
IEEE Trans. Image Processing 16 (2007); Wu, Du & Zhang, Slow feature analysis for change detection in multispectral
imagery, IEEE Trans. Geoscience and Remote Sensing 52 (2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.special import gammaincc

from imagery.detect.sampling import Bands, Matrix, Moments, Sample, Standard

Plane = NDArray[np.float32]

ITERATIONS = 20
TOLERANCE = 1e-3
"""IR-MAD and ISFA stop when no correlation moves by more. Source: design notes."""

_RIDGE = 1e-7
"""Added to variances of standardised bands, so that two equal bands do not stop the estimate."""

_NOTHING = np.float32(1e-4)
"""Least squared length, a hundredth of a spread: below it lies rounding, and of two equal scenes nothing else is left,
among which a threshold would find some."""

_CHUNK = 1 << 15
"""Pixels at a time: 14 arrays of float32 are 1.8 MB."""


@dataclass(frozen=True, eq=False)
class Distance:
    """A fitted score.

    Attributes:
        left: (k, bands) A.
        right: (k, bands) B.
        offset: (k,) c.
    """

    left: Matrix
    right: Matrix
    offset: Matrix

    def squared(self, before: NDArray[np.float32], after: NDArray[np.float32]) -> Plane:
        """Squared lengths of (bands, n) pixels: (n,) float32, NaN where a band has none."""
        out = np.empty(before.shape[1], np.float32)
        for start in range(0, len(out), _CHUNK):
            part = slice(start, start + _CHUNK)
            out[part] = self._squared(before[:, part], after[:, part])
        return out

    def _squared(self, before: NDArray[np.float32], after: NDArray[np.float32]) -> Plane:
        total = np.zeros(before.shape[1], np.float32)
        variate, term = np.empty_like(total), np.empty_like(total)
        for left, right, offset in zip(self.left, self.right, self.offset, strict=True):
            variate.fill(offset)
            for weights, bands in ((left, before), (-right, after)):
                for band in np.flatnonzero(weights):
                    np.multiply(bands[band], np.float32(weights[band]), out=term)
                    np.add(variate, term, out=variate)
            np.multiply(variate, variate, out=variate)
            np.add(total, variate, out=total)
        return np.maximum(total, _NOTHING, out=total)

    def __call__(self, before: Bands, after: Bands) -> Plane:
        """Lengths of (bands, rows, cols): (rows, cols) float32."""
        bands, rows, cols = before.shape
        flat = self.squared(before.reshape(bands, -1), after.reshape(bands, -1))
        return np.sqrt(flat).reshape(rows, cols)


def _distance(x: Standard, y: Standard, left: Matrix, right: Matrix) -> Distance:
    """From matrices of standardised bands to one of the bands as they are."""
    left, right = left / x.scale, right / y.scale
    return Distance(left, right, right @ y.mean - left @ x.mean)


def cva(sample: Sample) -> Distance:
    """Change vector analysis: each scene's bands with mean 0 and variance 1, then their difference."""
    identity = np.eye(len(sample.before))
    return _distance(Standard.of(sample.before), Standard.of(sample.after), identity, identity)


def mad(sample: Sample) -> Distance:
    """Multivariate alteration detection: every pixel weighs the same."""
    return irmad(sample, iterations=1)


def irmad(sample: Sample, iterations: int = ITERATIONS) -> Distance:
    """MAD, again and again with each pixel weighing as much as it looks unchanged: 1 − F(χ²), k degrees of freedom."""
    x_of, y_of = Standard.of(sample.before), Standard.of(sample.after)
    both = np.concatenate([x_of(sample.before), y_of(sample.after)])
    weights: Matrix | None = None
    known = np.zeros(len(sample.before))
    for _ in range(iterations):
        moments = Moments.of(both, weights)
        left, right, correlations = _canonical(moments.covariance)
        chi = _chi(np.concatenate([left, -right], axis=1), both, moments.mean)
        weights = gammaincc(len(left) / 2, chi / 2)
        if float(np.abs(correlations - known).max()) < TOLERANCE or weights.sum() < 10 * len(both):
            break
        known = correlations
    split = len(left)
    x_mean, y_mean = moments.mean[:split], moments.mean[split:]
    fitted = _distance(x_of, y_of, left, right)
    return Distance(fitted.left, fitted.right, fitted.offset + right @ y_mean - left @ x_mean)


def _canonical(covariance: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Canonical pairs of two sets of bands, each variate divided by the spread of its difference, √(2(1 − ρ)).

    Args:
        covariance: (2k, 2k) of both sets.

    Returns:
        A and B, (k, k) with a variate in each row, and the k correlations.
    """
    size = len(covariance) // 2
    ridge = _RIDGE * np.eye(size)
    within_x, within_y = covariance[:size, :size] + ridge, covariance[size:, size:] + ridge
    across = covariance[:size, size:]
    regression = np.linalg.solve(within_y, across.T)
    squares, a = eigh(across @ regression, within_x)
    b = regression @ a
    b /= np.sqrt(np.maximum(np.einsum("ij,ik,kj->j", b, within_y, b), _RIDGE))
    correlations = np.sqrt(np.clip(squares, 0.0, 1.0))
    spread = np.sqrt(np.maximum(2 * (1 - correlations), _RIDGE))
    return (a / spread).T, (b / spread).T, correlations


def isfa(sample: Sample, iterations: int = ITERATIONS) -> Distance:
    """Iterated slow feature analysis, weighted as IR-MAD is; a comparison only."""
    x_of, y_of = Standard.of(sample.before), Standard.of(sample.after)
    x, y = x_of(sample.before), y_of(sample.after)
    size, weights, known = len(x), None, np.zeros(len(x))
    for _ in range(iterations):
        moments = Moments.of(np.concatenate([x, y]), weights)
        spread = np.sqrt(np.maximum(np.diag(moments.covariance), _RIDGE))
        scaled = moments.covariance / np.outer(spread, spread)
        within = (scaled[:size, :size] + scaled[size:, size:]) / 2 + _RIDGE * np.eye(size)
        across = scaled[:size, size:]
        slowness, features = eigh(2 * within - across - across.T, within)
        rows = (features / np.sqrt(np.maximum(slowness, _RIDGE))).T
        left, right = rows / spread[:size], rows / spread[size:]
        means = moments.mean
        chi = ((left @ (x - means[:size, None]) - right @ (y - means[size:, None])) ** 2).sum(axis=0)
        weights = gammaincc(size / 2, chi / 2)
        if float(np.abs(slowness - known).max()) < TOLERANCE or weights.sum() < 20 * size:
            break
        known = slowness
    fitted = _distance(x_of, y_of, left, right)
    return Distance(fitted.left, fitted.right, fitted.offset + right @ means[size:] - left @ means[:size])


def _chi(rows: Matrix, values: Matrix, mean: Matrix) -> Matrix:
    """Squared length of each pixel's variates, (n,)."""
    variates = rows @ (values - mean[:, None])
    return np.asarray((variates**2).sum(axis=0))
