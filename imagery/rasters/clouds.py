"""How cloudy a scene is: by a mask that came with it, else by the rule of change detection, on its overviews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from imagery.detect.bands import CLOUDS
from imagery.detect.clouds import CLOUD_CODES, CloudCodes, cloud_rule, codes_key
from imagery.rasters.facts import OUTLINE_PX, bounds_of, cloud_percent, ground_m
from imagery.rasters.sources import broken, crs_name, raster_opened
from kernel.errors import Invalid


@dataclass(frozen=True)
class CloudMask:
    """An opened mask of clouds, and what its values mean."""

    data: DatasetReader
    codes: CloudCodes

    def on(self, crs: str, transform: Affine, width: int, height: int) -> WarpedVRT:
        """The mask on another grid, each pixel that of the nearest; where it says nothing it is 0."""
        return WarpedVRT(
            self.data, crs=crs, transform=transform, width=width, height=height, resampling=Resampling.nearest,
            src_nodata=None, nodata=None,
        )  # fmt: skip

    def read(self, view: WarpedVRT, window: Window) -> NDArray[np.uint8]:
        """A window of ``on``: 0 clear, 1 cloud, 2 shadow."""
        return self.codes(view.read(1, window=window))


@contextmanager
def cloud_mask(path: Path, scene: DatasetReader, codes: str = "") -> Iterator[CloudMask]:
    """A mask of a scene's clouds.

    Args:
        path: a raster of whole numbers, in any coordinate system and resolution that covers the scene.
        scene: a file of the scene.
        codes: key of ``CLOUD_CODES``; "" by the name of the file.

    Raises:
        Invalid: unreadable, no mask, not georeferenced, of other ground than the scene, or with values that its codes
            do not have.
    """
    with raster_opened(path, "clouds") as data:
        if data.count != 1 or not data.dtypes[0].startswith(("uint", "int")):
            said = _("云掩膜“%s”要是一个整数波段。") % path.name
            raise Invalid(said, code="clouds_mismatch", field="clouds")
        if data.crs is None or data.transform.is_identity or data.transform.is_degenerate:
            said = _("云掩膜“%s”没有地理参考。") % path.name
            raise Invalid(said, code="no_georeference", field="clouds")
        if not _covers(data, scene):
            told = {"a": path.name, "x": crs_name(data), "y": crs_name(scene)}
            said = _("云掩膜“%(a)s”没有盖住影像（坐标系 %(x)s、%(y)s）。") % told
            raise Invalid(said, code="clouds_mismatch", field="clouds")
        mask = CloudMask(data, CLOUD_CODES[codes or codes_key(path.name)])
        _check_values(mask, path.name)
        yield mask


def _check_values(mask: CloudMask, name: str) -> None:
    """Whether its values are among those it is said to have, looked at coarsely: a measured band has few of them.

    Raises:
        Invalid: they are not, or it is damaged.
    """
    most = mask.codes.most
    if most is None:
        return
    try:
        values = mask.data.read(1, out_shape=_coarse(mask.data), masked=True).compressed()
    except RasterioError as error:
        raise broken(error) from error
    if wrong := values[(values < 0) | (values > most)].tolist():
        said = _("“%(name)s”不是这种云掩膜：它有值 %(value)d，应该只有 0 到 %(most)d。")
        told = {"name": name, "value": wrong[0], "most": most}
        hint = _("用 --clouds-as 说明它的值是什么意思。")
        raise Invalid(said % told, code="clouds_mismatch", field="clouds", hint=hint)


def _covers(data: DatasetReader, scene: DatasetReader) -> bool:
    """Whether the mask reaches to the scene's edges, to a pixel of its own: grids of 10 m and 60 m rarely agree."""
    try:
        box = transform_bounds(scene.crs, data.crs, *bounds_of(scene))
    except RasterioError:
        return False
    west, south, east, north = bounds_of(data)
    across, down = (1.01 * size for size in data.res)
    inside = (box[0] >= west - across, box[1] >= south - down, box[2] <= east + across, box[3] <= north + down)
    return all(inside)


def cloud_share(path: Path) -> float | None:
    """Percent of a scene of ours under cloud, by its own band of them; shadows are none. None without data."""
    with rasterio.open(path) as data:
        size = _coarse(data)
        codes = data.read(data.descriptions.index(CLOUDS) + 1, out_shape=size)
        return cloud_percent(codes == 1, data.read_masks(1, out_shape=size) > 0)


def _coarse(data: DatasetReader) -> tuple[int, int]:
    """Rows and columns in which clouds are counted: ``OUTLINE_PX`` along the longer side."""
    step = max(1.0, max(data.width, data.height) / OUTLINE_PX)
    return round(data.height / step), round(data.width / step)


def cloud_estimate(path: Path, names: Sequence[str]) -> float | None:
    """Percent of a file's ground under cloud; None without visible bands or without data.

    It is read so coarsely that clouds of less than about a hundredth of the scene's width are not seen; a run of change
    detection looks again at every pixel.

    Args:
        path: a scene of ours.
        names: of its bands.
    """
    with rasterio.open(path) as data:
        size = _coarse(data)
        bands = data.read(out_shape=(data.count, *size), masked=True)
        pixel_m = ground_m(data) * data.height / size[0]
    scene = bands.astype(np.float32).filled(np.nan)
    valid = np.isfinite(scene).all(axis=0)
    rule = cloud_rule(names, scene[:, valid], pixel_m) if valid.any() else None
    return cloud_percent(rule(scene), valid) if rule else None
