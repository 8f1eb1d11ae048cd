"""What nobody should bring as a scene is refused with a sentence, waits for nothing and leaves nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from django.core.management import CommandError, call_command
from rasterio.shutil import copy
from rasterio.transform import Affine, from_origin

from imagery.models import Scene
from imagery.rasters import cog, store
from imagery.services import Told, scene_add
from kernel.errors import DomainError
from tests.imagery.rasters_of import field, raster
from tests.imagery.test_scene_add import BY, folder, kept

pytestmark = pytest.mark.django_db
__all__ = ["folder"]

LINE = Affine(10, 10, 240_000, 10, 10, 3_387_000)
"""Rows and columns lead the same way."""


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _loop(path: Path) -> Path:
    path.symlink_to(path)
    return path


def _renamed(path: Path) -> Path:
    """As another system wrote it, in GBK."""
    return path.rename(os.fsdecode(os.fsencode(path.parent) + b"/20260308\xff.tif"))


REFUSED: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "not yet": (lambda at: raster(at / "20490308.tif", field()), "bad_date", "2049-03-08"),
    "a pipe": (lambda at: _pipe(at / "20260308.tif"), "no_such_file", "20260308.tif"),
    "a loop": (lambda at: _loop(at / "20260308.tif"), "no_such_file", "20260308.tif"),
    "a long name": (lambda at: at / f"{'x' * 300}.tif", "no_such_file", "xxx"),
    "a name of bytes": (lambda at: _renamed(raster(at / "a.tif", field())), "bad_name", "20260308\\udcff.tif"),
    "a line": (lambda at: raster(at / "20260308.tif", field(), transform=LINE), "no_georeference", "没有位置"),
}


@pytest.mark.parametrize("bring, code, says", REFUSED.values(), ids=REFUSED)
def test_refused_with_a_sentence(bring, code, says, tmp_path, folder):
    brought = bring(tmp_path)
    with pytest.raises(DomainError) as refused:
        scene_add(by=BY, files=[brought])
    assert (refused.value.code, kept(folder), Scene.objects.count()) == (code, [], 0)
    assert says in refused.value.message


WORLD = {"crs": "EPSG:4326", "transform": from_origin(-180, 90, 1, 1)}


def test_what_reaches_to_the_poles_is_told_so(tmp_path, folder):
    world = np.ones((1, 180, 360), np.uint8)
    half_over = {**WORLD, "transform": from_origin(-180, 90.5, 1, 1)}
    for name, place in (("20260308.tif", WORLD), ("20260309.tif", half_over)):
        with pytest.raises(DomainError, match=r"纬度 -\d+\.\d 到 90\.[05]：地图只到南北纬 85 度") as refused:
            scene_add(by=BY, files=[raster(tmp_path / name, world, **place)])
        assert (refused.value.code, kept(folder)) == ("beyond_tiles", [])


def test_what_is_not_there_says_where_it_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=f"没有文件“a.tif”。 找的是 {tmp_path}/a.tif。"):
        call_command("scene_add", "a.tif")
    with pytest.raises(CommandError, match=f"“{tmp_path.name}”是文件夹。"):
        call_command("scene_add", ".")


def test_of_what_is_damaged_it_is_said_where(tmp_path):
    with pytest.raises(CommandError, match=r"损坏。 .*20260308\.tif, band 1") as refused:
        call_command("scene_add", str(_damaged(tmp_path / "20260308.tif")))
    assert "previous exception" not in str(refused.value)


@pytest.mark.parametrize("name, kind", [("T51_SCL_20m.tif", ""), ("T51_B11_20m.tif", "scl")])
def test_a_measured_band_is_no_scene_classification(name, kind, tmp_path, folder):
    brought = raster(tmp_path / "20260308.tif", field())
    with pytest.raises(DomainError, match=f"“{name}”不是这种云掩膜：它有值 1\\d\\d，应该只有 0 到 11") as refused:
        scene_add(by=BY, files=[brought], told=Told(clouds=raster(tmp_path / name, field(1)), clouds_as=kind))
    assert (refused.value.field, kept(folder)) == ("clouds", [])
    marked = np.full((1, 64, 64), 4, np.uint8)
    marked[0, :8] = 255
    mask = raster(tmp_path / "SCL.tif", marked, nodata=255)
    assert scene_add(by=BY, files=[brought], told=Told(clouds=mask))[1], "what it says is no data is no value"


def _pointer(path: Path) -> Path:
    mask = raster(path.with_name("mask.tif"), np.zeros((1, 64, 64), np.uint8))
    copy(mask, path, driver="VRT")
    return path


@pytest.mark.parametrize("bring", [_pointer, _pipe, _loop])
def test_a_mask_is_a_file_of_its_own(bring, tmp_path, folder):
    brought = raster(tmp_path / "20260308.tif", field())
    with pytest.raises(DomainError) as refused:
        scene_add(by=BY, files=[brought], told=Told(clouds=bring(tmp_path / "mask.vrt")))
    assert (refused.value.field, kept(folder)) == ("clouds", [])


def _damaged(path: Path) -> Path:
    """Further in than anybody looks before it is read."""
    raster(path, np.random.default_rng(1).integers(1, 60_000, (4, 512, 512), "uint16"), compress="deflate")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 5000] = bytes(5000)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("limit", ["COG_ROOM", "ROOM_LEAST"])
def test_a_disk_without_room_is_not_the_scenes_fault(limit, tmp_path, folder, monkeypatch):
    monkeypatch.setattr(cog, limit, 2**80)
    path = tmp_path / "20260308.tif"
    brought = raster(path, field()) if limit == "COG_ROOM" else _damaged(path)
    with pytest.raises(DomainError) as refused:
        scene_add(by=BY, files=[brought])
    assert (refused.value.code, kept(folder), Scene.objects.count()) == ("disk_full", [], 0)


def test_rows_that_go_up_and_columns_that_go_left_are_turned(tmp_path):
    bands, west, north, step = field(), 120.08, 30.58, 0.0001
    ways = {
        "20260308": (bands, Affine(step, 0, west, 0, -step, north)),
        "20260309": (bands[:, ::-1, ::-1], Affine(-step, 0, west + 64 * step, 0, step, north - 64 * step)),
    }
    files = [
        raster(tmp_path / f"{day}.tif", data.copy(), crs="EPSG:4326", transform=at) for day, (data, at) in ways.items()
    ]
    plain, turned = (scene_add(by=BY, files=[file])[0] for file in files)
    with rasterio.open(store.root() / plain.path) as one, rasterio.open(store.root() / turned.path) as two:
        assert (one.bounds, np.array_equal(one.read(), two.read())) == (two.bounds, True)
