"""Edges that moved: where the scenes do not lie on each other to the pixel, every bright edge looks like a change.

What changed is changed as well when the earlier scene lies a pixel to any side; of an edge that moved hardly anything
is. Pixels are judged window by window, the veto is of whole patches.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from imagery.detect.distances import Plane
from imagery.detect.masks import Mask, Plan, sized
from imagery.detect.patches import STILL, Box, Marks, boxes, inside
from imagery.detect.sampling import Bands
from imagery.detect.windows import Window

VETOED = 0.2
"""A patch of which less survives may be an edge that moved, and no change. Measured in docs/adr/0022."""

_SHIFTS = tuple(product((-1, 0, 1), repeat=2))


def window_still(plan: Plan, before: Bands, after: Bands, mask: Mask, window: Window, outer: Window) -> Mask:
    """Which pixels of a window's mask are changed wherever the earlier scene lies, up to one pixel to any side.

    Args:
        plan: with its cut.
        before: (bands, rows, cols) of ``outer``.
        after: the same of the later scene.
        mask: (height, width) of ``window``, as ``window_mask`` gave it.
        window: the window.
        outer: what was read, with ``plan.rim`` around or up to the image's edge.

    Returns:
        (height, width). Source: robust change vector analysis, Thonfeld et al., Int. J. Applied Earth Observation 50
        (2016); where a shifted pixel has no data it says nothing.
    """
    still = np.zeros_like(mask)
    if plan.detector_halo:
        for box in ndimage.find_objects(sized(mask, 1)[0]):
            still[box] = mask[box] & _of_box(plan, before, after, box, window, outer)
    elif mask.any():
        rows, cols = np.nonzero(mask)
        left = _of_pixels(plan, before, after, rows + window.row - outer.row, cols + window.col - outer.col)
        still[rows[left], cols[left]] = True
    return still


def _survives(plan: Plan, score: Plane) -> Mask:
    """Changed, or nothing is known."""
    return np.asarray((plan.bins.of(score) >= (plan.cut or 0)) | np.isnan(score))


def _of_pixels(
    plan: Plan, before: Bands, after: Bands, rows: NDArray[np.int64], cols: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Numbers of those of some pixels, (n,): for detectors that look at no neighbours."""
    bands, height, width = after.shape
    earlier, here = before.reshape(bands, -1), after.reshape(bands, -1).take(rows * width + cols, axis=1)
    left = np.arange(len(rows))
    for down, right in _SHIFTS:  # of an edge, and of noise, most are gone after one or two
        at = np.clip(rows[left] + down, 0, height - 1) * width + np.clip(cols[left] + right, 0, width - 1)
        kept = _survives(plan, plan.score(earlier.take(at, axis=1)[:, None], here[:, None])[0])
        here, left = here[:, kept], left[kept]
    return left


def _of_box(plan: Plan, before: Bands, after: Bands, box: tuple[slice, slice], window: Window, outer: Window) -> Mask:
    """The same for all pixels of a box of the window, with the neighbours that the detector looks at."""
    tall, wide = box
    own = Window(window.row + tall.start, window.col + wide.start, tall.stop - tall.start, wide.stop - wide.start)
    rows, cols = outer.row + outer.height, outer.col + outer.width
    near = own.grown(plan.detector_halo + 1, rows, cols)
    before, after = before[:, *near.within(outer)], after[:, *near.within(outer)]
    around, left = np.pad(before, ((0, 0), (1, 1), (1, 1)), mode="edge"), np.ones(after.shape[1:], bool)
    for down, right in _SHIFTS:
        moved = around[:, 1 + down : 1 + down + near.height, 1 + right : 1 + right + near.width]
        left &= _survives(plan, plan.score(np.ascontiguousarray(moved), after))
    return left[own.within(near)]


def standing(marks: Marks, least: int) -> tuple[list[Box], int]:
    """Take the patches that are edges which moved out of a whole mask, in place.

    Those of which hardly anything survives, and no part that were a patch by itself: a long edge may hold a new roof.

    Args:
        marks: of the whole image.
        least: minimum mapping unit in pixels.

    Returns:
        Boxes of the others, by their seeds; how many went.
    """
    stay, gone = [], 0
    for box in boxes(marks):
        if box.tolerant < VETOED:
            here, own = marks[box.window.slices], inside(marks, box)
            if not sized(own & (here == STILL), least)[1].any():
                here[own] = 0
                gone += 1
                continue
        stay.append(box)
    return stay, gone
