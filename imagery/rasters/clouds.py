"""How cloudy a scene is, where nobody says it: the rule of change detection, on its overviews."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio

from imagery.detect.clouds import cloud_rule
from imagery.rasters.facts import OUTLINE_PX, cloud_percent


def cloud_estimate(path: Path, names: Sequence[str]) -> float | None:
    """Percent of a file's ground under cloud; None without visible bands or without data.

    It is read so coarsely that clouds of less than about a hundredth of the scene's width are not seen; a run of change
    detection looks again at every pixel.

    Args:
        path: a scene of ours.
        names: of its bands.
    """
    with rasterio.open(path) as data:
        step = max(1.0, max(data.width, data.height) / OUTLINE_PX)
        size = (round(data.height / step), round(data.width / step))
        bands = data.read(out_shape=(data.count, *size), masked=True)
    scene = bands.astype(np.float32).filled(np.nan)
    valid = np.isfinite(scene).all(axis=0)
    rule = cloud_rule(names, scene[:, valid]) if valid.any() else None
    return cloud_percent(rule(scene), valid) if rule else None
