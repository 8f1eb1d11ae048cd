"""Change detection as functions of arrays: what is found, and that nobody can tell how the image was cut."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from imagery.detect.cuts import COUNT, Bins, Otsu, Top
from imagery.detect.detectors import detectors
from imagery.detect.masks import (
    Plan,
    closed,
    planned,
    sized,
    smoothed,
    spread,
    window_hist,
    window_mask,
    window_score,
)
from imagery.detect.sampling import TooFewPixelsError, gathered, window_stats
from imagery.detect.scores import Tally
from imagery.detect.windows import Lattice, Window, cover
from tests.imagery.pairs import pair


def detect(key, before, after, size, most=5_000):
    """All three passes over windows of ``size``, the sampled pixels fewer than the image has."""
    detector, (_bands, rows, cols) = detectors[key], before.shape
    lattice = Lattice.of(rows, cols, most, detector.block)

    def read(window, halo):
        outer = window.grown(halo, rows, cols)
        return before[:, *outer.slices], after[:, *outer.slices], window, outer

    def counts(window):
        x, y, _window, outer = read(window, plan.score_halo)
        return window_hist(plan, window_score(plan, x, y), window, outer)

    windows = list(cover(rows, cols, size))[::-1]  # an order that nobody would choose
    plan = planned(detector, gathered(window_stats(*read(w, lattice.halo), lattice) for w in windows))
    plan = replace(plan, cut=detector.cut.at(sum(map(counts, windows))))
    mask, score = np.zeros((rows, cols), bool), np.zeros((rows, cols), np.float32)
    for window in windows:
        known = window.grown(plan.reaches[-1], rows, cols)
        x, y, _known, outer = read(known, plan.rim)
        part = window_score(plan, x, y)
        score[window.slices] = part[window.within(outer)]
        mask[window.slices] = window_mask(plan, part, window, known, outer)
    return mask, score


@pytest.mark.parametrize(
    "key, least",
    [("fusion", 0.79), ("irmad", 0.90), ("cva", 0.92), ("mad", 0.88), ("pca_kmeans", 0.84), ("isfa", 0.2)],
)
def test_a_mask_does_not_know_how_the_image_was_cut(key, least):
    ground = pair()
    ground.after[:, 60:70, 90:140] = np.nan  # a cloud, across windows
    whole, score = detect(key, ground.before, ground.after, 160)
    told = quality(whole, score, ground.changed & np.isfinite(score), ~ground.changed)
    assert told.f1 > least
    assert not whole[60:70, 90:140].any()
    for size in (33, 64):
        mask, part = detect(key, ground.before, ground.after, size)
        np.testing.assert_array_equal(mask, whole)
        np.testing.assert_array_equal(part, score)


@pytest.mark.parametrize("key", ["fusion", "irmad", "cva", "mad", "isfa"])
def test_of_two_equal_scenes_nothing_changed(key):
    before = pair(96, 96).before
    assert not detect(key, before, before.copy(), 96)[0].any()


@pytest.mark.parametrize("key", [detector.key for detector in detectors])
def test_where_a_mosaic_was_not_renewed_nothing_changed(key):
    before = pair().before
    after, renewed = before.copy(), np.zeros(before.shape[1:], bool)
    for at in ((slice(20, 28), slice(30, 38)), (slice(100, 108), slice(60, 70))):
        renewed[at] = True
        after[:, *at] += np.linspace(600, 1800, len(after), dtype=np.float32)[:, None, None]
    mask, _score = detect(key, before, after, 64)
    assert mask[renewed].mean() > 0.8
    assert not mask[~spread(spread(renewed))].any()


def quality(mask, score, changed, unchanged):
    tally = Tally()
    for rows in (slice(50), slice(50, None)):
        tally.add_scores(score[rows], changed[rows], unchanged[rows])
        tally.add_mask(mask[rows], changed[rows], unchanged[rows])
    return tally.quality()


def test_where_little_changed_and_much_ripened_fusion_finds_it_and_the_plain_vector_does_not():
    ground = pair(season=2.2)
    f1 = {
        key: quality(*detect(key, ground.before, ground.after, 160), ground.changed, ~ground.changed).f1
        for key in ("fusion", "cva")
    }
    assert f1["fusion"] > 0.75
    assert f1["cva"] < 0.2, "Otsu parts the seasons"


def test_small_patches_across_windows_are_judged_as_a_whole():
    noise = ndimage.gaussian_filter(np.random.default_rng(4).normal(0, 1, (120, 120)), 0.8).astype(np.float32)
    plan = Plan(lambda before, _after: before[0], Bins(-1, 1), 0, is_smoothed=False, cut=COUNT * 7 // 10)

    def masked(size):
        mask = np.zeros(noise.shape, bool)
        for window in cover(*noise.shape, size):
            known = window.grown(plan.reaches[-1], *noise.shape)
            outer = known.grown(plan.rim, *noise.shape)
            mask[window.slices] = window_mask(plan, noise[outer.slices], window, known, outer)
        return mask

    whole = masked(120)
    assert 0.02 < whole.mean() < 0.5
    for size in (16, 33):
        np.testing.assert_array_equal(masked(size), whole)


def test_a_lattice_is_of_the_image_not_of_its_windows():
    lattice = Lattice.of(101, 77, 300, 4)
    assert lattice.pixels <= 300
    every = [lattice.of_window(window) for window in cover(101, 77, 23)]
    places = sorted((int(r), int(c)) for rows, cols in every for r, c in zip(rows.flat, cols.flat, strict=True))
    whole = lattice.of_window(Window(0, 0, 101, 77))
    assert places == sorted(zip(whole[0].ravel().tolist(), whole[1].ravel().tolist(), strict=True))
    assert len(places) == lattice.pixels == len(set(places))
    assert max(places) <= (100, 76)


def test_two_scenes_without_common_ground_are_refused():
    empty = np.full((6, 40, 40), np.nan, np.float32)
    with pytest.raises(TooFewPixelsError, match="0 pixels"):
        detect("irmad", empty, empty, 40)


@pytest.mark.parametrize("key", [detector.key for detector in detectors])
def test_equal_and_constant_scenes_have_no_change(key):
    same = np.repeat(pair().before[:1], 3, axis=0)  # equal bands: a singular covariance
    same[2] = 7
    mask, score = detect(key, same, same.copy(), 64)
    assert np.isfinite(score).all()
    assert mask.mean() < 0.01 or np.ptp(score) < 1e-2


def test_cuts():
    counts = np.zeros(COUNT, np.int64)
    counts[100:110], counts[400:410], counts[-1] = 90, 9, 1
    assert 110 <= Otsu().at(counts) <= 400
    rare = counts * 10
    rare[400:410] = 0
    rare[600:610], rare[-1] = 4, 5
    assert 110 <= Otsu().at(rare) <= 600, "where less changed than may be outliers, it is no less found"
    assert Otsu(drawn_in=0).at(counts) > 400, "one bright pixel in a thousand pulls the threshold up"
    assert Top(0.03).at(counts) == 407
    assert Bins(0, 1).of(np.array([-1, 0, 0.5, 2, np.nan], np.float32)).tolist() == [0, 0, COUNT // 2, COUNT - 1, -1]


def test_smoothing_closing_and_least_area():
    score = np.zeros((5, 5), np.float32)
    score[2, 2], score[0, 4] = 9, np.nan
    mean = smoothed(score)
    assert mean[1:4, 1:4].tolist() == [[1, 1, 9 / 8], [1, 1, 1], [1, 1, 1]]
    assert np.isnan(mean[0, 4])
    gap = np.ones((3, 5), bool)
    gap[:, 2] = False
    assert closed(gap).all()
    patch = np.zeros((9, 9), bool)
    patch[:3, :3], patch[6, 0:8], patch[3, 3] = True, True, True
    labels, is_large = sized(patch, 9)
    assert np.argwhere(is_large[labels]).max() == 3


@pytest.mark.parametrize(
    "score, ap",
    [((3, 2, 1, np.nan), (1 + 2 / 3) / 2), ((1, 1, 1, 1), 0.5), ((0.1, -3, -2, -5), 1), ((-7, 1, np.nan, 0.5), 5 / 12)],
)
def test_figures(score, ap):
    truth = np.array([True, False, True, False])
    told = quality(np.array([True, True, False, False]), np.array(score, np.float32), truth, ~truth)
    assert told.ap == pytest.approx(ap)
    assert (told.precision, told.recall, told.f1, told.found) == (0.5, 0.5, 0.5, 2)
