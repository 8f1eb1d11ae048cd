"""Where the names of a printed map go: the most important first, and none touches another.

The rules are those of frontend/src/layers/labels.ts, so that paper and screen look alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in pixels of the picture."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name that wants a place.

    Attributes:
        kind: "township", "village", "water" or "here" (the place that the map is about).
        x, y: its point, pixels.
        rank: among those of its kind; 1 is most important.
    """

    text: str
    kind: str
    x: float
    y: float
    rank: int = 5


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of name is written: pixels, CSS weight, em between letters, degrees to the left."""

    size: float
    weight: int
    spacing: float
    token: str
    lean: float = 0


LOOKS = {
    "here": Look(16, 700, 0.04, "map-sel"),
    "township": Look(13, 600, 0.08, "map-label"),
    "water": Look(11, 400, 0.25, "map-label-water", 12),
    "village": Look(10.5, 400, 0, "map-label-2"),
}
_IMPORTANCE = {kind: place for place, kind in enumerate(LOOKS)}
_LINE = 1.25
_OFFSETS = ((0, 0), (0, 1.6), (0, -1.6), (0, 2.6), (0, -2.6), (0.62, 0), (-0.62, 0))
"""Spots around the point: widths to the right, heights down."""


@dataclass(frozen=True, slots=True)
class Written:
    """A name and the middle of the place that it got, pixels."""

    name: Name
    look: Look
    x: float
    y: float
    spacing: float


def place(names: Iterable[Name], frame: Box, taken: Iterable[Box]) -> list[Written]:
    """The names that fit into the frame; one for which every spot is taken is left out."""
    boxes, written = list(taken), list[Written]()
    for name in sorted(names, key=lambda name: (_IMPORTANCE[name.kind], name.rank, name.text)):
        look = LOOKS[name.kind]
        spacing = look.spacing if any(_is_wide(letter) for letter in name.text) else 0
        width = text_width(name.text, look.size * (1 + spacing)) + 4
        box = _fit(name, width, look.size * _LINE, frame, boxes)
        if box:
            boxes.append(box)
            written.append(Written(name, look, box.x + box.w / 2, box.y + box.h / 2, spacing * look.size))
    return written


def _fit(name: Name, width: float, height: float, frame: Box, taken: list[Box]) -> Box | None:
    for right, down in _OFFSETS:
        x, y = name.x - width / 2 + right * (width + 22), name.y - height / 2 + down * height
        box = Box(x, y, width, height)
        if _within(box, frame) and not any(overlap(box, other) for other in taken):
            return box
    return None


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def _within(box: Box, frame: Box) -> bool:
    inside_x = frame.x <= box.x and box.x + box.w <= frame.x + frame.w
    return inside_x and frame.y <= box.y and box.y + box.h <= frame.y + frame.h


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def text_width(text: str, size: float) -> float:
    """Upper bound of the width, pixels: a Chinese character is one em wide, other letters 0.56 in the faces used."""
    return sum(1 if _is_wide(letter) else 0.56 for letter in text) * size
