"""By how much the later scene lies beside the earlier one: phase correlation of edges, on tiles all over the image.

Source: Kuglin & Hines, The phase correlation image alignment method, IEEE Conf. Cybernetics and Society 1975; the peak
is refined by a parabola through its neighbours. Edges rather than values: a field that ripened keeps its outline.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from imagery.detect.faults import Fault
from imagery.detect.sampling import Bands
from imagery.detect.windows import Window

SIDE = 256
MOST_SHIFT = 2.0
"""Pixels of the scene; what is farther off is refused. Source: issue 6."""

_LEAST_SIDE = 16
"""Pixels; in a narrower strip two pixels are no longer few."""

_TILES = 5
"""Along each side of the image, at most."""

_CLEAR = 10.0
"""A peak so many deviations above the rest is one: noise reaches 7, Taizhou 85."""

_KNOWN = 0.25
"""A tile of whose pixels less than that are known in both scenes tells nothing."""

_FADE = 8
"""Pixels over which edges fade out towards what is not known: where data end is no edge of the ground, and a mask lies
where it does however the ground has moved. Half a pixel below one mask of both scenes comes out as 0.26–0.37 without,
0.40–0.43 with 2, 0.46–0.48 with 4, 0.49–0.51 with 8 (invented scenes, tests)."""

_AGREE = 1.0
"""Tiles agree when half of them lie within so many pixels of the median."""


class ShiftError(Fault):
    """Two scenes lie too far beside each other to be compared."""


@dataclass(frozen=True)
class Shift:
    """How far what is seen at (row, col) before is moved in the later scene, in pixels of the grid.

    Attributes:
        rows: downwards.
        cols: to the right.
        tiles: how many tiles told it.
        edge: of a pixel of the grid, in pixels of the scene: the grid that it is kept on may be finer.
    """

    rows: float
    cols: float
    tiles: int
    edge: float = 1

    @property
    def pixels(self) -> float:
        """Its length, in pixels of the scene."""
        return self.edge * float(np.hypot(self.rows, self.cols))

    @property
    def whole(self) -> tuple[int, int]:
        """Rows and columns by which the later scene is read elsewhere, in whole pixels: nothing is interpolated."""
        return round(self.rows), round(self.cols)


def tiles(rows: int, cols: int) -> list[Window]:
    """Where to look: up to 25 squares, evenly over the image."""
    height, width = min(SIDE, rows), min(SIDE, cols)
    starts = [
        sorted({round(at) for at in np.linspace(0, side - size, min(_TILES, -(-side // size)))})
        for side, size in ((rows, height), (cols, width))
    ]
    return [Window(row, col, height, width) for row in starts[0] for col in starts[1]]


def shift_of(pairs: Iterable[tuple[Bands, Bands]], edge: float = 1) -> Shift | None:
    """The median shift of some tiles, or None where they do not agree (water, cloud, another season everywhere).

    Args:
        pairs: (bands, rows, cols) of both scenes for each tile.
        edge: as of ``Shift``.

    Raises:
        ShiftError: it is more than ``MOST_SHIFT``.
    """
    found = [moved for before, after in pairs if (moved := _tile_shift(before, after)) is not None]
    if not found:
        return None
    every = np.array(found)
    middle = np.median(every, axis=0)
    apart = np.abs(every - middle).max(axis=1)
    if float(np.median(apart)) > _AGREE:
        return None
    shift = Shift(float(middle[0]), float(middle[1]), len(found), edge)
    if shift.pixels > MOST_SHIFT:
        raise ShiftError(
            f"The scenes lie {shift.pixels:.1f} pixels beside each other; register them first (up to "
            f"{MOST_SHIFT:.0f} pixels are put right).",
            "shift",
            px=round(shift.pixels, 1),
            most=MOST_SHIFT,
        )
    return shift


def _tile_shift(before: Bands, after: Bands) -> tuple[float, float] | None:
    if min(before.shape[1:]) < _LEAST_SIDE:
        return None
    edges = _edges(before), _edges(after)
    known = np.isfinite(edges[0]) & np.isfinite(edges[1])
    if known.mean() < _KNOWN or min(float(edge[known].std()) for edge in edges) < 1e-9:
        return None
    window = np.outer(np.hanning(known.shape[0]), np.hanning(known.shape[1]))
    if not known.all():
        window *= np.minimum(ndimage.distance_transform_edt(known) / _FADE, 1)
    spectra = [fft.rfft2(np.where(known, edge - edge[known].mean(), 0) * window) for edge in edges]
    cross = spectra[1] * np.conj(spectra[0])
    surface = fft.irfft2(cross / np.maximum(np.abs(cross), 1e-12), s=known.shape)
    peak = np.unravel_index(int(np.argmax(surface)), surface.shape)
    if float(surface[peak]) < _CLEAR * float(surface.std()):
        return None
    return _refined(surface, int(peak[0]), 0, int(peak[1])), _refined(surface, int(peak[1]), 1, int(peak[0]))


def _edges(scene: Bands) -> NDArray[np.float64]:
    """Length of the gradient of the bands' mean, NaN where there is no data and beside it."""
    down, right = np.gradient(scene.mean(axis=0).astype(np.float64))
    return np.asarray(np.hypot(down, right))


def _refined(surface: NDArray[np.float64], at: int, axis: int, other: int) -> float:
    """The peak along one axis, between pixels, from −size/2 on."""
    line = surface[:, other] if axis == 0 else surface[other]
    size = len(line)
    low, here, high = (float(line[(at + step) % size]) for step in (-1, 0, 1))
    bend = low - 2 * here + high
    part = 0.5 * (low - high) / bend if bend < 0 else 0.0
    return (at if at <= size // 2 else at - size) + part
