"""Asking people afterwards whether it is done (回访): by chance or because somebody asks, by who had no part in it."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents import selectors, services
from incidents.models import CallBack, Report
from incidents.services.effects import is_sampled
from incidents.states import REOPEN_WITHIN, State
from kernel import clock
from kernel.errors import Conflict, Forbidden
from kernel.viewer import Role
from records.models import HistoryEvent
from tests.incidents import loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(village):
    return loop.cast()


def test_whoever_did_or_reviewed_the_work_does_not_call_back(cast):
    report = loop.answered(cast)
    with pytest.raises(Forbidden) as refused:
        loop.move(cast.desk, report, "call_back", note="满意")
    assert refused.value.code == "own_work"
    other = loop.who(Role.DESK, loop.COUNTY)
    report = loop.move(other, report, "call_back_reopen", note="灯还是不亮", mode="visit")
    assert report.state == State.ACCEPTED
    assert CallBack.objects.get(report=report, round=1).outcome == "unsatisfied"
    report = loop.work(cast, report)
    report = loop.move(other, report, "call_back", note="好了")
    assert report.state == State.CLOSED


def test_one_in_ten_is_called_back_and_always_the_same_ones(cast):
    rows = [Report(number=f"2606-{at:05}") for at in range(2000)]
    drawn = [row.number for row in rows if is_sampled(row, 1)]
    assert 0.08 < len(drawn) / len(rows) < 0.12
    assert drawn == [row.number for row in rows if is_sampled(row, 1)]


def test_a_call_back_on_demand_stands_in_the_queue_until_it_is_made(cast):
    report = loop.answered(cast)
    services.call_back_order(by=cast.supervisor, report_id=report.pk, mode="visit")
    assert selectors.desk_counts(cast.desk)["callback"] == 1
    loop.move(loop.who(Role.DESK, loop.COUNTY), report, "call_back", note="满意")
    assert selectors.desk_counts(cast.desk)["callback"] == 0


def test_who_opens_the_case_again_need_not_be_called_any_more(cast):
    """The wish for a call ends with its round: nothing waits that nobody may do."""
    report = loop.answered(cast)
    services.call_back_order(by=cast.supervisor, report_id=report.pk)
    report = loop.moved_by_code(report, "reopen", reason="还是不亮")
    assert selectors.desk_counts(cast.desk)["callback"] == 0
    assert [one.outcome for one in CallBack.objects.filter(report=report)] == ["moot"]
    report = loop.work(cast, report)
    assert selectors.desk_counts(cast.desk)["callback"] == 0
    services.call_back_order(by=cast.supervisor, report_id=report.pk, mode="visit")
    assert selectors.desk_counts(cast.desk)["callback"] == 1


def test_a_wish_for_a_call_may_be_changed_until_somebody_called(cast):
    report = loop.answered(cast)
    CallBack.objects.create(report=report, is_sample=True)
    services.call_back_order(by=cast.supervisor, report_id=report.pk, mode="visit")
    found = CallBack.objects.get(report=report)
    assert (found.mode, found.asked_by_id, found.is_sample) == ("visit", cast.supervisor.user_id, True)
    other = loop.who(Role.DESK, loop.COUNTY)
    services.call_back_missed(by=other, report_id=report.pk, note="没人在家", mode="visit")
    services.call_back_order(by=cast.supervisor, report_id=report.pk)
    assert selectors.desk_counts(cast.desk)["callback"] == 1
    loop.move(other, report, "call_back", note="满意")
    with pytest.raises(Conflict) as refused:
        services.call_back_order(by=cast.supervisor, report_id=report.pk)
    assert refused.value.code == "called"
    assert HistoryEvent.objects.filter(object_id=str(report.pk), move="call_back_order").count() == 2


def test_who_is_called_about_an_old_case_may_be_unsatisfied(cast):
    """An answer that cannot be written down would make the figures flatter."""
    report = loop.moved_by_code(loop.answered(cast), "confirm")
    with clock.freeze(clock.now() + REOPEN_WITHIN + dt.timedelta(days=1)):
        services.call_back_order(by=cast.official, report_id=report.pk, mode="visit")
        report = loop.move(loop.who(Role.DESK, loop.COUNTY), report, "call_back_reopen", note="又坏了")
    assert report.state == State.ACCEPTED
