"""What keeps false alarms from people: clouds, scenes that lie beside each other, edges; and what a patch is."""

import numpy as np
import pytest
from scipy import ndimage
from sklearn.ensemble import HistGradientBoostingClassifier

from imagery.detect.clouds import cloud_rule
from imagery.detect.edges import standing
from imagery.detect.features import FEATURES, Alike, row_of
from imagery.detect.kinds import kind_of
from imagery.detect.patches import boxes, inside
from imagery.detect.rank import TooFewReviewsError, trained
from imagery.detect.registration import ShiftError
from imagery.detect.sampling import Sample
from imagery.detect.trees import CorruptTrees, Trees, from_bytes
from imagery.detect.windows import cover
from imagery.execution.clearing import Clear, cleared, registered
from imagery.execution.patches import patches_of
from imagery.execution.runs import Conduct, Order, fitted, masked, sampled, whole
from tests.imagery.pairs import pair
from tests.imagery.test_execution import Arrays

NAMES = ("blue", "green", "red", "nir", "swir1", "swir2")


@pytest.fixture(scope="module")
def ground():
    return pair()


def found(source, detector="irmad"):
    """Mask and patches of a source."""
    order, conduct = Order(source, detector, 64), Conduct()
    sample = sampled(order, conduct)
    plan = fitted(order, conduct, sample)
    marks = whole(source, masked(order, plan, conduct))
    stay, _gone = standing(marks, plan.least)
    return marks > 0, list(patches_of(source, NAMES, plan, Alike.of(sample), marks, stay))


def test_patches_have_the_kind_of_what_they_became(ground):
    mask, patches = found(Arrays(ground.before, ground.after))
    planted, count = ndimage.label(ground.changed)
    hits = {
        number: patch
        for patch in patches
        for number in np.unique(planted[patch.rows, patch.cols]).tolist()
        if number and patch.features["tolerant"] > 0.5
    }
    assert len(hits) == count == 10
    became = {"bare": "bare", "built": "building", "water": "water"}
    for cover_name, at in ground.kinds.items():
        assert hits[planted[at].max()].kind == became[cover_name]
    assert all(0.5 <= patch.score <= 1 for patch in patches)
    assert sum(patch.area_px for patch in patches) == mask.sum()
    assert all(np.isfinite(row_of(patch.features)).all() for patch in patches)


def test_scenes_beside_each_other_are_put_right_or_refused(ground):
    moved = np.roll(ground.after, (1, -1), (1, 2))
    shift = registered(Arrays(ground.before, moved))
    assert shift is not None
    assert shift.whole == (1, -1)
    assert abs(shift.pixels - 2**0.5) < 0.1
    clear = Clear(Arrays(ground.before, moved), shift.whole)
    for window in cover(160, 160, 70):
        before, after = clear.read(window)
        seen = np.isfinite(after)
        np.testing.assert_array_equal(before, ground.before[:, *window.slices])
        np.testing.assert_array_equal(after[seen], ground.after[:, *window.slices][seen])
        assert (~seen[0]).sum() in (0, window.height, window.width, window.height + window.width - 1)
    with pytest.raises(ShiftError, match=r"3\.\d pixels"):
        registered(Arrays(ground.before, np.roll(ground.after, (3, 0), (1, 2))))
    finer = registered(Arrays(ground.before, np.roll(ground.after, (3, 0), (1, 2))), edge=0.6)
    assert finer is not None
    assert (finer.whole, finer.pixels) == ((3, 0), pytest.approx(1.8, abs=0.1)), "it counts as the scene has them"
    noise = np.random.default_rng(0).normal(0, 1, ground.after.shape).astype(np.float32)
    assert registered(Arrays(ground.before, noise)) is None, "nobody can tell"


def _wedge(apart=0):
    """Data end at a slope, as the edge of an orbit does."""
    rows, cols = np.mgrid[:160, :160]
    return cols + rows // 5 < 70 + apart


def _clouds(apart=0):
    """A mask of 80 m pixels over two fifths of the ground."""
    coarse = ndimage.gaussian_filter(np.random.default_rng(7).normal(0, 1, (20, 20)), 1) > 0.07
    return np.roll(coarse.repeat(8, 0).repeat(8, 1), apart, 1)


