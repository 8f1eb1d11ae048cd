"""The points of a run are written in one go: others see how far it is, and may end it, but never half of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from imagery import ingest, services
from imagery.ingest import run_carry_out
from imagery.models import ChangePoint, ChangeRun, Scene
from imagery.selectors.runs import run_list
from imagery.services import FoundPoints, found, telling
from imagery.tasks import carry_out_runs
from kernel.errors import Conflict
from records.models import HistoryEvent
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.pairs import pair
from tests.imagery.test_races import at_once
from tests.imagery.test_runs import BY, added, asked_for, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    settings.CHANGE_EXECUTOR = "serial"
    return settings.RASTERS_ROOT


@pytest.fixture
def scenes(folder) -> tuple[Scene, Scene]:
    places.village(make.VILLAGE)
    truth = pair(season=0.3)
    return scene(folder, truth.before, "2025-09-11"), scene(folder, truth.after, "2026-03-08")


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_the_writing_is_and_none_of_it_and_may_end_it(scenes, folder, monkeypatch):
    monkeypatch.setattr(telling, "PORTION", 1)
    official, seen = make.who(), []
    run = services.run_start(by=official, **asked_for(scenes))[0]

    def look() -> None:
        row = ChangeRun.objects.get()
        seen.append((row.progress, row.heard_at is not None, ChangePoint.objects.count()))
        ChangeRun.objects.update(heard_at=None)

    def told(share: float) -> None:
        if share > ingest.TESTED:
            at_once(look)
        if share > 0.98:
            at_once(lambda: services.run_cancel(by=official, run_id=run.pk).pk)

    with pytest.raises(Conflict) as refused:
        run_carry_out(by=BY, run=run, told=told)
    shares, heard, points = zip(*seen, strict=True)
    assert (refused.value.code, shares, set(heard), set(points)) == ("cancelled", tuple(sorted(shares)), {True}, {0})
    assert (len(set(shares)) > 4, shares[-1] > 0.98) == (True, True)
    run.refresh_from_db()
    assert (run.state, ChangePoint.objects.count(), list((folder / "runs").rglob("*.npz"))) == ("cancelled", 0, [])
    assert not HistoryEvent.objects.filter(object_type="imagery.changepoint").exists()
    services.run_resume(by=official, run_id=run.pk)
    assert carry_out_runs.call() == 1
    assert run_list(official).items[0].points == ChangePoint.objects.count() > 9
    assert run_carry_out(by=BY, run=added(scenes, least=10)).added == ()


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_ended_when_all_is_written_leaves_nothing(scenes, folder, monkeypatch):
    run = added(scenes)
    whole = found.points_found

    def ended(**given: Any) -> FoundPoints:
        points = whole(**given)
        at_once(lambda: services.run_cancel(by=make.who(), run_id=run.pk).pk)
        return points

    monkeypatch.setattr("imagery.services.runs.points_found", ended)
    with pytest.raises(Conflict, match="已经结束"):
        run_carry_out(by=BY, run=run)
    assert (ChangePoint.objects.count(), list((folder / "runs").rglob("*.npz"))) == (0, [])


def test_a_run_that_is_broken_off_while_it_writes_leaves_nothing_but_its_windows(scenes, folder, monkeypatch):
    monkeypatch.setattr(telling, "PORTION", 1)
    run = added(scenes)

    def told(share: float) -> None:
        if share > 0.98:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_carry_out(by=BY, run=run, told=told)
    run.refresh_from_db()
    assert (run.state, ChangePoint.objects.count(), run.error) == ("failed", 0, "broken_off")
    assert list((folder / "runs").rglob("*.npz"))
    assert len(run_carry_out(by=BY, run=run).added) == ChangePoint.objects.count() > 9


def test_a_run_is_heard_of_while_it_looks_for_clouds_and_for_what_is_gone(scenes, monkeypatch):
    monkeypatch.setattr(ingest, "BEAT", 1)
    run, heard = added(scenes), []
    run_carry_out(by=BY, run=run)
    later = ChangeRun.objects.create(
        county_id=run.county_id, detector="fusion", params={"share": 0.0001}, params_hash="later",
        before=run.before, after=make.scene("2026-06-01", path=run.after.path, bands=run.after.bands),
    )  # fmt: skip
    run_carry_out(by=BY, run=later, told=heard.append)
    for low, high in ((0, ingest.PLACED), (ingest.READ, ingest.TESTED)):
        assert any(low < share < high for share in heard), (low, high)
    assert heard == sorted(heard)
