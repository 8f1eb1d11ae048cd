"""Comparing by the command line: stopped from outside, cancelled in the page, or begun by somebody else."""

from __future__ import annotations

import os
import signal

import pytest
from django.core.management import CommandError, call_command

from imagery import ingest, services
from imagery.management.commands import change_detect
from imagery.models import ChangeRun
from imagery.selectors.runs import SILENT, run_list
from kernel import clock
from tests.factories import imagery as make
from tests.imagery.test_runs import SHARE, added, asked_for, folder, scenes, truth

pytestmark = pytest.mark.django_db
__all__ = ["folder", "scenes", "truth"]


@pytest.fixture(params=[(signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGINT, signal.SIGTERM)], ids=str)
def stopped(request, monkeypatch):
    """Signals that come while windows are worked on, and while it is noted that they came."""
    monkeypatch.setattr(ingest, "patches_of", lambda *_all: os.kill(os.getpid(), request.param[0]))
    failed = services.run_failed

    def hit_again(*args: object) -> None:
        os.kill(os.getpid(), request.param[-1])
        failed(*args)

    monkeypatch.setattr(services, "run_failed", hit_again)
    heard = []
    before = {number: signal.signal(number, lambda *_: heard.append(1)) for number in {*request.param, signal.SIGTERM}}
    yield heard
    assert not heard, "what listens outside hears nothing"
    os.kill(os.getpid(), signal.SIGTERM)
    assert heard, "and hears again afterwards"
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_run_whose_command_is_ended_from_outside_goes_on_at_once(scenes, stopped):
    run = added(scenes)
    with pytest.raises(CommandError, match=f"change_detect --run {run.pk} goes on") as ended:
        call_command("change_detect", run=run.pk)
    run.refresh_from_db()
    assert (run.state, run.error, ended.value.returncode) == (ChangeRun.State.FAILED, "broken_off", 130)


def test_who_wants_no_hangup_hears_none(scenes, monkeypatch):
    whole = ingest.patches_of
    monkeypatch.setattr(ingest, "patches_of", lambda *given: os.kill(os.getpid(), signal.SIGHUP) or whole(*given))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        call_command("change_detect", run=added(scenes).pk)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert ChangeRun.objects.get().state == ChangeRun.State.DONE


def test_a_run_that_was_cancelled_in_the_page_is_done_by_its_number(scenes):
    run = added(scenes)
    services.run_cancel(by=make.who(), run_id=run.pk)
    with pytest.raises(CommandError, match=f"change_detect --run {run.pk} does it after all"):
        call_command("change_detect", scenes[0].key, scenes[1].key, "--share", str(SHARE))
    run.refresh_from_db()
    assert run.state == ChangeRun.State.CANCELLED
    call_command("change_detect", run=run.pk)
    run.refresh_from_db()
    assert (run.state, run.points > 0) == (ChangeRun.State.DONE, True)


def test_a_run_that_an_official_asked_for_keeps_their_name_and_is_no_workers_meanwhile(scenes, monkeypatch):
    official = make.who()
    run = services.run_start(by=official, **asked_for(scenes))[0]
    services.run_cancel(by=official, run_id=run.pk)
    taken = []
    carry_out = change_detect.run_carry_out
    monkeypatch.setattr(
        change_detect, "run_carry_out", lambda **given: taken.append(services.run_take()) or carry_out(**given)
    )
    call_command("change_detect", run=run.pk)
    (row,) = run_list(official).items
    assert (row.state, bool(row.who), taken) == ("done", True, [None])
    assert ChangeRun.objects.get().asked_by_id == official.user_id


def test_whoever_comes_second_hears_until_when_to_wait(scenes):
    run = added(scenes)
    services.run_begun(run)
    heard = run.started_at.astimezone(clock.ZONE)
    said = f"{heard:%H:%M:%S} 还有消息.*{heard + SILENT:%H:%M:%S} 之后"
    with clock.freeze(heard + SILENT / 2), pytest.raises(CommandError, match=said):
        call_command("change_detect", run=run.pk)
