"""Where a scene has no data: as its files say, and where they do not."""

from __future__ import annotations

import pytest
import rasterio

from imagery.services import Told, scene_add
from tests.imagery.pictures import BY
from tests.imagery.rasters_of import field, raster

pytestmark = pytest.mark.django_db

NAMES = ("blue", "green", "red", "nir")


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", "uint32"])
@pytest.mark.parametrize("is_split", [False, True])
def test_zero_in_all_bands_is_no_data_where_nothing_says_what_is(folders, settings, kind, is_split):
    bands = field(kind=kind)
    bands[:, :, :32], bands[0, 30:34, 48:52] = 0, 0  # half of it, and a dark spot of one band
    day, files = "2026-03-08", [bands]
    if is_split:
        files = [band[None] for band in bands]
    brought = [raster(folders / f"{day}_B{at}.tif", one) for at, one in enumerate(files, 2)]
    scene, _new = scene_add(by=BY, files=brought, told=Told(bands=NAMES))
    assert scene.footprint.transform(32651, clone=True).area == pytest.approx(320 * 640, rel=0.05)
    with rasterio.open(settings.RASTERS_ROOT / scene.path) as data:
        values, valid = data.read(), data.read_masks() > 0
    assert (valid.all(axis=0) == valid.any(axis=0)).all(), "a dark pixel of one band is no hole"
    assert values[0][valid[0]].min() <= 1
    assert values[1][valid[1]].min() > 100, "nothing is mixed with what is no data"
