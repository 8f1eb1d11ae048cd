"""What a patch looks like before and after, as numbers: for its kind, its priority and for learning from reviews.

Sources: NDVI, Rouse et al. 1974; NDWI, McFeeters 1996; MNDWI, Xu 2006; NDBI, Zha, Gao & Ni 2003; BSI, Rikimaru et al.
2002. Index differences do not find change (F1 .26 at best, design notes); they say what a found patch has become.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from imagery.detect.bands import COMMON
from imagery.detect.distances import Plane
from imagery.detect.masks import Mask
from imagery.detect.sampling import Bands, Sample, Standard

INDICES = ("ndvi", "water", "ndbi", "bsi", "slope", "light")
FEATURES = (
    "area_px", "elongation", "fill", "score_mean", "score_high", "tolerant",
    *(f"{name}_{when}" for name in INDICES for when in ("before", "after")),
    *(f"{band}_change" for band in COMMON),
)  # fmt: skip
"""Names in the order of a row of numbers; what a scene has no band for is NaN."""


@dataclass(frozen=True, eq=False)
class Alike:
    """Mean and spread of each band of both scenes: another sun, and what every field did, are no change of a patch."""

    before: Standard
    after: Standard

    @classmethod
    def of(cls, sample: Sample) -> Alike:
        """From the lattice's pixels."""
        return cls(Standard.of(sample.before), Standard.of(sample.after))

    def usual(self, names: Sequence[str]) -> dict[str, float]:
        """The ``marks`` of the scenes' mean ground, whose bands are ``names``."""
        return marks(names, self.before.mean.tolist(), self.after.mean.tolist())


def indices(names: Sequence[str], middles: Sequence[float]) -> dict[str, float]:
    """Indices of a patch's median values by band (its rim is half of what lies around); NaN where a band is missing.

    ``water`` is MNDWI, without short-wave infrared NDWI; ``slope`` how much redder
    than blue; ``light`` the visible mean.
    """
    value = {name: float("nan") for name in COMMON} | dict(zip(names, middles, strict=True))
    blue, green, red, nir, swir = (value[name] for name in ("blue", "green", "red", "nir", "swir1"))
    wet = swir if np.isfinite(swir) else nir
    return {
        "ndvi": _ratio(nir, red),
        "water": _ratio(green, wet),
        "ndbi": _ratio(swir, nir),
        "bsi": _ratio(swir + red, nir + blue),
        "slope": _ratio(red, blue),
        "light": (blue + green + red) / 3,
    }


def marks(names: Sequence[str], before: Sequence[float], after: Sequence[float]) -> dict[str, float]:
    """Indices of values by band before and after: ``ndvi_before``, ``ndvi_after`` …"""
    told = {"before": indices(names, before), "after": indices(names, after)}
    return {f"{name}_{when}": told[when][name] for name in INDICES for when in told}


def _ratio(one: float, other: float) -> float:
    total = one + other
    return (one - other) / total if total > 0 else float("nan")


def features(
    names: Sequence[str], before: Bands, after: Bands, alike: Alike, inside: Mask, score: Plane, tolerant: float
) -> dict[str, float]:
    """All features of one patch.

    Args:
        names: which bands.
        before: (bands, rows, cols) of its box.
        after: the same of the later scene.
        alike: the scenes' light.
        inside: (rows, cols) its pixels.
        score: (rows, cols) smoothed scores.
        tolerant: share of them that survives a shift of one pixel (``imagery.detect.edges``).
    """
    x, y = before[:, inside], after[:, inside]
    change = (alike.after(y) - alike.before(x)).mean(axis=1)
    own = score[inside]
    return {
        **_shape(inside),
        "score_mean": float(own.mean()),
        "score_high": float(np.quantile(own, 0.9)),
        "tolerant": tolerant,
        **marks(names, np.median(x, axis=1).tolist(), np.median(y, axis=1).tolist()),
        **dict.fromkeys((f"{band}_change" for band in COMMON), float("nan")),
        **{f"{band}_change": float(value) for band, value in zip(names, change, strict=True)},
    }


def _shape(inside: Mask) -> dict[str, float]:
    """Size, how long it is for its width (of the ellipse with its second moments), and how much of its box it fills."""
    rows, cols = np.nonzero(inside)
    spread = np.cov(np.stack([rows, cols]).astype(np.float64), bias=True) + np.eye(2) / 12  # a pixel has a width
    short, long = np.sqrt(np.linalg.eigvalsh(spread))
    return {"area_px": float(len(rows)), "elongation": float(long / short), "fill": float(inside.mean())}


def row_of(known: Mapping[str, float]) -> list[float]:
    """The numbers of a patch in the order of ``FEATURES``, NaN for what is not known; for learning."""
    return [float(value) if (value := known.get(name)) is not None else float("nan") for name in FEATURES]
