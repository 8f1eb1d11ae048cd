"""From a mask to patches: boxes of what hangs together, found strip by strip; then one patch at a time.

A patch of a county's mask may cross any number of strips; only its box, its size and one of its pixels are kept, so
labels of the whole image (four bytes a pixel) are never held.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from imagery.detect.masks import Mask
from imagery.detect.windows import Window

STRIP = 64
"""Rows of a strip: labels and their counts, 12 bytes a pixel, are 34 MB of the widest picture (``reading.MOST_PIXELS``
as a square) instead of 550 with 1,024 rows, and sooner done because they stay in the processor's cache."""

_EIGHT = np.ones((3, 3), np.int8)

Marks = NDArray[np.uint8]
"""(rows, cols) of an image: 0 nothing, 1 changed, ``STILL`` changed wherever the earlier scene lies, up to one pixel to
any side (``imagery.detect.edges``)."""

STILL = 2


@dataclass
class Box:
    """A patch as its box.

    Attributes:
        window: the smallest that holds it.
        seed: row and column of one of its pixels.
        pixels: how many it has; ``still`` of them that are marked so.
    """

    window: Window
    seed: tuple[int, int]
    pixels: int
    still: int = 0

    @property
    def tolerant(self) -> float:
        """Share of it that survives a shift of one pixel, 0…1."""
        return self.still / self.pixels

    def joined(self, other: Box) -> Box:
        """Both as one."""
        whole = self.window.joined(other.window)
        return Box(whole, min(self.seed, other.seed), self.pixels + other.pixels, self.still + other.still)


@dataclass
class _Forest:
    """Boxes by number, and which number now stands for which (union-find with path halving)."""

    parents: list[int] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def add(self, box: Box) -> int:
        self.parents.append(len(self.parents))
        self.boxes.append(box)
        return len(self.boxes) - 1

    def root(self, number: int) -> int:
        while self.parents[number] != number:
            self.parents[number] = self.parents[self.parents[number]]
            number = self.parents[number]
        return number

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self.parents[second] = first
            self.boxes[first] = self.boxes[first].joined(self.boxes[second])


def boxes(marks: Marks, strip: int = STRIP) -> list[Box]:
    """Patches (neighbours by side or corner) of a whole mask, by their seeds; the same for every height of strips."""
    forest, above = _Forest(), np.zeros(marks.shape[1], np.int64)
    for row in range(0, len(marks), strip):
        part = marks[row : row + strip]
        labels, _count = ndimage.label(part, _EIGHT)
        numbers = _numbered(labels, part == STILL, row, forest)
        top = numbers[labels[0]]
        for one, other in _touching(above, top):
            forest.join(one - 1, other - 1)
        above = numbers[labels[-1]]
    roots = [box for number, box in enumerate(forest.boxes) if forest.parents[number] == number]
    return sorted(roots, key=lambda box: box.seed)


def _numbered(labels: NDArray[np.int32], still: Mask, row: int, forest: _Forest) -> NDArray[np.int64]:
    """The number, from 1, in the forest for each label of a strip that begins at ``row``; 0 for 0."""
    sizes = np.bincount(labels.ravel())
    stills = np.bincount(labels[still], minlength=len(sizes))
    numbers = np.zeros(len(sizes), np.int64)
    for label, (down, right) in enumerate(ndimage.find_objects(labels), start=1):
        col = right.start + int(np.argmax(labels[down.start, right] == label))
        window = Window(row + down.start, right.start, down.stop - down.start, right.stop - right.start)
        numbers[label] = forest.add(Box(window, (row + down.start, col), int(sizes[label]), int(stills[label]))) + 1
    return numbers


def _touching(above: NDArray[np.int64], below: NDArray[np.int64]) -> set[tuple[int, int]]:
    """Pairs of numbers that meet across two rows, straight or by a corner."""
    pairs: set[tuple[int, int]] = set()
    width = len(above)
    for step in (-1, 0, 1):
        upper = above[max(step, 0) : width + min(step, 0)]
        lower = below[max(-step, 0) : width + min(-step, 0)]
        meet = (upper > 0) & (lower > 0)
        pairs.update(zip(upper[meet].tolist(), lower[meet].tolist(), strict=True))
    return pairs


@dataclass(frozen=True, eq=False)
class Patch:
    """One patch and what is known of it.

    Attributes:
        window: its box.
        inside: (height, width) its pixels in the box.
        score: how sure detection is, 0…1 (``masks.sureness``).
        kind: what the ground has become, as ``kinds.kind_of`` proposes it.
        features: by name, see ``imagery.detect.features``.
    """

    window: Window
    inside: Mask
    score: float
    kind: str
    features: dict[str, float]

    @property
    def area_px(self) -> int:
        """How many pixels it has."""
        return int(self.inside.sum())

    @property
    def rows(self) -> NDArray[np.int64]:
        """The rows of its pixels in the image, (area_px,)."""
        return np.asarray(np.nonzero(self.inside)[0] + self.window.row)

    @property
    def cols(self) -> NDArray[np.int64]:
        """Their columns."""
        return np.asarray(np.nonzero(self.inside)[1] + self.window.col)


def inside(marks: Marks, box: Box) -> Mask:
    """The pixels of one patch in its box: those of the mask that hang together with its seed."""
    labels, _count = ndimage.label(marks[box.window.slices], _EIGHT)
    seed = labels[box.seed[0] - box.window.row, box.seed[1] - box.window.col]
    return np.asarray(labels == seed)
