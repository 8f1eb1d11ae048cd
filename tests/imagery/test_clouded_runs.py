"""Scenes with a mask of clouds, from files to the queue: nothing below a cloud, nothing because of one."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from django.core.management import CommandError, call_command
from django.utils.translation import override
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.features import shapes
from rasterio.transform import from_bounds, from_origin
from rasterio.warp import reproject, transform_bounds
from scipy import ndimage

from imagery.detect.windows import Window, cover
from imagery.models import ChangePoint, Scene
from imagery.rasters.finding import picture
from imagery.rasters.pairs import paired
from imagery.selectors.runs import run_list
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.pairs import Pair, pair
from tests.imagery.rasters_of import UTM, raster

NAMES = ("blue", "green", "red", "nir", "swir1", "swir2")
SIDE = 240
SHARE = "0.012"
METRE = 1 / 96_000
"""Degrees of longitude at the scenes' latitude: the longest."""

CLOUD = np.array((5200, 5300, 5400, 5600, 4200, 3600), np.float32)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path) -> None:
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    settings.CHANGE_EXECUTOR = "serial"
    places.village(make.VILLAGE)


def clouds(seed: int, share: float = 0.12) -> np.ndarray:
    """(rows, cols) what is below clouds of a few hundred metres."""
    field = ndimage.gaussian_filter(np.random.default_rng(seed).normal(0, 1, (SIDE, SIDE)), 9)
    return field > np.quantile(field, 1 - share)


def mask_file(path: Path, hidden: np.ndarray, crs: str, step: float) -> Path:
    """The mask as somebody gives it: another system, other pixels, a pixel hidden where any of it is."""
    box = rasterio.transform.array_bounds(SIDE, SIDE, UTM["transform"])
    west, south, east, north = transform_bounds(UTM["crs"], crs, *box)
    size = [int(np.ceil((high - low) / step)) for low, high in ((west, east), (south, north))]
    place = {"crs": crs, "transform": from_bounds(west, south, east, north, *size)}
    out = np.zeros((1, size[1], size[0]), np.uint8)
    reproject(
        hidden.astype(np.uint8), out, src_transform=UTM["transform"], src_crs=UTM["crs"],
        dst_transform=place["transform"], dst_crs=crs, resampling=Resampling.max,
    )  # fmt: skip
    return raster(path, out, **place)


def outlines(hidden: np.ndarray) -> list[shapely.Polygon]:
    lonlat = Transformer.from_crs(UTM["crs"], "EPSG:4326", always_xy=True)
    parts = shapes(hidden.astype(np.uint8), transform=UTM["transform"])
    found = [shapely.geometry.shape(one) for one, value in parts if value]
    return [shapely.transform(one, lambda xy: np.column_stack(lonlat.transform(*xy.T))) for one in found]


def added(folder: Path, day: str, bands: np.ndarray, mask: Path) -> Scene:
    brought = raster(folder / f"{day}.tif", np.clip(bands, 1, 65_535).astype("uint16"), NAMES, nodata=0)
    told = ["--acquired", day, "--sensor", "demo", "--county", places.COUNTY, "--clouds", str(mask)]
    call_command("scene_add", str(brought), *told, stdout=io.StringIO())
    return Scene.objects.get(title=f"demo {day}")


def clouded(folder: Path, ground: Pair, hidden: tuple[np.ndarray, ...], crs: str, step: float) -> list[Scene]:
    """Both scenes with clouds that thin out over a pixel, and a mask each."""
    scenes = []
    for day, bands, below in zip(("2025-09-11", "2026-03-08"), (ground.before, ground.after), hidden, strict=True):
        thick = ndimage.gaussian_filter(below.astype(np.float32), 0.7)
        seen = bands * (1 - thick) + CLOUD[:, None, None] * thick
        scenes.append(added(folder, day, seen, mask_file(folder / f"mask-{day}.tif", below, crs, step)))
    return scenes


def compared(scenes: list[Scene]) -> list[ChangePoint]:
    call_command("change_detect", *(one.key for one in scenes), "--share", SHARE, stdout=io.StringIO())
    return list(ChangePoint.objects.all())


def test_scenes_that_share_no_ground_without_clouds_say_so(tmp_path):
    ground = pair(SIDE, SIDE, season=0.3)
    west = np.indices((SIDE, SIDE))[1] < SIDE // 2
    scenes = clouded(tmp_path, ground, (west, ~west), "EPSG:32651", 10)
    with (
        override("en"),
        pytest.raises(CommandError, match="do not overlap where they have values, or clouds"),
    ):
        compared(scenes)
    with override("zh-hans"):
        assert "有数据的地方不重叠，或者重叠的地方被云（云掩膜）遮住。" in run_list(make.who()).items[0].error


@pytest.mark.parametrize(
    "crs, step", [("EPSG:32651", 10), ("EPSG:32651", 20), ("EPSG:32650", 60), ("EPSG:4326", 0.0002)]
)
def test_no_point_lies_below_a_cloud_or_is_its_edge(tmp_path, crs, step):
    ground, hidden = pair(SIDE, SIDE, season=0.3), (clouds(1), clouds(2))
    points = compared(clouded(tmp_path, ground, hidden, crs, step))
    sky = shapely.union_all([one for below in hidden for one in outlines(below)])
    planted = shapely.union_all(outlines(ground.changed))
    shapes = [shapely.from_wkb(bytes(point.geom.wkb)) for point in points]
    assert not [one for one in shapes if one.intersects(sky)]
    found = [one for one in shapes if one.intersects(planted)]
    assert not [one for one in shapes if one not in found and one.distance(sky) < 50 * METRE], "clouds have no rims"
    beside = [one for one in outlines(ground.changed) if one.distance(sky) > 15 * METRE]
    assert len(beside) == 7
    assert all(any(one.intersects(other) for other in found) for one in beside)
    for point in points:
        (told,) = (one for one in point.why if one["code"] == "match")
        assert told["cloud"] == pytest.approx(17, abs=5), "of the cloudier scene"
        assert "cloudy" not in [one["code"] for one in point.why]


def test_what_is_seen_between_many_clouds_waits_longer_and_says_why(tmp_path):
    ground, hidden = pair(SIDE, SIDE, season=0.3), (clouds(1, 0.02), clouds(2, 0.36))
    scenes = clouded(tmp_path, ground, hidden, "EPSG:32651", 10)
    points = compared(scenes)
    assert scenes[1].cloud == pytest.approx(36, abs=2)
    assert points
    for point in points:
        assert {"code": "cloudy", "weight": "down", "percent": round(scenes[1].cloud)} in point.why


@pytest.mark.parametrize("is_same_grid", [True, False])
def test_the_edges_of_clouds_do_not_know_how_the_image_was_cut(tmp_path, is_same_grid):
    bands = np.concatenate([pair(112, 96).after[:, :97, :83], clouds(3)[None, :97, :83]]).astype(np.float32)
    place = {} if is_same_grid else {"transform": from_origin(220_013, 3_387_004, 10, 10)}
    before = raster(tmp_path / "before.tif", bands[:6], NAMES)
    after = raster(tmp_path / "after.tif", bands, (*NAMES, "clouds"), **place)
    both = paired(picture(before), picture(after, (*NAMES, "clouds")))
    whole = both.read(Window(0, 0, both.rows, both.cols))[1]
    hidden = np.isnan(whole[0])
    assert hidden.sum() > clouds(3)[:97, :83].sum() * 1.2
    for window in cover(both.rows, both.cols, 31):
        np.testing.assert_array_equal(np.isnan(both.read(window)[1][0]), hidden[window.slices])
