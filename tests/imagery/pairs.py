"""Two small scenes of one invented ground: fields that ripen, a town, water, and patches that really changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

COVERS = {  # reflectance × 10,000 of blue, green, red, nir, swir1, swir2
    "field": (500, 900, 800, 2800, 1900, 1100),
    "bare": (1300, 1600, 1900, 2400, 2900, 2500),
    "built": (2100, 2200, 2300, 2500, 2600, 2400),
    "water": (600, 600, 400, 200, 100, 60),
}
SEASON = (40, 160, 620, -900, 500, 520)
"""What ripening adds to a field."""


@dataclass(frozen=True)
class Pair:
    before: np.ndarray
    after: np.ndarray
    changed: np.ndarray
    kinds: dict[str, tuple[slice, slice]]


def pair(rows=160, cols=160, seed=3, season=1.0, bands=6):
    """A pair with 12 changed patches; ``season`` is how far the fields ripened, each its own way."""
    draw = np.random.default_rng(seed)
    covers = np.array(list(COVERS.values()), np.float32)
    fields = ndimage.zoom(draw.random((rows // 16, cols // 16)), 16, order=0)[:rows, :cols]
    kind = np.where(fields > 0.9, 2, np.where(fields < 0.06, 3, 0))
    light = ndimage.gaussian_filter(draw.normal(0, 1, (rows, cols)), 1.5) * 0.25 + 1
    before = covers[kind].transpose(2, 0, 1) * light
    later, changed, kinds = kind.copy(), np.zeros((rows, cols), bool), {}
    for number in range(12):
        height, width = draw.integers(5, 10, 2)
        at = slice(r := draw.integers(2, rows - 12), r + height), slice(c := draw.integers(2, cols - 12), c + width)
        if changed[at].any() or (kind[at] != 0).any():
            continue
        changed[at], later[at] = True, 1 + number % 3
        kinds[tuple(COVERS)[1 + number % 3]] = at
    after = covers[later].transpose(2, 0, 1) * light
    ripe = season * fields * (later == 0)
    after = after + np.array(SEASON, np.float32)[:, None, None] * ripe
    after = after * 1.07 + 60  # another day, another sun
    noise = draw.normal(0, 25, (2, 6, rows, cols))
    return Pair(
        (before + noise[0]).astype(np.float32)[:bands], (after + noise[1]).astype(np.float32)[:bands], changed, kinds
    )
