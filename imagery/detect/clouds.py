"""Where clouds hide the ground: as somebody's mask says it, else bright, white and as bright in the near infrared, over
more ground than a roof.

Source: the spectral tests of Zhu & Woodcock, Object-based cloud and cloud shadow detection in Landsat imagery (Fmask),
Remote Sensing of Environment 118 (2012): whiteness < 0.7 of the visible bands' mean. Scenes come as digital numbers as
often as reflectance, so "bright" is told by the scene's own pixels instead of their 0.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagery.detect.masks import Mask, eroded, spread
from imagery.detect.sampling import Bands
from imagery.detect.windows import Window

WHITENESS = 0.7
_BRIGHT = 4.0
"""So many robust deviations above the median of all pixels; roofs reach it as well, but are smaller than a cloud."""

_TO_DEVIATION = 1.4826
CORE, MARGIN = 3, 5
"""A cloud's core is 7 × 7 pixels at least; its haze reaches 5 pixels farther."""

LEAST_M, MOST_CORE = 150.0, 75
"""And so many metres each way: few halls are, and a cloud that is left in is seen, a roof that is left out is not.
Where that takes more than ``MOST_CORE`` pixels to every side, below a metre, nobody estimates clouds."""

EDGE = 3
"""Pixels by which the clouds of somebody's mask go on: sensor and warping mix cloud and ground, and the mask may be
coarser. Of 50 patches found on invented scenes 39 were such edges, with 2 pixels one of 29, with 3 none (tests)."""


@dataclass(frozen=True)
class CloudCodes:
    """What the values of a cloud mask mean.

    Attributes:
        cloud: values, or numbers of bits from 0, that say cloud; () for all values but 0.
        shadow: the same for a cloud's shadow.
        is_bits: whether these are bits.
        most: the largest value that there is, of those from 0; None: any may be.
    """

    cloud: tuple[int, ...] = ()
    shadow: tuple[int, ...] = ()
    is_bits: bool = False
    most: int | None = None

    def __call__(self, values: NDArray[np.integer]) -> NDArray[np.uint8]:
        """0 clear, 1 cloud, 2 shadow, of the same shape."""
        if not self.cloud:
            return np.asarray(values != 0).astype(np.uint8)
        is_cloud, is_shadow = self._has(values, self.cloud), self._has(values, self.shadow)
        return np.where(is_cloud, np.uint8(1), np.where(is_shadow, np.uint8(2), np.uint8(0)))

    def _has(self, values: NDArray[np.integer], wanted: tuple[int, ...]) -> Mask:
        if self.is_bits:
            return np.asarray(values & sum(1 << bit for bit in wanted) != 0)
        return np.isin(values, wanted)


CLOUD_CODES = {
    "scl": CloudCodes((8, 9, 10), (3,), most=11),
    "qa60": CloudCodes((10, 11), (), is_bits=True),
    "qa_pixel": CloudCodes((1, 2, 3), (4,), is_bits=True),
    "mask": CloudCodes(),
}
"""Sources: Sentinel-2 level 2A scene classification (medium and high probability, cirrus; shadow; snow is 11) and QA60
(opaque, cirrus), ESA; Landsat collection 2 QA_PIXEL (dilated, cirrus, cloud; shadow), USGS LSDS-1619. Others: all but
0."""


def widened(mask: Mask, pixels: int) -> Mask:
    """A mask and so many pixels around it; right from ``pixels`` inside on."""
    for _ in range(pixels):
        mask = spread(mask)
    return mask


def hidden(masked: Callable[[Window], Mask], window: Window, rows: int, cols: int) -> Mask:
    """What somebody's mask of clouds and the edges around them (``EDGE``) hide, (height, width) of a window.

    Args:
        masked: reads the mask of a window, (height, width).
        window: where.
        rows: of the whole image; beyond it there are no clouds.
        cols: the same.
    """
    outer = window.grown(EDGE, rows, cols)
    return widened(masked(outer), EDGE)[window.within(outer)]


def codes_key(name: str) -> str:
    """Key of ``CLOUD_CODES`` by the name of a file."""
    return next((key for key in ("scl", "qa60", "qa_pixel") if key in name.lower()), "mask")


@dataclass(frozen=True)
class CloudRule:
    """What is bright in one scene.

    Attributes:
        visible: positions of its visible bands.
        infrared: position of the near infrared, or None.
        bright: the visible bands' mean from which on it is.
        infrared_bright: the same of the near infrared.
        core: pixels from the middle of the smallest cloud to its sides.
    """

    visible: tuple[int, ...]
    infrared: int | None
    bright: float
    infrared_bright: float
    core: int = CORE

    @property
    def halo(self) -> int:
        """What it needs around a window, pixels."""
        return 2 * self.core + MARGIN

    def __call__(self, scene: Bands) -> Mask:
        """Clouds with their margin, (rows, cols); right from ``halo`` pixels inside on."""
        mean = sum(scene[band] for band in self.visible) / np.float32(len(self.visible))
        with np.errstate(invalid="ignore"):
            white: Mask = mean > self.bright
            if self.infrared is not None:
                white &= scene[self.infrared] > self.infrared_bright
        middle = mean[white]  # few pixels are bright, and clouds fewer: what is not is not looked at any closer
        with np.errstate(invalid="ignore", divide="ignore"):
            whiteness = sum(np.abs(scene[band][white] - middle) for band in self.visible) / middle
            white[white] = whiteness < WHITENESS
        for _ in range(self.core):
            if white.any():
                white = eroded(white)
        return widened(white, self.core + MARGIN) if white.any() else white


def cloud_rule(names: Sequence[str], pixels: NDArray[np.float32], pixel_m: float) -> CloudRule | None:
    """The rule of one scene; None without visible bands, or where pixels are too small to tell clouds from roofs.

    Args:
        names: of the bands.
        pixels: (bands, n) sampled.
        pixel_m: edge of a pixel of what the rule will be asked about, metres on the ground.
    """
    visible = tuple(at for at, name in enumerate(names) if name in ("blue", "green", "red"))
    core = max(CORE, math.ceil((LEAST_M / pixel_m - 1) / 2))
    if not visible or core > MOST_CORE:
        return None
    infrared = names.index("nir") if "nir" in names else None
    bright = _limit(pixels[list(visible)].mean(axis=0))
    limit = _limit(pixels[infrared]) * 0.8 if infrared is not None else 0.0
    return CloudRule(visible, infrared, bright, limit, core)


def _limit(values: NDArray[np.float32]) -> float:
    middle = float(np.median(values))
    return middle + _BRIGHT * max(_TO_DEVIATION * float(np.median(np.abs(values - middle))), 0.05 * abs(middle))
