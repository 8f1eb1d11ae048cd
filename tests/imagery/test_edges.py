"""Edges that moved by a pixel are no change: their patches go, what was built stays, however the image is cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from imagery.detect.edges import standing
from imagery.detect.masks import LEAST_PIXELS, Mask
from imagery.execution.executors import Executor, Serial, Threads
from imagery.execution.runs import Conduct, Order, fitted, masked, sampled, whole
from imagery.models import ChangePoint, ChangeRun
from imagery.selectors.runs import run_list
from kernel.viewer import Viewer
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.pairs import COVERS
from tests.imagery.test_execution import Arrays
from tests.imagery.test_runs import scene

SIZE = 200
COVER = {name: np.array(values, np.float32)[:, None, None] for name, values in COVERS.items()}


class Town:
    """Two scenes of long roofs, half of which lie one pixel beside, as tall ones do; and of roofs that are new."""

    def __init__(self) -> None:
        draw = np.random.default_rng(5)
        self.edges, self.built = np.zeros((2, SIZE, SIZE), bool)
        before = np.repeat(np.repeat(COVER["field"], SIZE, 1), SIZE, 2)
        after = before.copy()
        for number, row in enumerate(range(8, SIZE - 12, 14)):
            beside = number % 2
            before[:, row : row + 6, 20:150] = COVER["built"]
            after[:, row + beside : row + 6 + beside, 20:150] = COVER["built"]
            if beside:
                self.edges[[row - 1, row, row + 1, row + 5, row + 6, row + 7], 18:152] = True
            new = slice(row, row + 7), slice(165, 174)
            after[:, *new], self.built[new] = COVER["bare"], True
        noise = draw.normal(0, 20, (2, *before.shape)).astype(np.float32)
        self.before, self.after = before + noise[0], after * 1.05 + 40 + noise[1]


@pytest.fixture(scope="module")
def town() -> Town:
    return Town()


def marked(town: Town, detector: str, size: int = SIZE, executor: Executor | None = None) -> Any:
    """Marks before the veto."""
    order, conduct = Order(Arrays(town.before, town.after), detector, size), Conduct(executor or Serial())
    plan = fitted(order, conduct, sampled(order, conduct))
    return whole(order.source, masked(order, plan, conduct))


def hits(mask: Mask, where: Mask) -> float:
    """Share of ``where`` that is in the mask."""
    return float(mask[where].mean())


@pytest.mark.parametrize("detector", ["irmad", "cva", "mad"])
def test_edges_that_moved_go_and_what_was_built_stays(town, detector):
    marks = marked(town, detector)
    assert hits(marks > 0, town.edges) > 0.3, "without the veto they are found"
    built = hits(marks > 0, town.built)
    stay, gone = standing(marks, LEAST_PIXELS)
    assert (gone >= 7, hits(marks > 0, town.edges) < 0.02) == (True, True)
    assert hits(marks > 0, town.built) == built > 0.8
    assert sum(box.pixels for box in stay) == (marks > 0).sum()


@pytest.mark.parametrize("detector", ["cva", "pca_kmeans"])
def test_the_veto_does_not_know_how_the_image_was_cut(town, detector):
    told = marked(town, detector)
    assert {0, 1, 2} == set(np.unique(told).tolist())
    for size, executor in ((33, Serial()), (64, Threads(2))):
        np.testing.assert_array_equal(marked(town, detector, size, executor), told)


def test_a_long_edge_that_holds_a_new_roof_stays_and_so_does_what_is_small_and_sure():
    marks = np.zeros((40, 60), np.uint8)
    marks[5:7, :] = 1
    marks[3:6, 10:13] = 2  # nine pixels of 123
    marks[20:22, :] = 1
    marks[20, 3:30:2] = 2  # fourteen, none beside another
    marks[30:33, 5:9] = 2
    stay, gone = standing(marks, 9)
    assert [box.seed for box in stay] == [(3, 10), (30, 5)]
    assert (gone, marks[20:22].any(), [box.tolerant for box in stay]) == (1, False, [9 / 126, 1])


def test_what_is_beside_a_cloud_is_no_edge_for_that(town):
    clouded = Town()
    clouded.before[:, :, 164] = clouded.before[:, :, 174] = np.nan  # all round the new roofs nothing is known
    for row in range(8, SIZE - 12, 14):
        clouded.before[:, [row - 1, row + 7], 164:175] = np.nan
    marks = marked(clouded, "cva")
    standing(marks, LEAST_PIXELS)
    assert hits(marks > 0, town.built) > 0.8


@pytest.mark.django_db
def test_a_run_tells_how_many_edges_it_left_out(town, settings, tmp_path, capsys):
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    settings.CHANGE_EXECUTOR = "serial"
    places.village(make.VILLAGE)
    scenes = [
        scene(settings.RASTERS_ROOT, bands, day)
        for day, bands in (("2025-09-11", town.before), ("2026-03-08", town.after))
    ]
    call_command("change_detect", *(one.key for one in scenes), "--detector", "irmad")
    vetoed = ChangeRun.objects.get().vetoed
    assert vetoed >= 7
    assert f"{vetoed} shifted edges left out" in capsys.readouterr().out
    official: Viewer = make.who()
    assert run_list(official).items[0].vetoed == vetoed
    assert 13 <= ChangePoint.objects.count() <= 15, "the new roofs"
