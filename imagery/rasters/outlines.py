"""Patches of pixels as outlines on the earth."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import shapes
from shapely.geometry import Polygon, shape

from imagery.detect.patches import Patch
from imagery.rasters.reading import Picture

SMOOTH_PX = 0.75
"""Outlines may leave the pixels' edges by so much: stairs become lines, an area changes by less than a pixel's row."""

DECIMALS = 7
"""Of degrees: a centimetre."""


def outline_of(patch: Patch, picture: Picture) -> Polygon:
    """The outline of a patch in EPSG:4326 (lon, lat), without holes smaller than a pixel.

    Args:
        patch: its pixels.
        picture: whose grid they belong to; it has a georeference.

    Raises:
        ValueError: the picture has none.
    """
    if picture.transform is None or picture.crs is None:
        raise ValueError("the picture has no georeference")
    place = picture.transform @ Affine.translation(patch.window.col, patch.window.row)
    inside = patch.inside.astype(np.uint8)
    found = [shape(one) for one, value in shapes(inside, inside.astype(bool), connectivity=8, transform=place) if value]
    whole = max(found, key=lambda one: float(one.area))
    step = abs(picture.transform.a)
    smooth = whole.simplify(SMOOTH_PX * step).buffer(0)
    largest = max(shapely.get_parts(smooth), key=lambda one: float(one.area))
    lonlat = _to_lonlat(picture.crs)

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(np.column_stack(lonlat.transform(xy[:, 0], xy[:, 1])), DECIMALS)

    return Polygon(shapely.transform(largest.exterior, project))


@lru_cache(maxsize=4)
def _to_lonlat(crs: str) -> Transformer:
    """Making it takes longer than an outline."""
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