@pytest.mark.parametrize("shift", [(0, 0), (0, 1), (1, -1)])
@pytest.mark.parametrize(
    "hidden", [(_wedge(), _wedge()), (_wedge(), _wedge(5)), (_clouds(), _clouds()), (_clouds(), _clouds(5))]
)
def test_where_data_end_is_no_edge_of_the_ground(ground, hidden, shift):
    """A mask of both scenes hid a shift; one that lay five pixels farther had scenes refused that lie right."""
    before, after = ground.before.copy(), np.roll(ground.after, shift, (1, 2))
    before[:, hidden[0]], after[:, hidden[1]] = np.nan, np.nan
    found = registered(Arrays(before, after))
    assert found is not None
    assert (found.rows, found.cols) == pytest.approx(shift, abs=0.15)


def test_hardly_a_pixel_tells_nothing(ground):
    before = ground.before.copy()
    before[:, 50:] = np.nan
    before[:, :, 90:] = np.nan
    assert registered(Arrays(before, ground.after)) is None


@pytest.mark.parametrize("pixel_m", [30, 10])
def test_clouds_are_no_ground(ground, pixel_m):
    cloud = np.zeros((160, 160), bool)
    cloud[60:85, 70:100] = True
    after = np.where(cloud, np.float32(6500), ground.after)
    sample = Sample(ground.before.reshape(6, -1), after.reshape(6, -1), np.arange(160 * 160))
    clear = cleared(Arrays(ground.before, after), NAMES, sample, None, pixel_m)
    whole = np.isnan(clear.read(next(cover(160, 160, 160)))[1][0])
    assert whole[cloud].all(), "the cloud and its haze"
    assert not whole[~ndimage.binary_dilation(cloud, np.ones((3, 3)), iterations=6)].any()
    for window in cover(160, 160, 50):
        np.testing.assert_array_equal(np.isnan(clear.read(window)[1][0]), whole[window.slices])
    assert cloud_rule(("nir",), sample.before[3:4], pixel_m) is None
    assert clear.rules[1].halo < 20
    given = cleared(Arrays(ground.before, after), NAMES, sample, None, pixel_m, (False, True))
    assert given.rules[0] is not None
    assert given.rules[1] is None, "who brings a mask needs no estimate"


@pytest.mark.parametrize(("pixel_m", "side"), [(10, 12), (2, 60)])
def test_the_roof_of_a_hall_is_no_cloud(ground, pixel_m, side):
    after = ground.after.copy()
    after[:, 20 : 20 + side, 40 : 40 + side] = 6500  # 120 m each way
    sample = Sample(ground.before.reshape(6, -1), after.reshape(6, -1), np.arange(160 * 160))
    rule = cloud_rule(NAMES, sample.after, pixel_m)
    assert not rule(after).any()
    assert cloud_rule(NAMES, sample.after, 30)(after)[25, 45], "of 360 m it may be one"
    assert cloud_rule(NAMES, sample.after, 0.8) is None, "nobody could tell"


def test_patches_are_the_same_for_every_height_of_strips():
    mask = ndimage.gaussian_filter(np.random.default_rng(2).normal(0, 1, (90, 70)), 1.2) > 0.12
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    whole = boxes(mask)
    assert len(whole) == count
    for strip in (1, 7, 64):
        assert boxes(mask, strip) == whole
    for box in whole:
        own = inside(mask, box)
        assert own.sum() == box.pixels == (labels == labels[box.seed]).sum()
        assert own.any(axis=0).all()
        assert own.any(axis=1).all()


USUAL = {"ndvi_before": 0.5, "ndvi_after": 0.5, "slope_after": 0.1, "light_before": 1, "light_after": 1}
KNOWN = dict.fromkeys(FEATURES, 0.0) | {"area_px": 50, "tolerant": 1.0, "light_before": 1, "light_after": 1}


@pytest.mark.parametrize(
    "more, kind",
    [
        ({"water_before": -0.3, "water_after": 0.4, "ndvi_before": 0.5, "ndvi_after": -0.2}, "water"),
        ({"ndvi_before": 0.1, "ndvi_after": 0.5}, "vegetation"),
        ({"ndvi_before": 0.5, "ndvi_after": 0.1, "slope_after": 0.3}, "bare"),
        ({"ndvi_before": 0.5, "ndvi_after": 0.1, "slope_after": 0.02}, "building"),
        ({"ndvi_before": 0.5, "ndvi_after": 0.1, "slope_after": 0.3, "elongation": 9}, "road"),
        ({"ndvi_before": 0.7, "ndvi_after": 0.17, "slope_after": -0.08, "water_after": -0.14}, "pv"),
        (
            {"ndvi_before": 0.7, "ndvi_after": 0.2, "slope_after": -0.37, "water_after": -0.1, "light_after": 3},
            "building",
        ),
        ({}, "other"),
        ({"water_before": float("nan"), "water_after": float("nan"), "light_after": 2}, "building"),
        ({"ndvi_before": -0.5, "ndvi_after": 0.05, "water_before": 0.5, "light_after": 3}, "building"),  # a filled pond
        ({"light_before": 0, "light_after": 0}, "other"),
    ],
)
def test_kinds(more, kind):
    assert kind_of(KNOWN | more, USUAL) == kind


