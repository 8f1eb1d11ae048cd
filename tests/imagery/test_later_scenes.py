"""What a later scene has left of points that wait; below a cloud nobody can tell."""

from __future__ import annotations

import io

import numpy as np
import pytest
import shapely
from affine import Affine
from django.core.management import call_command
from pyproj import Transformer
from rasterio.transform import from_origin
from scipy import ndimage
from shapely.geometry import Polygon
from shapely.validation import explain_validity

from imagery.detect.masks import LEAST_PIXELS
from imagery.detect.patches import Patch, boxes, inside
from imagery.detect.windows import Window
from imagery.execution.patches import mean_scores
from imagery.execution.runs import Conduct, Order, fitted, sampled
from imagery.ingest import _left
from imagery.models import ChangePoint, ChangeRun
from imagery.rasters.finding import picture
from imagery.rasters.outlines import outline_of, pixels_of
from imagery.selectors.later import points_tested
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.pairs import pair
from tests.imagery.rasters_of import UTM, raster
from tests.imagery.test_clouded_runs import NAMES, SHARE, SIDE, added, mask_file
from tests.imagery.test_execution import Arrays

DAYS = ("2025-09-11", "2026-03-08", "2026-06-01")


@pytest.mark.django_db
def test_what_is_gone_is_told_where_it_can_be_seen(tmp_path, settings):
    """The third scene shows the ground of the first: all has gone again, half of it below clouds."""
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    settings.CHANGE_EXECUTOR = "serial"
    places.village(make.VILLAGE)
    ground, clear = pair(SIDE, SIDE, season=0.3), np.zeros((SIDE, SIDE), bool)
    half = clear.copy()
    half[:, SIDE // 2 :] = True
    noise = np.random.default_rng(5).normal(0, 25, ground.before.shape).astype(np.float32)
    bands, hidden = (ground.before, ground.after, ground.before + noise), (clear, clear, half)
    scenes = [
        added(tmp_path, day, image, mask_file(tmp_path / f"mask-{day}.tif", below, UTM["crs"], 10))
        for day, image, below in zip(DAYS, bands, hidden, strict=True)
    ]

    def detect(before: int, after: int) -> str:
        out = io.StringIO()
        keys = scenes[before].key, scenes[after].key
        call_command("change_detect", *keys, "--share", SHARE, stdout=out)
        return out.getvalue()

    detect(0, 1)
    first = list(ChangePoint.objects.order_by("pk"))
    image = picture(tmp_path / "2025-09-11.tif")
    spots = {point.pk: pixels_of(Polygon(point.geom.coords[0]), image) for point in first}
    assert all(spots.values())
    west = {key for key, (window, _own) in spots.items() if window.col + window.width < SIDE // 2 - 4}
    east = {key for key, (window, _own) in spots.items() if window.col > SIDE // 2 + 4}
    assert min(len(west), len(east)) >= 2
    assert f"{len(west)} gone" in detect(0, 2)
    gone = set(ChangePoint.objects.filter(gone_on=DAYS[2]).values_list("pk", flat=True))
    assert gone == west, "what lies below clouds is not said to be gone"


def test_a_place_of_which_less_than_half_is_seen_says_nothing():
    ground = pair(96, 96)
    order = Order(Arrays(ground.before, ground.after), "fusion")
    plan = fitted(order, Conduct(), sampled(order, Conduct()))
    places_, own = [Window(40, col, 10, 10) for col in (20, 50)], np.ones((10, 10), bool)
    whole = mean_scores(order.source, plan, [(one, own) for one in places_])
    after = ground.after.copy()
    after[:, 40:50, 20:26] = after[:, 40:50, 50:54] = np.nan
    seen = mean_scores(Arrays(ground.before, after), plan, [(one, own) for one in places_])
    assert None not in whole
    assert seen[0] is None
    assert seen[1] is not None


def test_outlines_are_found_again_in_a_picture(tmp_path):
    image = picture(raster(tmp_path / "x.tif", pair(96, 96).before, NAMES))
    own = np.ones((9, 14), bool)
    own[:4, 8:] = False
    outline = outline_of(Patch(Window(20, 31, 9, 14), own, 1.0, "bare", {}), image)
    window, found = pixels_of(outline, image)
    whole, other = np.zeros((2, 96, 96), bool)
    whole[20:29, 31:45], other[window.slices] = own, found
    assert (whole & other).sum() / (whole | other).sum() > 0.9
    at_edge = outline_of(Patch(Window(90, 31, 9, 14), own, 1.0, "bare", {}), image)
    assert pixels_of(at_edge, image) is None, "half of it lies outside"


@pytest.mark.parametrize("seed", range(4))
def test_outlines_of_noise_are_valid_and_lose_nothing(tmp_path, seed):
    """Patches with necks of a pixel's corner, on the grid of tiles."""
    edge = 4.77731426716  # metres, zoom 15
    tiled = {"crs": "EPSG:3857", "transform": from_origin(13_366_000, 3_583_000, edge, edge)}
    image = picture(raster(tmp_path / "x.tif", pair(96, 96).before, NAMES, **tiled))
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).random((400, 400)), 0.7)
    mask, ground = noise > np.quantile(noise, 0.7), Transformer.from_crs(4326, 3857, always_xy=True)
    for box in boxes(mask):
        own = inside(mask, box)
        if own.sum() >= LEAST_PIXELS:
            outline = outline_of(Patch(box.window, own, 1.0, "bare", {}), image)
            assert outline.is_valid, explain_validity(outline)
            area = shapely.transform(outline, lambda xy: np.column_stack(ground.transform(*xy.T))).area / edge**2
            assert area > 0.6 * np.bincount(ndimage.label(own)[0][own]).max(), "at least what hangs together by edges"


@pytest.mark.parametrize(("row", "col"), [(0, 31), (87, 31), (40, 0), (40, 82)])
@pytest.mark.parametrize("grid", ["metres", "degrees", "upward", "turned"])
def test_outlines_are_found_again_at_the_edge_of_every_grid(tmp_path, row, col, grid):
    place = {
        "metres": UTM,
        "degrees": {"crs": "EPSG:4326", "transform": from_origin(120.08, 30.58, 0.0001, 0.0001)},
        "upward": {**UTM, "transform": Affine(10, 0, 220_000, 0, 10, 3_386_040)},
        "turned": {**UTM, "transform": UTM["transform"] @ Affine.rotation(20)},
    }[grid]
    image = picture(raster(tmp_path / "x.tif", pair(96, 96).before, NAMES, **place))
    own = np.ones((9, 14), bool)
    found = pixels_of(outline_of(Patch(Window(row, col, 9, 14), own, 1.0, "bare", {}), image), image)
    assert found is not None
    window, inside = found
    whole = np.zeros((96, 96), bool)
    whole[window.slices] = inside
    assert whole[row : row + 9, col : col + 14].sum() == whole.sum() > 0.9 * own.size


@pytest.mark.django_db
@pytest.mark.parametrize(("metres", "is_told"), [(2, True), (20, True), (30, False)])
def test_what_is_smaller_than_a_pixel_says_nothing(metres, is_told):
    """A point of 400 m²: in a pixel of 900 m² most of what is seen lies beside it."""
    point = make.point(features={"score_mean": 2.0})
    later = make.scene("2026-06-01", gsd_m=metres)
    named = {"detector": "fusion", "params_hash": "later"}
    run = ChangeRun.objects.create(county_id=point.county_id, before=point.run.before, after=later, **named)
    assert [place.key for place in points_tested(run)] == [point.pk] * is_told


@pytest.mark.django_db
def test_what_was_found_round_a_field_is_not_gone_because_the_field_is_as_it_was(tmp_path):
    """An outline has no holes: the mean of all that lies in it says nothing of a wall."""
    ground, wall = pair(96, 96), np.ones((24, 24), bool)
    wall[2:-2, 2:-2] = False
    ground.after[:, 40:64, 30:54][:, wall] += 2500
    order = Order(Arrays(ground.before, ground.after), "fusion")
    plan = fitted(order, Conduct(), sampled(order, Conduct()))
    image, patch = picture(raster(tmp_path / "x.tif", ground.before, NAMES)), Window(40, 30, 24, 24)
    [strength] = mean_scores(order.source, plan, [(patch, wall)])
    outline = outline_of(Patch(patch, wall, 1.0, "building", {}), image)
    point = make.point(area_m2=57_600, features={"score_mean": strength, "fill": float(wall.mean())})
    ChangePoint.objects.filter(pk=point.pk).update(geom=f"SRID=4326;{outline.wkt}")
    scenes = {"before": point.run.before, "after": make.scene("2026-06-01")}
    run = ChangeRun.objects.create(county_id=point.county_id, detector="fusion", params_hash="later", **scenes)
    assert _left(run, order.source, plan, image) == {}
    ChangePoint.objects.filter(pk=point.pk).update(features={"score_mean": strength, "fill": 1.0})
    assert _left(run, order.source, plan, image)[point.pk] < 50, "that is what it would have said"
