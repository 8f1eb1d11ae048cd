"""Patches of pixels as outlines on the earth."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.features import geometry_mask, shapes
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from imagery.detect.masks import Mask
from imagery.detect.patches import Patch
from imagery.detect.windows import Window
from imagery.rasters.reading import Picture

SMOOTH_PX = 0.75
"""Outlines may leave the pixels' edges by so much: stairs become lines, an area changes by less than a pixel's row."""

DECIMALS = 7
"""Of degrees: a centimetre."""


def outline_of(patch: Patch, picture: Picture) -> Polygon:
    """The outline of a patch in EPSG:4326 (lon, lat), without holes; valid as OGC 06-103r4 has it.

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
    lonlat = _to_lonlat(picture.crs)

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(lonlat.transform(xy[:, 0], xy[:, 1]))

    laid = shapely.make_valid(Polygon(shapely.transform(_largest(smooth).exterior, project)), method="structure")
    # Rounding number by number lets a narrow neck cross itself: of noise that was every 500th outline
    exact = _largest(shapely.set_precision(laid, 10.0**-DECIMALS))
    return Polygon(np.round(shapely.get_coordinates(exact.exterior), DECIMALS))


def _largest(found: BaseGeometry) -> Polygon:
    """Of its polygons."""
    return max((one for one in shapely.get_parts(found) if isinstance(one, Polygon)), key=lambda one: float(one.area))


def pixels_of(outline: Polygon, picture: Picture) -> tuple[Window, Mask] | None:
    """Where an outline lies in a picture: its box, and which pixels of it have their centre inside.

    Args:
        outline: EPSG:4326 (lon, lat).
        picture: whose grid it is laid on; it has a georeference.

    Returns:
        None where the picture does not hold all of it (to half a pixel), or it covers no pixel's centre.

    Raises:
        ValueError: the picture has no georeference.
    """
    if picture.transform is None or picture.crs is None:
        raise ValueError("the picture has no georeference")
    lonlat, grid = _to_lonlat(picture.crs), ~picture.transform

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(grid @ lonlat.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))

    laid = Polygon(shapely.transform(outline.exterior, project))
    left, top, right, bottom = laid.bounds
    # Of the pixels whose centres can lie inside: at the picture's edge a rounded outline leaves it by a hair
    row, col = math.ceil(top - 0.5), math.ceil(left - 0.5)
    window = Window(row, col, math.floor(bottom + 0.5) - row, math.floor(right + 0.5) - col)
    if row < 0 or col < 0 or row + window.height > picture.rows or col + window.width > picture.cols:
        return None
    if not (window.height and window.width):
        return None
    shape_ = (window.height, window.width)
    own = geometry_mask([laid], shape_, Affine.translation(col, row), invert=True)
    return (window, own) if own.any() else None


@lru_cache(maxsize=4)
def _to_lonlat(crs: str) -> Transformer:
    """Making it takes longer than an outline."""
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