HAZY = {"ndvi_before": -0.10, "ndvi_after": 0.0, "slope_after": -0.14, "light_before": 83, "light_after": 64}
"""Taizhou: digital numbers, their blue full of haze, of two seasons."""


def seen(ndvi, water, light, slope):
    """Features by pairs of before and after."""
    named = {"ndvi": ndvi, "water": water, "light": light}
    pairs = {f"{name}_{when}": at[turn] for name, at in named.items() for turn, when in enumerate(("before", "after"))}
    return KNOWN | pairs | {"slope_after": slope}


@pytest.mark.parametrize(
    "known, kind",
    [
        (seen((-0.17, -0.04), (0.04, 0.02), (106, 92), -0.12), "building"),  # greener than it was, as all the ground
        (seen((0.10, -0.02), (0.03, -0.04), (76, 75), -0.08), "building"),  # darker, and less than all the ground
        (seen((0.05, -0.01), (0.05, -0.07), (78, 83), -0.13), "building"),  # a blue roof
        (seen((-0.15, 0.28), (-0.07, -0.09), (83, 62), -0.13), "vegetation"),
        (seen((-0.37, -0.07), (0.51, -0.03), (81, 60), -0.15), "other"),  # no pond any more, and nothing grows
        (seen((0.00, -0.28), (-0.01, 0.50), (78, 58), -0.23), "water"),
    ],
)
def test_kinds_where_all_the_ground_looks_different(known, kind):
    assert kind_of(known, HAZY) == kind


def reviews(seed=1, scenes=4, each=60, tells=True):
    """Patches of which those that survive a shift are real, and the score says nothing."""
    draw = np.random.default_rng(seed)
    rows = draw.normal(0, 1, (scenes * each, len(FEATURES)))
    rows[draw.random(rows.shape) < 0.05] = np.nan
    still = draw.random(len(rows))
    rows[:, FEATURES.index("tolerant")] = still
    real = (still if tells else draw.random(len(rows))) > 0.6
    return rows, real, np.repeat(np.arange(scenes), each)


def test_a_re_ranker_is_promoted_only_when_it_orders_better():
    ranker = trained(*reviews())
    assert ranker.is_better
    assert ranker.ap_model > ranker.ap_score + 0.3
    rows, real, _scenes = reviews(seed=2)
    trees = from_bytes(ranker.trees.to_bytes())
    assert trees.figures["reviews"] == 240
    sure = trees(rows)
    theirs = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.1, max_leaf_nodes=15, min_samples_leaf=10, l2_regularization=1.0, random_state=0
    ).fit(*reviews()[:2])
    assert sure == pytest.approx(theirs.predict_proba(rows)[:, 1]), "numpy alone, to the digit"
    assert sure[real].mean() > sure[~real].mean() + 0.5
    assert trained(*reviews(tells=False)).ap_model < ranker.ap_model - 0.3
    with pytest.raises(TooFewReviewsError):
        trained(*reviews(scenes=1))
    with pytest.raises(TooFewReviewsError):
        trained(np.zeros((0, len(FEATURES))), np.zeros(0, bool), [])


ONE = np.array([0])


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"PK\x03\x04 but no archive",
        Trees(ONE, ONE, ONE, ONE, ONE, ONE, ONE, 0.0).to_bytes(),  # its only node is its own child: a walk without end
        Trees(ONE, ONE - 1, ONE, ONE, ONE, ONE, ONE + np.inf, 0.0).to_bytes(),
        Trees(ONE + 9, ONE - 1, ONE, ONE, ONE, ONE, ONE, 0.0).to_bytes(),
    ],
)
def test_what_is_no_re_ranker_is_not_served(broken):
    with pytest.raises(CorruptTrees):
        from_bytes(broken)
