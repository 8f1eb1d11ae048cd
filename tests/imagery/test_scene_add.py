"""A raster becomes a scene, whole, or is refused with a sentence and leaves nothing."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from django.core.management import CommandError, call_command
from django.db import transaction
from rasterio.transform import Affine, array_bounds, from_bounds, from_origin
from rasterio.warp import transform, transform_bounds
from rio_cogeo import cog_validate

from imagery.detect.bands import COMMON
from imagery.detect.windows import Window
from imagery.models import Scene
from imagery.rasters import facts, store
from imagery.rasters.cog import EQUATOR_M
from imagery.rasters.finding import picture
from imagery.services import Told, scene_add, scenes_tidy
from kernel.errors import DomainError
from kernel.viewer import Viewer
from places.models import Place
from records.models import AuditEvent
from tests.factories import places
from tests.imagery.pairs import pair
from tests.imagery.rasters_of import UTM, field, raster

pytestmark = pytest.mark.django_db

BY = Viewer(county=places.COUNTY, label="scene_add")
NAMES = ("blue", "green", "red", "nir")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    settings.SCENE_MEGAPIXELS = 1
    places.county()
    return settings.RASTERS_ROOT


def kept(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_geotiff_becomes_an_aligned_cog(tmp_path, folder):
    bands = field()
    bands[:, :, :16], bands[0, 40, 40] = 0, 0  # a strip without data, and a dark pixel of one band
    brought = raster(tmp_path / "S2A_20260308T023551.tif", bands, NAMES, nodata=0)
    scene, is_new = scene_add(by=BY, files=[brought], told=Told(cloud=3.5, licence="CC BY"))
    assert is_new
    assert (scene.sensor, scene.bands, scene.source_crs) == ("Sentinel-2 MSI", list(NAMES), "EPSG:32651")
    assert scene.acquired_at == dt.datetime(2026, 3, 8, 2, 35, 51, tzinfo=dt.UTC)
    assert scene.gsd_m == pytest.approx(10, abs=0.05)
    path = folder / scene.path
    assert kept(folder) == [scene.path]
    assert (store.sha256_of(path), path.stat().st_size) == (scene.sha256, scene.size)
    assert cog_validate(str(path), strict=True)[0]
    with rasterio.open(path) as data:
        step = data.transform.a
        tile = EQUATOR_M / 2**14
        assert step == pytest.approx(tile / 256)
        at = ((data.transform.c + EQUATOR_M / 2) / tile, (EQUATOR_M / 2 - data.transform.f) / tile)
        assert at == pytest.approx([round(one) for one in at], abs=1e-6)
        assert (data.crs.to_epsg(), data.dtypes[0], data.nodata, data.descriptions) == (3857, "uint16", 0, NAMES)
        values = data.read(1, masked=True)
        assert 0 < values.min() <= values.max() <= 160
    assert scene.footprint.transform(32651, clone=True).area == pytest.approx(480 * 640, rel=0.05)
    assert AuditEvent.objects.get().action == "scene.add"

    again, is_new = scene_add(by=BY, files=[brought], told=Told(title="x"))
    assert (again.pk, again.title, is_new) == (scene.pk, scene.title, False)
    assert kept(folder) == [scene.path]


def test_what_lies_on_the_grid_stays_as_it_is(tmp_path, folder):
    step = EQUATOR_M / 256 / 2**14
    west, north = step * 256 * 13_658 - EQUATOR_M / 2, EQUATOR_M / 2 - step * 256 * 6_730
    place = {"crs": "EPSG:3857", "transform": from_origin(west, north, step, step)}
    bands = np.random.default_rng(4).integers(1, 255, (4, 256, 512), "uint8")
    scene, _new = scene_add(by=BY, files=[raster(tmp_path / "GF1_2026-03-08.tif", bands, **place)])
    with rasterio.open(folder / scene.path) as data:
        assert (data.read() == bands).all()
        assert data.dtypes[0] == "uint8"
    assert (scene.sensor, scene.bands) == ("GF-1", list(NAMES))  # the fourth of bytes is no alpha because GDAL says so


def test_single_bands_of_several_sizes_and_envi_and_alpha(tmp_path):
    ten = raster(tmp_path / "T51_20260401T023551_B04_10m.tif", field(1))
    twenty = raster(
        tmp_path / "T51_20260401T023551_B11_20m.tif", field(1, 32), transform=from_origin(220_000, 3_387_000, 20, 20)
    )
    scene, _new = scene_add(by=BY, files=[ten, twenty])
    assert scene.bands == ["red", "swir1"]
    envi = raster(tmp_path / "scene.dat", field(6, kind="uint8"), driver="ENVI")
    scene, _new = scene_add(
        by=BY, files=[envi.with_suffix(".hdr")], told=Told(acquired_at=scene.acquired_at, sensor="TM")
    )
    assert scene.bands == ["blue", "green", "red", "nir", "swir1", "swir2"]
    bands = field(4, kind="uint8")
    bands[3] = np.where(np.arange(64) < 32, 0, 255)
    seen = raster(tmp_path / "20260402.tif", bands, photometric="RGB", alpha="YES")
    scene, _new = scene_add(by=BY, files=[seen])
    assert scene.bands == ["red", "green", "blue"]
    assert scene.footprint.transform(32651, clone=True).area == pytest.approx(320 * 640, rel=0.05)


def _bomb(path: Path) -> Path:
    """A hundred thousand pixels wide and high, and a few hundred kilobytes on the disk."""
    size = {"width": 100_000, "height": 100_000, "count": 1, "dtype": "uint8"}
    tiled = {"tiled": True, "blockxsize": 4096, "blockysize": 4096, "SPARSE_OK": True}
    with rasterio.open(path, "w", driver="GTiff", **size, **tiled, **UTM):
        return path


def _cut(path: Path, kind: str = "uint16", names: tuple[str, ...] = NAMES) -> Path:
    whole = raster(path, np.random.default_rng(1).integers(1, 250, (4, 64, 64), kind), names)
    os.truncate(whole, whole.stat().st_size // 2)
    return whole


def _black(path: Path) -> Path:
    return raster(path, np.zeros((4, 64, 64), "uint16"), NAMES)


def _folder(path: Path) -> Path:
    path.mkdir()
    raster(path / "B2.tif", field(1))
    return path


def _text(path: Path) -> Path:
    path.write_text("not a raster")
    return path


def _pointer(path: Path) -> Path:
    """Bytes of another file as pixels: GDAL calls that a raw band."""
    other = path.with_name("secret")
    other.write_bytes(bytes(64 * 64))
    band = (
        '<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">'
        f'<SourceFilename relativetoVRT="0">{other}</SourceFilename></VRTRasterBand>'
    )
    place = "<GeoTransform>240000, 10, 0, 3387000, 0, -10</GeoTransform><SRS>EPSG:32651</SRS>"
    path.write_text(f'<VRTDataset rasterXSize="64" rasterYSize="64">{place}{band}</VRTDataset>')
    return path


def _short(path: Path) -> Path:
    """ENVI whose header says more than its data file has."""
    whole = raster(path, field(6, kind="uint8"), driver="ENVI")
    os.truncate(whole, whole.stat().st_size // 2)
    return whole


PLAN = 'LOCAL_CS["a plan",UNIT["metre",1]]'
PLAIN = {"transform": Affine.identity()}
REFUSED: dict[str, tuple[Callable[[Path], list[Path]], str, str]] = {
    "gone": (lambda at: [at / "20260308.tif"], "no_such_file", "20260308.tif"),
    "text": (lambda at: [_text(at / "20260308.tif")], "raster_broken", "20260308.tif"),
    "cut": (lambda at: [_cut(at / "20260308.tif")], "raster_broken", "损坏"),
    "cut, of bytes": (lambda at: [_cut(at / "20260308.tif", "uint8", ())], "raster_broken", "损坏"),
    "a pointer": (lambda at: [_pointer(at / "20260308.vrt")], "raster_broken", "20260308.vrt"),
    "short": (lambda at: [_short(at / "20260308.dat")], "raster_broken", "不完整"),
    "twice": (lambda at: 2 * [raster(at / "20260308.tif", field(1))], "bands_mismatch", "两次"),
    "infinite": (lambda at: [raster(at / "20260308.tif", np.inf * (field() + 1.0))], "no_data", "没有数据"),
    "a plan": (lambda at: [raster(at / "20260308.tif", field(), crs=PLAN)], "no_georeference", "a plan"),
    "no place": (lambda at: [raster(at / "20260308.tif", field(), **PLAIN)], "no_georeference", "EPSG:32651"),
    "no system": (lambda at: [raster(at / "20260308.tif", field(), crs=None)], "no_georeference", "没有坐标系"),
    "nothing": (
        lambda at: [raster(at / "20260308.tif", field(), crs=None, **PLAIN)],
        "no_georeference",
        "没有地理参考",
    ),
    "nonsense": (lambda at: [raster(at / "20260308.tif", field(), crs="EPSG:4326")], "no_georeference", "EPSG:4326"),
    "elsewhere": (
        lambda at: [raster(at / "20260308.tif", field(), transform=from_origin(690_000, 3_387_000, 10, 10))],
        "outside_county",
        "EPSG:32651，在经度",
    ),
    "the other half of the world": (
        lambda at: [raster(at / "20260308.tif", field(), crs="EPSG:32751")],
        "outside_county",
        "EPSG:32751，在经度 118.042 到 118.054、纬度 -59.567 到 -59.561。",
    ),
    "a folder": (lambda at: [_folder(at / "20260308")], "raster_broken", "“20260308”是文件夹。"),
    "enormous": (
        lambda at: [raster(at / "20260308.tif", field(1, 1500, "uint8"))],
        "raster_too_large",
        "2 百万像素，超过上限 1 百万",
    ),
    "a bomb": (lambda at: [_bomb(at / "20260308.tif")], "raster_too_large", "10000 百万像素"),
    "a cube": (lambda at: [raster(at / "20260308.tif", field(65, 4, "uint8"))], "raster_too_large", "65 个波段"),
    "two systems": (
        lambda at: [raster(at / "20260308_B1.tif", field(1)), raster(at / "B2.tif", field(1), crs="EPSG:32650")],
        "bands_mismatch",
        "EPSG:32650",
    ),
    "two places": (
        lambda at: [raster(at / "20260308_B1.tif", field(1)), raster(at / "B2.tif", field(1, 32))],
        "bands_mismatch",
        "范围",
    ),
    "complex": (lambda at: [raster(at / "20260308.tif", field().astype("complex64"))], "raster_type", "复数"),
    "empty": (lambda at: [raster(at / "20260308.tif", 0 * field(), nodata=0)], "no_data", "没有数据"),
    "black": (lambda at: [_black(at / "20260308.tif")], "no_data", "没有数据"),
    "no date": (lambda at: [raster(at / "scene.tif", field())], "no_date", "拍摄时间"),
}


@pytest.mark.parametrize("bring, code, says", REFUSED.values(), ids=REFUSED)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_refused_with_a_sentence(bring, code, says, tmp_path, folder):
    with pytest.raises(DomainError) as refused:
        scene_add(by=BY, files=bring(tmp_path))
    assert refused.value.code == code
    assert says in refused.value.message
    assert not kept(folder)
    assert not Scene.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_row_that_fails_leaves_no_file_behind(tmp_path, folder, settings):
    brought = raster(tmp_path / "20260308.tif", field())
    with transaction.atomic():
        scene_add(by=BY, files=[brought])
        transaction.set_rollback(True)
    left = kept(folder)
    assert len(left) == 1  # the caller's transaction failed later: the periodic job takes it away
    assert scenes_tidy() == 0
    os.utime(folder / left[0], (0, 0))
    assert scenes_tidy() == 1
    assert not kept(folder)


def test_command(tmp_path, capsys):
    brought = raster(tmp_path / "scene.tif", field(), NAMES)
    call_command("scene_add", brought, "--acquired", "2026-03-08", "--public", "--sensor", "demo")
    call_command("scene_add", brought, "--acquired", "2026-03-08")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Added: demo-2026-03-08-")
    assert second.startswith("There already: demo-2026-03-08-")
    assert f"/admin/imagery/scene/{Scene.objects.get().pk}/change/" in second
    Scene.objects.update(status="withdrawn")
    call_command("scene_add", brought, "--acquired", "2026-03-08")
    call_command("scene_add", brought, "--acquired", "2026-03-08", "--sensor", "demo", "--again")
    gone, again = capsys.readouterr().out.splitlines()
    assert gone.endswith("It was withdrawn; --again makes another one, with what you say of it now.")
    assert again.startswith(f"Added: {first.split()[1][:-1]}-2,")
    call_command("scene_add", raster(tmp_path / "other.tif", field() + 1, NAMES), "--acquired", "2026-03-09")
    assert capsys.readouterr().out.startswith("Added: 2026-03-09-")
    nameless = Scene.objects.get(acquired_at__date="2026-03-09")
    assert (nameless.sensor, nameless.title) == ("", "2026-03-09")
    with pytest.raises(CommandError, match="'hello' is no moment"):
        call_command("scene_add", brought, "--acquired", "hello")
    with pytest.raises(CommandError, match="要同时给出云掩膜的文件（--clouds）"):
        call_command("scene_add", brought, "--acquired", "2026-03-08", "--clouds-as", "scl")
    with pytest.raises(CommandError, match="没有这个县"):
        call_command(
            "scene_add", raster(tmp_path / "b.tif", field(3)), "--acquired", "2026-03-08", "--county", "110101"
        )


@pytest.mark.parametrize("crs, is_said", [("EPSG:2385", True), ("EPSG:4549", False), ("EPSG:2437", False)])
def test_a_datum_without_parameters_is_said(crs, is_said, tmp_path, capsys):
    place = {"crs": crs, "transform": from_origin(507_000, 3_387_000, 10, 10)}
    call_command("scene_add", raster(tmp_path / "20260308.tif", field(), NAMES, **place))
    assert (f"{crs} lies to WGS 84" in capsys.readouterr().err) is is_said


def test_the_same_files_bring_a_lost_scene_back(tmp_path, folder):
    brought = raster(tmp_path / "20260308.tif", field(), NAMES)
    scene, _new = scene_add(by=BY, files=[brought], told=Told(title="kept"))
    before = (folder / scene.path).read_bytes()
    (folder / scene.path).unlink()
    again, is_written = scene_add(by=BY, files=[brought])
    assert ((again.pk, again.key, again.title), is_written) == ((scene.pk, scene.key, "kept"), True)
    assert (folder / again.path).read_bytes() == before
    assert [one.action for one in AuditEvent.objects.order_by("pk")] == ["scene.add", "scene.restore"]
    assert scene_add(by=BY, files=[brought]) == (scene, False)


def test_a_county_of_scenes_takes_them(tmp_path, capsys):
    elsewhere = {"transform": from_origin(690_000, 3_387_000, 10, 10)}
    brought = raster(tmp_path / "20260308.tif", field(), NAMES, **elsewhere)
    call_command("county_of_scenes", brought, "--county", "321299", "--name", "影像县")
    call_command("scene_add", brought, "--county", "321299")
    assert capsys.readouterr().out.startswith("321299: 124.9")
    scene, place = Scene.objects.get(county_id="321299"), Place.objects.get(pk="321299")
    assert place.geom.buffer(0.0002).covers(scene.footprint)
    for file, code, said in ((brought, "321299", "already"), (_text(tmp_path / "a.tif"), "321298", "a.tif")):
        with pytest.raises(CommandError, match=said):
            call_command("county_of_scenes", file, "--county", code, "--name", "x")


@pytest.mark.parametrize(
    "text, day",
    [
        ("S2A_MSIL2A_20260308T023551_N0511.tif", dt.datetime(2026, 3, 8, 2, 35, 51, tzinfo=dt.UTC)),
        ("L71119038_03820000317_MTL.txt", dt.datetime(2000, 3, 17, tzinfo=dt.UTC)),
        ("GF2_PMS1_E119.8_N31.0_20260230_L1A", None),
        ("2026-03-08 10:20:30", dt.datetime(2026, 3, 8, 10, 20, 30, tzinfo=dt.UTC)),
        ("scene 12345678", None),
    ],
)
def test_days_in_names(text, day):
    assert facts.moment_in([text]) == day


def test_cloud_is_estimated_where_nobody_says_it(tmp_path, folder):
    ground = pair(160, 160).before
    ground[:, 40:90, 50:100] = np.array([6000, 6100, 6200, 6400, 3000, 2500])[:, None, None]
    file = raster(tmp_path / "20260308.tif", ground.clip(1).astype("uint16"), COMMON, nodata=0)
    scene, _is_new = scene_add(by=BY, files=[file])
    assert 7 < scene.cloud < 20, "a tenth of it, and a margin"


def test_cloud_is_a_share_of_what_has_data():
    valid, cloudy = np.array([[True, True, True, False]]), np.array([[True, False, False, True]])
    assert facts.cloud_percent(cloudy, valid) == 33.3
    assert facts.cloud_percent(cloudy, ~valid & False) is None


SCL = np.array([[4, 8], [3, 0]], np.uint8)


@pytest.mark.parametrize(
    "name, values, kind",
    [
        ("T51RTP_SCL_20m.tif", SCL, ""),
        ("S2A_QA60.tif", np.array([[0, 1 << 10], [0, 0]], np.uint16), ""),
        ("LC08_QA_PIXEL.TIF", np.array([[1 << 6, 1 << 3], [1 << 4, 1]], np.uint16), ""),
        ("clouds.tif", np.array([[0, 255], [0, 0]], np.uint8), ""),
        ("anything.tif", SCL, "scl"),
    ],
)
def test_a_mask_of_clouds_lies_on_the_scenes_grid(tmp_path, folder, name, values, kind):
    """Four squares of 320 m, of which the mask hides the upper right, in shadow the lower left."""
    lonlat = transform_bounds(UTM["crs"], "EPSG:4326", *array_bounds(64, 64, UTM["transform"]))
    west, south, east, north = lonlat[0] - 0.0005, lonlat[1] - 0.0005, lonlat[2] + 0.0005, lonlat[3] + 0.0005
    quarters = np.kron(values, np.ones((20, 20), values.dtype))[None]
    for place in (
        {"transform": from_origin(220_000, 3_387_000, 16, 16)},
        {"crs": "EPSG:4326", "transform": from_bounds(west, south, east, north, 40, 40)},
    ):
        mask = raster(tmp_path / name, quarters, **place)
        brought = raster(tmp_path / "S2A_20260308T023551.tif", field(), NAMES)
        scene, is_new = scene_add(by=BY, files=[brought], told=Told(clouds=mask, clouds_as=kind))
        assert is_new, "with another mask it is another scene"
        assert scene.bands == [*NAMES, "clouds"]
        assert scene.cloud == pytest.approx(25, abs=2), "shadow is none"
        seen = picture(folder / scene.path, ["blue", "green", "red", "nir", "clouds"])
        bands = seen.read(Window(0, 0, seen.rows, seen.cols))
        with rasterio.open(folder / scene.path) as data:
            corners = transform("EPSG:32651", data.crs, [220_160, 220_480], [3_386_840, 3_386_520])
            (left, right), (upper, lower) = corners
            at = [data.index(x, y) for x, y in ((left, upper), (right, upper), (left, lower), (right, lower))]
            assert (data.read_masks(1) > 0).sum() == (data.dataset_mask() > 0).sum(), "beyond the scene is no data"
        hidden = [bool(np.isnan(bands[:, row, col]).all()) for row, col in at]
        assert hidden == [False, True, "SCL" in name or "PIXEL" in name or kind == "scl", False]


def test_a_mask_of_other_ground_is_refused(tmp_path, folder):
    brought = raster(tmp_path / "S2A_20260308T023551.tif", field(), NAMES)
    plain = np.zeros((1, 64, 64), np.uint8)
    text = tmp_path / "text.tif"
    text.write_text("no mask")
    for mask, said in (
        (text, "读不出来"),
        (raster(tmp_path / "real.tif", plain.astype("float32")), "整数"),
        (raster(tmp_path / "two.tif", np.zeros((2, 64, 64), np.uint8)), "整数"),
        (raster(tmp_path / "nowhere.tif", plain, crs=None, transform=Affine.identity()), "地理参考"),
        (raster(tmp_path / "beside.tif", plain, transform=from_origin(220_100, 3_387_000, 10, 10)), "没有盖住"),
        (raster(tmp_path / "small.tif", plain[:, :50]), "没有盖住"),
    ):
        with pytest.raises(DomainError, match=said):
            scene_add(by=BY, files=[brought], told=Told(clouds=mask))
    with pytest.raises(DomainError, match="--clouds"):
        scene_add(by=BY, files=[brought], told=Told(bands=("blue", "green", "red", "clouds")))
    with pytest.raises(CommandError, match="没有盖住"):
        call_command("scene_add", str(brought), county=places.COUNTY, clouds=tmp_path / "small.tif")
    assert (kept(folder), Scene.objects.count()) == ([], 0)
