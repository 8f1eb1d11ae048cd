"""Which bands a scene has: by what its files call them, in whatever order they are named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import rasterio

from imagery.detect.bands import by_name
from imagery.models import Scene
from imagery.rasters import store
from imagery.services import Told, scene_add
from tests.imagery.pictures import BY
from tests.imagery.rasters_of import field, raster

pytestmark = pytest.mark.django_db


def _single(folder: Path, *names: str) -> list[Path]:
    """Files of a band each, all of one day and none like another."""
    return [raster(folder / f"20260308_{name}.tif", field(1) + at) for at, name in enumerate(names)]


@pytest.mark.parametrize("names", [("B02", "B05", "B04", "B8A", "B11"), ("B10", "B9", "B2"), ("red", "blue", "nir")])
def test_the_same_files_in_another_order_are_the_same_scene(names, folders):
    brought = _single(folders, *names)
    scene, _new = scene_add(by=BY, files=brought)
    for files in (brought[::-1], brought[1:] + brought[:1]):
        assert scene_add(by=BY, files=files) == (scene, False)
    with rasterio.open(store.root() / scene.path) as data:
        assert list(data.descriptions) == scene.bands


@pytest.mark.parametrize("names, bands", [(("x", "y", "z"), ()), (("B02", "B03", "B04"), ("red", "green", "blue"))])
def test_where_files_tell_nothing_or_somebody_else_does_their_order_says_which_band_is_which(names, bands, folders):
    brought = _single(folders, *names)
    told = Told(bands=bands)
    assert len({scene_add(by=BY, files=files, told=told)[0].pk for files in (brought, brought[::-1])}) == 2


def test_what_was_said_wrongly_is_said_anew_once_the_scene_is_withdrawn(folders):
    brought = _single(folders, "B02", "B03", "B04")
    wrong, _new = scene_add(by=BY, files=brought, told=Told(bands=("red", "nir", "blue")))
    right = Told(bands=("blue", "green", "red"), acquired_at=dt.datetime(2026, 3, 9, tzinfo=dt.UTC), again=True)
    assert scene_add(by=BY, files=brought, told=right) == (wrong, False), "it is in use"
    Scene.objects.filter(pk=wrong.pk).update(status="withdrawn")
    assert scene_add(by=BY, files=brought) == (wrong, False), "nobody asked for another"
    scene, is_new = scene_add(by=BY, files=brought, told=right)
    assert (is_new, scene.bands, scene.key) == (True, ["blue", "green", "red"], f"2026-03-09-{wrong.key[-10:]}-2")
    for told in (Told(), right):
        assert scene_add(by=BY, files=brought, told=told) == (scene, False)
    Scene.objects.filter(pk=scene.pk).update(status="withdrawn")
    third, is_new = scene_add(
        by=BY, files=brought, told=replace(right, acquired_at=dt.datetime(2026, 3, 10, tzinfo=dt.UTC))
    )
    assert (is_new, third.sha256, third.key[-2:]) == (True, scene.sha256, "-3"), "only its day is another"


@pytest.mark.parametrize(
    "file, text, band",
    [
        ("S2A_T51RTP_20260308", "B08", "nir"),
        ("S2A_T51RTP_20260308", "B05", ""),
        ("LT05_L1TP_119038_20000317_B5", "LT05_L1TP_119038_20000317_B5", "swir1"),
        ("LC08_L1TP_119038_20200317_B5", "LC08_L1TP_119038_20200317_B5", "nir"),
        ("scene", "Near swir-2", "swir2"),
        ("scene", "", ""),
    ],
)
def test_bands_by_what_they_are_called(file, text, band):
    assert list(by_name([text], [file])) == [band] * bool(band)
