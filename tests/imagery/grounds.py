"""Three scenes of one invented ground, and what was planted in them: what came and stayed, went again, or came late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tests.imagery.pairs import COVERS, SEASON

SLOT = 36
"""Edge of the square that each planted patch has for itself, in pixels of 10 m."""

STAYS, GOES, COMES, NEAR = "stays", "goes", "comes", "near"
"""From the second scene on; in the second only; in the third only; in the third only, 20–60 m beside one that stays."""

WISHED = {STAYS: 300, GOES: 40, COMES: 30}
NEARS = 40


@dataclass(frozen=True)
class Planted:
    """A patch of another cover; ``at`` its rows and columns."""

    role: str
    cover: str
    at: tuple[slice, slice]


@dataclass(frozen=True)
class Ground:
    """Scenes A, B and C, (bands, rows, cols), and what was planted."""

    scenes: tuple[np.ndarray, np.ndarray, np.ndarray]
    planted: tuple[Planted, ...]

    def of(self, *roles: str) -> list[int]:
        """Numbers of what has one of these roles."""
        return [number for number, one in enumerate(self.planted) if one.role in roles]


def ground(seed: int, shift: float = 0.5) -> Ground:
    """Fields, houses and ponds at three dates: each with its own light, haze, noise and ripeness; the third moved.

    Args:
        seed: of everything.
        shift: pixels by which the third scene lies lower and farther right.
    """
    draw = np.random.default_rng(seed)
    side = SLOT * int(np.ceil(np.sqrt(sum(WISHED.values()))))
    cell = ndimage.zoom(draw.random((side // 12, side // 12)), 12, order=0)
    kind = np.where(cell > 0.93, 2, np.where(cell < 0.04, 3, 0))
    planted = _planted(draw, kind, side // SLOT)
    light = ndimage.gaussian_filter(draw.normal(0, 1, (side, side)), 1.5) * 0.25 + 1
    scenes = [_scene(draw, _at(turn, kind, planted), cell, light) for turn in range(3)]
    moved = ndimage.shift(scenes[2], (0, shift, shift), order=1, mode="nearest").astype(np.float32)
    return Ground((scenes[0], scenes[1], moved), tuple(planted))


def _planted(draw: np.random.Generator, kind: np.ndarray, slots: int) -> list[Planted]:
    roles = draw.permutation(np.repeat(list(WISHED), list(WISHED.values())))
    planted, nears = [], NEARS
    for number, role in enumerate(roles):
        row, col = (SLOT * n + int(draw.integers(4, 7)) for n in divmod(number, slots))
        height, width = draw.integers(4, 9, 2)
        planted.append(
            Planted(str(role), _other(draw, kind, row, col), (slice(row, row + height), slice(col, col + width)))
        )
        if role == STAYS and nears:
            nears -= 1
            beside = col + width + int(draw.integers(2, 7))
            at = slice(row, row + int(draw.integers(4, 9))), slice(beside, beside + int(draw.integers(4, 9)))
            planted.append(Planted(NEAR, _other(draw, kind, row, beside), at))
    return planted


def _other(draw: np.random.Generator, kind: np.ndarray, row: int, col: int) -> str:
    """Another cover than those that lie there."""
    here = set(np.unique(kind[row : row + 9, col : col + 9]))
    return tuple(COVERS)[draw.choice([n for n in range(len(COVERS)) if n not in here])]


def _at(turn: int, kind: np.ndarray, planted: list[Planted]) -> np.ndarray:
    """What covers the ground in a scene."""
    there = {0: (), 1: (STAYS, GOES), 2: (STAYS, COMES, NEAR)}[turn]
    covers = kind.copy()
    for one in planted:
        if one.role in there:
            covers[one.at] = tuple(COVERS).index(one.cover)
    return covers


def _scene(draw: np.random.Generator, covers: np.ndarray, cell: np.ndarray, light: np.ndarray) -> np.ndarray:
    tones = np.array(list(COVERS.values()), np.float32)
    scene = tones[covers].transpose(2, 0, 1) * light
    own = (cell * 97 + draw.random()) % 1  # another crop on each field in each year
    scene = scene + 0.3 * np.array(SEASON, np.float32)[:, None, None] * (own * (covers == 0))
    scene = scene * draw.uniform(0.92, 1.08) + draw.uniform(0, 120)
    return (scene + draw.normal(0, 25, scene.shape)).astype(np.float32)
