"""Two scenes in, points in the queue out; a run is done once, can be ended, broken off and refused."""

from __future__ import annotations

import io
import os
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from imagery import ingest, services
from imagery.detect.detectors import detectors
from imagery.detect.plugins import plugins
from imagery.ingest import run_carry_out
from imagery.models import DETECTOR_TITLES, ChangePoint, ChangeRun, Scene
from imagery.selectors.chips import SIDES
from imagery.selectors.runs import SILENT, run_list
from imagery.states import State
from imagery.tasks import carry_out_runs, draw_chips
from imagery.tiles import drawing
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.periodic import jobs
from kernel.viewer import Role, Viewer
from records.selectors import is_waiting
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.pairs import pair
from tests.imagery.rasters_of import raster

BY = Viewer(county=places.COUNTY, label="change_detect")
NAMES = ("blue", "green", "red", "nir", "swir1", "swir2")
SHARE = 0.04
"""Of the ground of the invented pair; a tenth more than really changed."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.RASTERS_ROOT = tmp_path / "rasters"
    settings.RASTERS_ROOT.mkdir()
    settings.CHANGE_EXECUTOR = "serial"
    places.village(make.VILLAGE)
    return settings.RASTERS_ROOT


@pytest.fixture
def truth():
    return pair(season=0.3)


def chips_in(folder: Path) -> list[Path]:
    return [one for one in (folder / "chips").rglob("*") if one.is_file()]


def scene(folder: Path, bands: np.ndarray, day: str, names: tuple[str, ...] = NAMES) -> Scene:
    brought = raster(folder.parent / f"{day}.tif", np.clip(bands, 1, 65_535).astype("uint16"), names, nodata=0)
    at = make.scene(day).acquired_at
    Scene.objects.all().filter(path="").delete()
    return services.scene_add(by=BY, files=[brought], told=services.Told(acquired_at=at, sensor="demo"))[0]


@pytest.fixture
def scenes(folder, truth) -> tuple[Scene, Scene]:
    return scene(folder, truth.before, "2025-09-11"), scene(folder, truth.after, "2026-03-08")


def added(scenes: tuple[Scene, Scene], **params: object) -> ChangeRun:
    before, after = scenes
    told = {"detector": "fusion", "code_version": services.CODE_VERSION, "share": SHARE, **params}
    return services.run_add(by=BY, before=before, after=after, **told)[0]


def test_what_changed_comes_into_the_queue_and_a_second_time_nothing(scenes, truth, folder):
    out = io.StringIO()
    command = ("change_detect", scenes[0].key, scenes[1].key, "--share", str(SHARE))
    call_command(*command, stdout=out)
    points = list(ChangePoint.objects.all())
    planted = len(truth.kinds) and 0.6 * int(truth.changed.sum()) * 100
    found = sum(point.area_m2 for point in points)
    assert planted < found < 2.2 * truth.changed.sum() * 100, "patches of 10 m pixels, on the ground"
    assert {point.state for point in points} == {State.QUEUED}
    assert all(point.geom.valid and point.geom.contains(point.center) and point.why for point in points)
    assert {"bare", "water"} <= {point.kind for point in points}
    run = ChangeRun.objects.get()
    assert (run.state, run.progress, run.points) == (ChangeRun.State.DONE, 1.0, len(points))
    assert f"{len(points)} points" in out.getvalue()
    assert len(chips_in(folder)) == len(SIDES) * len(points)
    assert not list((folder / "runs").rglob("*.npz")), "what windows gave is gone with the run"
    call_command(*command, stdout=out)
    assert "before" in out.getvalue()
    again = added(scenes, least=10)
    assert run_carry_out(by=BY, run=again).added == (), "another run over the same scenes finds the same points"


def test_a_run_that_is_ended_leaves_nothing(scenes, folder):
    run = added(scenes)

    def end(share: float) -> None:
        ChangeRun.objects.update(state=ChangeRun.State.CANCELLED)

    with pytest.raises(Conflict) as refused:
        run_carry_out(by=BY, run=run, told=end)
    assert refused.value.code == "cancelled"
    assert (ChangePoint.objects.count(), list((folder / "runs").rglob("*.npz"))) == (0, [])
    with pytest.raises(Conflict, match="已经结束"):
        run_carry_out(by=BY, run=run)


def test_what_is_left_of_a_run_that_died_and_was_ended_goes_with_the_next(scenes, folder):
    def dies(share: float) -> None:
        if share > ingest.PLACED:
            raise KeyboardInterrupt

    ended, broken = (added(scenes, least=least) for least in (10, 11))
    left = {}
    for run in (ended, broken):
        with pytest.raises(KeyboardInterrupt):
            run_carry_out(by=BY, run=run, told=dies)
        (left[run],) = set((folder / "runs").iterdir()) - set(left.values())
    services.run_cancel(by=make.who(), run_id=ended.pk)
    run_carry_out(by=BY, run=added(scenes, least=12))
    assert {*(folder / "runs").iterdir()} == {*left.values()}, "whoever was heard just now may be at work still"
    for place in left.values():
        os.utime(place, (0, (clock.now() - 2 * SILENT).timestamp()))
    run_carry_out(by=BY, run=added(scenes, least=13))
    assert [*(folder / "runs").iterdir()] == [left[broken]], "that one can be gone on with"


def test_whoever_began_a_run_that_was_ended_and_resumed_leaves_it_to_the_next(scenes, folder):
    official, heard = make.who(), []
    run = services.run_start(by=official, **asked_for(scenes))[0]
    services.run_begun(run)

    def told(share: float) -> None:
        heard.append(share)
        if share > ingest.PLACED:
            services.run_cancel(by=official, run_id=run.pk)
            services.run_resume(by=official, run_id=run.pk)
            with clock.freeze(clock.now() + SILENT / 10):
                assert services.run_take() == run, "another worker has it"

    with pytest.raises(Conflict) as refused:
        run_carry_out(by=BY, run=run, told=told, is_taken=True)
    assert (refused.value.code, heard[-2] <= ingest.PLACED < heard[-1]) == ("cancelled", True)
    services.run_failed(run, "broken_off")
    assert ChangeRun.objects.get().state == ChangeRun.State.RUNNING
    assert list((folder / "runs").rglob("*.npz")), "what its windows gave is the other's"


def test_a_run_is_done_by_one_at_a_time(scenes):
    run = added(scenes)
    services.run_begun(run)
    with pytest.raises(CommandError, match="有人正在做"):
        call_command("change_detect", scenes[0].key, scenes[1].key, "--share", str(SHARE))
    assert ChangeRun.objects.get().state == ChangeRun.State.RUNNING
    with clock.freeze(clock.now() + SILENT * 2):
        call_command("change_detect", run=run.pk)  # whoever began it is silent
    assert ChangeRun.objects.get().state == ChangeRun.State.DONE


def test_a_run_is_heard_of_while_patches_are_read_and_can_be_ended_then(scenes, monkeypatch):
    run, heard = added(scenes), []
    monkeypatch.setattr(ingest, "BEAT", 1)

    def told(share: float) -> None:
        heard.append(share)
        if share > ingest.DETECTED + 0.05:
            ChangeRun.objects.update(state=ChangeRun.State.CANCELLED)

    with pytest.raises(Conflict) as refused:
        run_carry_out(by=BY, run=run, told=told)
    assert (refused.value.code, ChangePoint.objects.count(), heard) == ("cancelled", 0, sorted(heard))
    assert ingest.DETECTED + 0.05 < heard[-1] < ingest.READ


def test_a_run_that_was_stopped_by_hand_goes_on_at_once(scenes, monkeypatch):
    run = added(scenes)
    with monkeypatch.context() as stopped:
        stopped.setattr(ingest, "patches_of", lambda *_all: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(CommandError, match=f"change_detect --run {run.pk} goes on"):
            call_command("change_detect", run=run.pk)
    run.refresh_from_db()
    assert (run.state, "接着做" in run_list(make.who()).items[0].error) == (ChangeRun.State.FAILED, True)
    call_command("change_detect", run=run.pk)
    assert ChangeRun.objects.get().state == ChangeRun.State.DONE


@pytest.mark.parametrize("as_typed", [True, False])
@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_done_but_for_its_pictures_gets_them(scenes, folder, monkeypatch, as_typed):
    run, drawn = services.run_start(by=make.who(), **asked_for(scenes))[0], []

    def stopped(*asked: object) -> bytes:
        if len(drawn) == 3:
            raise KeyboardInterrupt
        drawn.append(asked)
        return picture(*asked)

    picture = drawing.chip
    carry_out = partial(call_command, "change_detect", run=run.pk) if as_typed else carry_out_runs.call
    with monkeypatch.context() as stop:
        stop.setattr(drawing, "chip", stopped)
        said = f"stopped; run {run.pk} is done, its other pictures are drawn later" if as_typed else None
        with pytest.raises(CommandError if as_typed else KeyboardInterrupt, match=said):
            carry_out()
    run.refresh_from_db()
    assert (run.state, ChangePoint.objects.exclude(chips={}).count()) == (ChangeRun.State.DONE, 1)
    if as_typed:
        call_command("change_detect", run=run.pk, stdout=(out := io.StringIO()))
        assert f"{run.points - 1} pictures" in out.getvalue()
    else:
        jobs["imagery-chips"].enqueue()
        assert is_waiting(draw_chips.module_path)
        call_command("worker", batch=True, verbosity=0)
    points = ChangePoint.objects.all()
    assert len(chips_in(folder)) == len(SIDES) * points.count()
    assert all(one.stat().st_size for one in chips_in(folder))
    assert not ChangePoint.objects.filter(chips={}).exists()
    jobs["imagery-chips"].enqueue()
    assert not is_waiting(draw_chips.module_path), "there is nothing to draw any more"


def test_a_worker_leaves_most_pictures_until_no_run_waits(scenes, monkeypatch):
    monkeypatch.setattr("imagery.management.commands.change_detect.CHIPS_AT_ONCE", 2)
    monkeypatch.setattr(services, "CHIPS_AT_ONCE", 3)
    services.run_start(by=make.who(), **asked_for(scenes))
    assert carry_out_runs.call() == 1
    seen = ChangePoint.objects.order_by("-priority", "pk")
    assert [bool(point.chips) for point in seen[:3]] == [True, True, False], "first what comes first in review"
    assert (draw_chips.call(), bool(seen[4].chips)) == (3, True)


def asked_for(scenes: tuple[Scene, Scene]) -> dict[str, Any]:
    return {"before_id": scenes[0].pk, "after_id": scenes[1].pk, "detector": "fusion", "share": SHARE}


def test_a_run_that_was_broken_off_goes_on(scenes, folder, monkeypatch):
    run = added(scenes)
    with monkeypatch.context() as broken:
        broken.setattr(ingest, "patches_of", lambda *_all: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            run_carry_out(by=BY, run=run)
    assert list((folder / "runs").rglob("*.npz")), "its windows are kept"
    read = []
    whole = ingest.Clear.read
    monkeypatch.setattr(ingest.Clear, "read", lambda self, window: read.append(window) or whole(self, window))
    monkeypatch.setattr("imagery.execution.patches.BLOCK", 32)
    assert run_carry_out(by=BY, run=run).added
    assert max(window.height for window in read[1:]) < 100, "after the sample only patches are read again"


def one_band(folder: Path, name: str) -> Scene:
    brought = raster(folder.parent / f"{name}.tif", np.full((1, 90, 90), 900, "uint16"), (name,))
    told = services.Told(acquired_at=make.scene("2026-03-08").acquired_at, sensor="other", bands=(name,))
    return services.scene_add(by=BY, files=[brought], told=told)[0]


def radar(folder: Path, truth) -> Scene:
    return one_band(folder, "vv")


def green(folder: Path, truth) -> Scene:
    return one_band(folder, "green")


def far(folder: Path, truth) -> Scene:
    return scene(folder, np.roll(truth.before, 12, 1), "2026-03-08")


def empty(folder: Path, truth) -> Scene:
    bands = np.full_like(truth.after, 900)
    bands[:, 3:], bands[:, :, 3:] = 0, 0
    brought = raster(folder.parent / "empty.tif", bands.astype("uint16"), NAMES, nodata=0)
    told = services.Told(acquired_at=make.scene("2026-03-08").acquired_at, sensor="demo")
    return services.scene_add(by=BY, files=[brought], told=told)[0]


def gone(folder: Path, truth) -> Scene:
    later = scene(folder, truth.after, "2026-03-08")
    (folder / later.path).rename(folder / "away")
    return later


def broken(folder: Path, truth) -> Scene:
    later = gone(folder, truth)
    (folder / later.path).write_bytes(b"no raster")
    return later


@pytest.mark.parametrize(
    "later_of, chinese, english",
    [
        (far, "两景影像错开 12.1 个像元，超过可以自动校正的 2 个像元，请先配准。", "The scenes lie 12.1 pixels"),
        (empty, "两景影像里都有数据的像元只有", "too few to find changes"),
        (radar, "”没有能用来比对的波段（", "has no band that"),
        (green, "两景影像没有相同的波段：", "no band in common"),
        (gone, "的文件不见了。", "is missing"),
        (broken, "的文件读不出来。", "cannot be read"),
    ],
)
def test_scenes_that_cannot_be_compared_are_refused_with_a_sentence_of_the_readers_language(
    folder, truth, later_of, chinese, english
):
    run = added((scene(folder, truth.before[3:], "2025-09-11", NAMES[3:]), later_of(folder, truth)))
    with override("en"), pytest.raises(Conflict, match=english) as refused:
        run_carry_out(by=BY, run=run)
    run.refresh_from_db()
    assert (refused.value.code, run.state) == ("cannot_compare", ChangeRun.State.FAILED)
    assert chinese in run_list(make.who()).items[0].error
    with override("en"):
        assert english in run_list(make.who()).items[0].error
    assert not ChangePoint.objects.exists()


def test_a_scene_that_is_withdrawn_is_not_compared(scenes, folder):
    run, official = added(scenes), make.who()
    Scene.objects.filter(pk=scenes[1].pk).update(status="withdrawn")
    with pytest.raises(CommandError, match="已停用"):
        call_command("change_detect", scenes[0].key, scenes[1].key, "--share=0.1")
    with pytest.raises(Invalid, match="已停用"):
        services.run_start(by=official, **asked_for(scenes))
    with pytest.raises(Conflict, match="已停用，恢复后可以接着做") as refused:
        run_carry_out(by=BY, run=ChangeRun.objects.get(pk=run.pk))
    assert refused.value.code == "cannot_compare"
    assert "已停用" in run_list(official).items[0].error
    assert not ChangePoint.objects.exists()
    Scene.objects.filter(pk=scenes[1].pk).update(status="ready")
    run_carry_out(by=BY, run=ChangeRun.objects.get(pk=run.pk))
    assert ChangePoint.objects.exists()


def test_what_cannot_be_asked_for(scenes):
    with pytest.raises(Invalid, match="要比后一景早"):
        added(scenes[::-1])
    with pytest.raises(Invalid, match="没有参数"):
        added(scenes, colour=1)
    with pytest.raises(CommandError, match="no scene"):
        call_command("change_detect", "x", scenes[1].key)
    for name, value in (("share", "0"), ("share", "2"), ("share", "nan"), ("least", "0"), ("least", "-5")):
        with pytest.raises(CommandError, match=f"“{name}”要是"):
            call_command("change_detect", scenes[0].key, scenes[1].key, f"--{name}={value}")
    assert not ChangeRun.objects.exists()
    assert added(scenes).pk == added(scenes).pk


def test_people_ask_for_a_run_end_it_and_have_it_done_by_a_worker(scenes):
    official, part = make.who(), make.who(Role.OFFICIAL, make.VILLAGE[:9])
    asked = asked_for(scenes)
    assert set(DETECTOR_TITLES) == {one.key for one in detectors} - set(plugins()), "each has a name to be read"
    for by, wrong, error in (
        (part, {}, Forbidden),
        (make.who(Role.SUPERVISOR), {}, Forbidden),
        (official, {"before_id": 0}, Invalid),
    ):
        with pytest.raises(error):
            services.run_start(by=by, **asked | wrong)
    run, is_new = services.run_start(by=official, **asked, least=12)
    asked["least"] = 12
    assert run_list(official).items[0].detector == "融合（默认），变化占地 4%，图斑至少 12 个像元"
    assert (is_new, services.run_start(by=official, **asked), services.run_waits()) == (True, (run, False), True)
    services.run_cancel(by=official, run_id=run.pk)
    assert (services.run_take(), run_list(official).items[0].may) == (None, ("resume",))
    services.run_resume(by=official, run_id=run.pk)
    assert services.run_take() == run, "a worker has it"
    with pytest.raises(Conflict) as refused:
        services.run_resume(by=official, run_id=run.pk)
    assert (refused.value.code, run_list(official).items[0].may) == ("run_alive", ("cancel",))
    with clock.freeze(clock.now() + SILENT * 2):
        assert run_list(official).items[0].may == ("cancel", "resume"), "the worker is silent"
        services.run_resume(by=official, run_id=run.pk)
        assert carry_out_runs.call() == 1
    (row,) = run_list(official).items
    assert (row.state, row.may, row.points) == ("done", (), ChangePoint.objects.count())
    assert (run_list(part).scenes, len(run_list(official).scenes)) == ((), 2)


def test_a_run_that_cannot_be_done_says_why_and_may_be_resumed(scenes, folder, monkeypatch):
    official = make.who()
    asked = {"before_id": scenes[0].pk, "after_id": scenes[1].pk, "detector": "cva"}
    services.run_start(by=official, **asked)
    (folder / scenes[1].path).rename(folder / "away")
    assert carry_out_runs.call() == 1
    (row,) = run_list(official).items
    assert (row.state, row.may, bool(row.error)) == ("failed", ("resume",), True)
    services.run_resume(by=official, run_id=row.id)
    monkeypatch.setattr(ingest, "_pair", lambda _run: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        carry_out_runs.call()
    assert "可以接着做" in run_list(official).items[0].error
