"""Runs on a cluster of Dask: one that is away, has no workers, or whose packages are not installed here."""

from __future__ import annotations

import sys

import pytest
from django.core.management import CommandError, call_command

from imagery import ingest, services
from imagery.execution import executors
from imagery.execution.executors import ClusterLostError, ClusterUnfitError, ExecutorError
from imagery.ingest import run_carry_out
from imagery.models import ChangeRun, Scene
from imagery.selectors.failures import WORDS
from imagery.selectors.runs import run_list
from imagery.tasks import carry_out_runs
from kernel.errors import Conflict
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.pairs import pair
from tests.imagery.test_execution import cluster_of
from tests.imagery.test_runs import BY, added, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scenes(settings, tmp_path) -> tuple[Scene, Scene]:
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    places.village(make.VILLAGE)
    truth = pair(season=0.3)
    return (
        scene(settings.RASTERS_ROOT, truth.before, "2025-09-11"),
        scene(settings.RASTERS_ROOT, truth.after, "2026-03-08"),
    )


def test_a_run_whose_cluster_is_away_says_so_and_goes_on(scenes, settings):
    import dask
    import distributed  # noqa: F401 (before anything is set: its defaults would be forgotten with that)

    settings.CHANGE_EXECUTOR = "dask://127.0.0.1:9"
    run = added(scenes)
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(CommandError, match="计算集群断开了"),
    ):
        call_command("change_detect", run=run.pk)
    run.refresh_from_db()
    assert (run.state, "接着做" in run_list(make.who()).items[0].error) == (ChangeRun.State.FAILED, True)
    settings.CHANGE_EXECUTOR = "serial"
    assert run_carry_out(by=BY, run=run).added


def test_a_run_that_waits_for_workers_of_a_cluster_is_heard_of_ended_and_fails_in_the_end(scenes, monkeypatch):
    run, official, heard = added(scenes), make.who(), []

    def told(share: float) -> None:
        heard.append(share)
        if len(heard) == 5:
            services.run_cancel(by=official, run_id=run.pk)

    monkeypatch.setattr(executors, "BEAT_S", 0.1)
    with cluster_of(0) as (address, _running):
        monkeypatch.setattr(ingest, "executor_of", lambda _setting: executors.Dask(address, patience_s=2))
        with pytest.raises(Conflict) as refused:
            run_carry_out(by=BY, run=run, told=told)
        assert (refused.value.code, heard) == ("cancelled", [0] * 5)
        services.run_resume(by=official, run_id=run.pk)
        assert carry_out_runs.call() == 1, "it goes on to the next run"
    (row,) = run_list(official).items
    assert (row.state, row.may, "没有计算节点" in row.error) == ("failed", ("resume",), True)


def test_a_run_for_a_cluster_without_its_packages_says_what_to_install(scenes, settings, monkeypatch):
    settings.CHANGE_EXECUTOR = "dask://127.0.0.1:9"
    run = added(scenes)
    monkeypatch.setitem(sys.modules, "distributed", None)  # as where it is not installed: importing it fails
    with pytest.raises(CommandError, match=r"requirements-dask\.txt"):
        call_command("change_detect", run=run.pk)
    (row,) = run_list(make.who()).items
    assert (row.state, row.may, "requirements-dask.txt" in row.error) == ("failed", ("resume",), True)
    assert {one.code for one in (ExecutorError, ClusterLostError, ClusterUnfitError)} <= WORDS.keys()
