"""A scene of two halves, and what its tiles show."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from imagery.models import Scene
from imagery.services import Told, scene_add
from kernel.viewer import Viewer
from tests.factories import places
from tests.imagery.rasters_of import field, raster

BY = Viewer(county=places.COUNTY, label="test")
ZOOM, COLUMN, ROW = 14, 13_657, 6_729
"""The tile that holds the middle of the test rasters."""


def a_scene(folders: Path, day: str = "20260308", *, is_public: bool = False) -> Scene:
    bands = field(4, 128, "uint16")
    bands[:, :, :64] = np.array([100, 200, 300, 900], "uint16")[:, None, None]  # meadow in the west, bare in the east
    bands[:, :, 64:] = np.array([300, 350, 400, 420], "uint16")[:, None, None]
    bands[:, 0, 0] = int(day[4:])  # equal content would be the same scene
    path = raster(folders / f"{day}.tif", bands, ("blue", "green", "red", "nir"))
    return scene_add(by=BY, files=[path], told=Told(is_public=is_public, sensor="demo"))[0]


def shown(response) -> Image.Image:
    return Image.open(io.BytesIO(response.content))


def address(scene: Scene, z: int = ZOOM, x: int = COLUMN, y: int = ROW) -> str:
    return f"/imagery/scenes/{scene.key}/tiles/{z}/{x}/{y}"


def west_and_east(picture: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Colours at the western and at the eastern end of what is to be seen."""
    pixels = np.asarray(picture.convert("RGBA"))
    rows, columns = np.nonzero(pixels[..., 3] > 200)
    row = int(np.median(rows))
    of_row = columns[rows == row]
    return tuple(int(one) for one in pixels[row, of_row.min() + 4]), tuple(
        int(one) for one in pixels[row, of_row.max() - 4]
    )
