"""How a scene is looked at: which bands are red, green and blue, or which index is coloured, and how bright. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Colours = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Look:
    """A way of looking.

    Attributes:
        bands: shown as red, green, blue; or the two of a normalized difference (a - b) / (a + b).
        ramp: colours of the difference from -1 to 1, evenly spaced; () for a picture.
    """

    bands: tuple[str, ...]
    ramp: Colours = ()


# Source of the differences: Rouse 1974 (NDVI), McFeeters 1996 (NDWI), Zha 2003 (NDBI). Ends of the ramps differ in
# lightness, not only in hue.
LOOKS: dict[str, Look] = {
    "natural": Look(("red", "green", "blue")),
    "infrared": Look(("nir", "red", "green")),
    "shortwave": Look(("swir1", "nir", "red")),
    "ndvi": Look(("nir", "red"), ((33, 60, 110), (190, 175, 150), (246, 240, 222), (120, 180, 80), (10, 80, 30))),
    "ndwi": Look(("green", "nir"), ((120, 90, 50), (214, 196, 160), (247, 247, 247), (110, 170, 220), (8, 48, 107))),
    "ndbi": Look(("swir1", "nir"), ((20, 90, 50), (170, 205, 150), (247, 247, 247), (225, 150, 110), (120, 20, 40))),
}

STRETCHES: dict[str, tuple[float, float]] = {"normal": (2, 98), "soft": (0.2, 99.8), "hard": (8, 92)}
"""Percent of the scene's pixels below which a band is black, and above which it is white."""

JPEG_QUALITY = 85
WEBP_QUALITY = 80


def looks_of(bands: Sequence[str]) -> list[str]:
    """The looks that a scene of these bands has, the first of them its own; every scene has "natural"."""
    return [key for key, look in LOOKS.items() if key == "natural" or set(look.bands) <= set(bands)]


def indexes_of(look: Look, bands: Sequence[str]) -> tuple[int, ...]:
    """Bands of the file, from 1, that a look reads. A scene without colours shows its first bands, or one as grey."""
    if set(look.bands) <= set(bands):
        return tuple(bands.index(name) + 1 for name in look.bands)
    return (1, 2, 3) if len(bands) >= 3 else (1,)


def painted(values: NDArray[np.float32], look: Look, ranges: Sequence[tuple[float, float]]) -> NDArray[np.uint8]:
    """A picture (rows, cols, 3).

    Args:
        values: of the look's bands, (bands, rows, cols).
        look: what they show.
        ranges: of each band what is black and what is white.
    """
    if look.ramp:
        first, second = values[0], values[1]
        total = first + second
        share = np.divide(first - second, total, out=np.zeros_like(total), where=total != 0)
        ramp = np.asarray(look.ramp, dtype=np.float32)
        steps = np.linspace(-1, 1, len(ramp))
        table = np.stack([np.interp(np.linspace(-1, 1, 256), steps, ramp[:, at]) for at in range(3)], axis=1)
        return np.asarray(table.astype(np.uint8)[((share.clip(-1, 1) + 1) * 127.5).astype(np.uint8)])
    shape = (len(values), 1, 1)
    low = np.asarray([one[0] for one in ranges], dtype=np.float32).reshape(shape)
    high = np.asarray([one[1] for one in ranges], dtype=np.float32).reshape(shape)
    grey = ((values - low) * (255 / np.maximum(high - low, 1e-6))).clip(0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(grey, (3, *grey.shape[1:])).transpose(1, 2, 0))


def encoded(picture: NDArray[np.uint8], valid: NDArray[np.bool_]) -> bytes:
    """JPEG; where a part has no data WebP, clear there. ``picture`` (rows, cols, 3), ``valid`` (rows, cols)."""
    out = io.BytesIO()
    if valid.all():
        Image.fromarray(picture).save(out, "JPEG", quality=JPEG_QUALITY)
    else:
        alpha = np.where(valid, 255, 0).astype(np.uint8)[..., None]
        Image.fromarray(np.concatenate([picture * (alpha > 0), alpha], axis=2)).save(
            out, "WEBP", quality=WEBP_QUALITY, method=0
        )
    return out.getvalue()


TYPES = {b"\xff\xd8": "image/jpeg", b"RI": "image/webp"}
"""By the first two bytes: what ``encoded`` makes."""


def type_of(picture: bytes) -> str:
    """Media type of a picture."""
    return TYPES.get(picture[:2], "application/octet-stream")
