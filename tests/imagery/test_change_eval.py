"""Rasters of many shapes into detection, and the command that compares it with labels."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import rasterio
from django.core.management import CommandError, call_command
from rasterio.transform import from_origin
from scipy import ndimage

from imagery.detect.bands import COMMON, BandsError, is_named, positions
from imagery.detect.clouds import EDGE
from imagery.detect.features import FEATURES
from imagery.detect.trees import Trees
from imagery.detect.windows import Window, cover
from imagery.rasters.finding import picture
from imagery.rasters.pairs import Labels, loaded, paired
from tests.imagery.pairs import pair

SENTINEL = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
OF_SENTINEL = dict(zip(("B02", "B03", "B04", "B08", "B11", "B12"), range(6), strict=True))
PLACE = {"crs": "EPSG:32651", "transform": from_origin(300_000, 3_300_000, 10, 10)}


def whole(values):
    """As a satellite sends it."""
    return values.clip(0).astype(np.uint16)


def write(path, values, driver="GTiff", **more):
    values = np.atleast_3d(values) if values.ndim == 2 else np.moveaxis(values, 0, -1)
    with rasterio.open(
        path, "w", driver=driver, height=values.shape[0], width=values.shape[1], count=values.shape[2],
        dtype=values.dtype, **more,
    ) as out:  # fmt: skip
        out.write(np.moveaxis(values, -1, 0))
    return path


@pytest.fixture(scope="module")
def ground():
    return pair()


@pytest.fixture(scope="module")
def files(ground, tmp_path_factory):
    """The pair as two GeoTIFFs of 16 bits, as ENVI without georeference, and labels."""
    base = tmp_path_factory.mktemp("pair")
    for name, values in (("before", ground.before), ("after", ground.after)):
        write(base / f"{name}.tif", whole(values), **PLACE)
        write(base / f"{name}.img", values.astype(np.float32), "ENVI")
    write(base / "changed.bmp", ground.changed.astype(np.uint8) * 255, "BMP")
    write(base / "unchanged.png", (~ground.changed).astype(np.uint8) * 255, "PNG")
    write(base / "one-two.tif", ground.changed.astype(np.uint8) + 1)
    return base


def evaluate(capsys, before, after, changed, **options):
    call_command("change_eval", str(before), str(after), changed=str(changed), json=True, **options)
    return json.loads(capsys.readouterr().out)


def sentinel_folder(at, values):
    """Thirteen single-band files: bands of 20 m are half as large, and the red edge is nonsense."""
    at.mkdir()
    for band in SENTINEL:
        if band in OF_SENTINEL:
            plane = whole(values[OF_SENTINEL[band]])
            plane = plane[::2, ::2] if band in ("B11", "B12") else plane
        else:
            plane = np.random.default_rng(1).integers(0, 9999, (80, 80)).astype(np.uint16)
        write(at / f"S2A_T51RTP_{band}.tif", plane, crs=PLACE["crs"],
              transform=from_origin(300_000, 3_300_000, 1600 / plane.shape[0], 1600 / plane.shape[0]))  # fmt: skip
    (at / "notes.txt").write_text("taken by satellite")
    return at


def test_formats_executors_and_windows_give_one_mask(files, ground, capsys, tmp_path):
    told = evaluate(capsys, files / "before.tif", files / "after.tif", files / "changed.bmp",
                    detector="irmad", mask=tmp_path / "m.tif", executor="serial", window=64)  # fmt: skip
    assert told["f1"] > 0.9
    assert (told["bands"], told["rows"]) == (list(COMMON), 160)
    assert told["changed"] + told["unchanged"] == 160 * 160
    with rasterio.open(tmp_path / "m.tif") as mask:
        assert mask.crs.to_epsg() == 32651
        values = mask.read(1)
    assert set(np.unique(values)) == {0, 255}
    assert (values > 0).sum() == told["found"]
    envi = evaluate(capsys, files / "before.img", files / "after.img", files / "one-two.tif",
                    unchanged=str(files / "unchanged.png"), detector="irmad", keep=tmp_path / "kept")  # fmt: skip
    assert {key: envi[key] for key in ("changed", "unchanged")} == {key: told[key] for key in ("changed", "unchanged")}
    assert envi["f1"] == pytest.approx(told["f1"], abs=0.02), "16 bits against 32"
    assert not list((tmp_path / "kept").iterdir())


def test_a_re_ranker_judges_the_patches_of_a_mask(files, capsys, tmp_path):
    """By a rule that knows these scenes: what is weak is none. The area asked for is far too large."""
    asked, here = np.array([FEATURES.index("score_mean"), -1, -1]), np.array([1, 0, 0])
    rule = Trees(np.array([0]), asked, here * 0.51, here, here * 2, here > 0, np.array([0.0, -2.0, 2.0]), 0.0)
    (tmp_path / "x.npz").write_bytes(rule.to_bytes())
    given = (files / "before.tif", files / "after.tif", files / "changed.bmp")
    alone = evaluate(capsys, *given, cut="0.3", executor="serial")
    judged = evaluate(capsys, *given, cut="0.3", executor="serial", ranker=tmp_path / "x.npz", window=64)
    assert judged["precision"] > 1.8 * alone["precision"]
    assert judged["recall"] > 0.85 * alone["recall"]
    assert alone["ap"] - 0.15 < judged["ap"] != alone["ap"], "ordered by what the rule says"
    with pytest.raises(CommandError, match="no readable re-ranker"):
        evaluate(capsys, *given, ranker=files / "before.tif")


def test_a_folder_of_sentinel_bands(files, ground, capsys, tmp_path):
    before = sentinel_folder(tmp_path / "imgs_1", ground.before)
    after = sentinel_folder(tmp_path / "imgs_2", ground.after)
    told = evaluate(capsys, before, after, files / "changed.bmp", cut="0.022")
    assert told["bands"] == list(COMMON)
    assert told["f1"] > 0.75
    listed = ",".join(str(before / f"S2A_T51RTP_{band}.tif") for band in ("B08", "B04", "B03"))
    assert picture(listed).names == ("green", "red", "nir")
    coarse = picture(before)
    together = coarse.read(Window(0, 0, 160, 160))
    for window in cover(160, 160, 33):  # stretching does not depend on windows either
        np.testing.assert_array_equal(coarse.read(window), together[:, *window.slices])
    assert np.abs(together[4] - ground.before[4]).mean() < 250


def test_the_fourth_band_of_bytes_is_no_transparency_because_gdal_says_so(tmp_path):
    seen = np.random.default_rng(1).integers(1, 255, (4, 32, 32)).astype(np.uint8)
    assert picture(write(tmp_path / "x.tif", seen)).names == COMMON[:4]
    seen[3] = np.where(np.arange(32) < 8, 0, 255)
    assert picture(write(tmp_path / "y.tif", seen)).names == COMMON[:3]


@pytest.mark.parametrize(
    "kind", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]
)
def test_numbers_of_every_type_are_those_of_numpy(tmp_path, kind):
    draw = np.random.default_rng(2)
    if kind.startswith("float"):
        values = (draw.normal(0, 1, (4, 40, 40)) * 10.0 ** draw.integers(-40, 38, (4, 40, 40))).astype(kind)
        values[:, 0, :3] = np.nan, np.inf, -np.inf
    else:
        ends = np.iinfo(kind)
        values = draw.integers(ends.min, ends.max, (4, 40, 40), kind, endpoint=True)
    values[:, 5:9] = 7
    scene = picture(write(tmp_path / "x.tif", values, nodata=7))
    expected = values.astype(np.float32)
    expected[values == 7] = np.nan
    np.testing.assert_array_equal(scene.read(Window(0, 2, 30, 31)), expected[:, :30, 2:33])


def test_each_band_comes_to_its_place_whatever_file_it_is_in(tmp_path):
    values = np.random.default_rng(4).integers(1, 999, (4, 20, 24)).astype(np.uint16)
    files = [write(tmp_path / f"{at}.tif", values[list(at)], **PLACE) for at in ((2, 0), (3, 1))]
    before = picture(files, ("red", "blue", "nir", "green"))
    np.testing.assert_array_equal(before.read(Window(3, 4, 10, 11)), values[:, 3:13, 4:15])
    moved = write(tmp_path / "one.tif", values, crs=PLACE["crs"], transform=from_origin(299_990, 3_300_010, 10, 10))
    _earlier, later = paired(picture(moved), before).read(Window(2, 2, 10, 11))
    np.testing.assert_array_equal(later, values[:, 1:11, 1:12])


def test_another_grid_is_warped_onto_the_first(files, ground):
    shifted = files / "shifted.tif"
    moved = from_origin(300_000 - 30, 3_300_000 + 20, 10, 10)
    larger = whole(np.pad(ground.after, ((0, 0), (2, 4), (3, 1)), mode="edge"))
    write(shifted, larger, crs="EPSG:32651", transform=moved, nodata=0)
    both = paired(picture(files / "before.tif"), picture(shifted))
    assert both.is_warped
    _before, after = both.read(Window(10, 20, 30, 40))
    np.testing.assert_allclose(after, ground.after[:, 10:40, 20:60], atol=1)


def test_a_small_pair_goes_to_a_cluster_as_its_files_and_is_read_there_once(files):
    small = loaded(paired(picture(files / "before.tif"), picture(files / "after.tif")))
    sent, again = pickle.dumps(small), loaded(small.pair)
    assert len(sent) < 5_000
    there = pickle.loads(sent)
    np.testing.assert_array_equal(there.read(Window(3, 4, 20, 30)), small.read(Window(3, 4, 20, 30)))
    assert there is pickle.loads(sent)
    assert there is not pickle.loads(pickle.dumps(again)), "its files may have changed"


@pytest.mark.parametrize(
    "names, centres, count, expected",
    [
        (["x_B02.jp2", "x_B8A.jp2", "x_B08.jp2", "TCI.jp2"], [], 4, {"blue": 0, "nir": 2}),
        (["", "", "", "", "", ""], [0.48, 0.56, 0.66, 0.82, 1.65, 2.22], 6, dict(zip(COMMON, range(6), strict=True))),
        ([""] * 7, [0.48, 0.56, 0.66, 0.82, 1.65, 11.4, 2.22], 7, dict(zip(COMMON, (0, 1, 2, 3, 4, 6), strict=True))),
        ([""] * 4, [], 4, {"blue": 0, "green": 1, "red": 2, "nir": 3}),
        ([""] * 13, [], 13, dict(zip(COMMON, (1, 2, 3, 7, 11, 12), strict=True))),
        ([""] * 12, [], 12, dict(zip(COMMON, (1, 2, 3, 7, 10, 11), strict=True))),
        ([""] * 10, [], 10, dict(zip(COMMON, (0, 1, 2, 6, 8, 9), strict=True))),
        ([""] * 7, [], 7, dict(zip(COMMON, (0, 1, 2, 3, 4, 6), strict=True))),
        (["Red", "Green", "Blue", "NIR"], [], 4, {"red": 0, "green": 1, "blue": 2, "nir": 3}),
        ([f"LC08_SR_B{n}.TIF" for n in range(1, 8)], [], 7, dict(zip(COMMON, range(1, 7), strict=True))),
        ([f"LT05_L1TP_B{n}.TIF" for n in range(1, 8)], [], 7, dict(zip(COMMON, (0, 1, 2, 3, 4, 6), strict=True))),
    ],
)  # fmt: skip
def test_which_bands(names, centres, count, expected):
    assert positions(names, centres, count=count) == expected


def test_bands_that_nobody_can_tell():
    assert not is_named("scene_20200101.tif")
    with pytest.raises(BandsError, match="--bands"):
        positions([""] * 5, [], count=5)


def test_what_cannot_be_used_is_refused_in_a_sentence(files, ground, tmp_path, capsys):
    broken = tmp_path / "broken.tif"
    broken.write_bytes((files / "before.tif").read_bytes()[:3000])
    noise = write(tmp_path / "small.tif", np.ones((6, 90, 100), np.uint8))
    five = write(tmp_path / "five.tif", np.ones((5, 160, 160), np.uint8))
    text = Path(tmp_path / "a.tif")
    text.write_text("no picture")
    (tmp_path / "empty").mkdir()
    good, changed = files / "before.tif", files / "changed.bmp"
    nothing = write(tmp_path / "nothing.tif", np.zeros((160, 160), np.uint8))
    for before, after, label, said in (
        (text, good, changed, "a.tif cannot be read"),
        (good, broken, changed, "broken.tif cannot be read"),
        (good, noise, changed, "90 × 100"),
        (good, five, changed, "5 bands without names"),
        (good, tmp_path / "empty", changed, "no raster in the folder"),
        (good, tmp_path / "gone", changed, "does not exist"),
        (good, files / "after.tif", noise, "90 × 100"),
        (good, files / "after.tif", nothing, "labels nothing"),
        (good, files / "after.tif", good, "has 6 bands, as a scene has"),
    ):
        with pytest.raises(CommandError, match=said):
            evaluate(capsys, before, after, label, window=64)
    for options in (
        {"bands": "blue,purple"},
        {"bands": "nir,nir"},
        {"cut": "2"},
        {"window": 3},
        {"executor": "x"},
        {"bands": ",".join("-" * 9)},
    ):
        with pytest.raises(CommandError):
            evaluate(capsys, good, files / "after.tif", changed, **options)


def test_labels(files, ground, tmp_path):
    everywhere, nothing = np.full((160, 160), 255, np.uint8), np.zeros((160, 160), np.uint8)
    white = ground.changed.astype(np.uint8) * 255
    for name, planes in (
        ("colours", [white] * 3 + [everywhere]),
        ("white, what is not labelled is transparent", [everywhere] * 3 + [white]),
        ("alpha alone", [nothing] * 3 + [white]),
    ):
        write(tmp_path / f"{name}.png", np.stack(planes), "PNG")
    folder = tmp_path / "cm"
    folder.mkdir()
    write(folder / "cm.png", nothing, "PNG")
    write(folder / "city-cm.tif", ground.changed.astype(np.uint8) + 1)
    all_of_it = Window(0, 0, 160, 160)
    for path in (files / "changed.bmp", files / "one-two.tif", folder, *tmp_path.glob("*.png")):
        labels = Labels.of(path, 160, 160)
        np.testing.assert_array_equal(labels.read(all_of_it), ground.changed, str(path))
        np.testing.assert_array_equal(labels.rest(all_of_it), ~ground.changed)


def test_pictures_of_some_pixels_more_or_fewer_begin_in_the_same_corner(files, ground, tmp_path):
    smaller = write(tmp_path / "labels.tif", ground.changed[:153, :158].astype(np.uint8))
    labels = Labels.of(smaller, 160, 160)
    corner = Window(150, 150, 10, 10)
    np.testing.assert_array_equal(labels.read(corner)[:3, :8], ground.changed[150:153, 150:158])
    assert labels.rest(corner)[:3, :8].any()
    assert not labels.rest(corner)[3:].any()
    assert not labels.read(Window(155, 0, 5, 160)).any()
    later = write(tmp_path / "later.tif", whole(ground.after)[:, :157])
    both = paired(picture(files / "before.hdr"), picture(later))
    assert (both.rows, both.cols) == (157, 160)


def test_what_a_mask_hides_is_no_data_on_either_grid(files, ground, tmp_path):
    hidden = np.zeros((160, 160), np.float32)
    hidden[20:40, 50:90] = 1
    edges = ndimage.binary_dilation(hidden, np.ones((3, 3)), iterations=EDGE)
    names = (*COMMON, "clouds")
    moved = from_origin(300_000 - 30, 3_300_000 + 20, 10, 10)
    stack = np.concatenate([whole(ground.after), hidden[None].astype(np.uint16)])
    larger = np.pad(stack, ((0, 0), (2, 4), (3, 1)), mode="edge")
    for path in (
        write(tmp_path / "same.tif", stack, **PLACE),
        write(tmp_path / "moved.tif", larger, crs="EPSG:32651", transform=moved),
    ):
        both = paired(picture(files / "before.tif"), picture(path, names))
        window = Window(10, 40, 60, 70)
        before, after = both.read(window)
        np.testing.assert_array_equal(np.isnan(after[0]), edges[window.slices])
        assert np.isfinite(before).all()
    coarse = picture(path, names)
    assert np.isnan(coarse.read(Window(0, 0, coarse.rows, coarse.cols))[0]).sum() == edges.sum() == 26 * 46
