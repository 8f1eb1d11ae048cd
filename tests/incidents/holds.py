"""What holds of every report at every moment, whoever did what before."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from dispatch.models import Reply, WorkOrder
from dispatch.states import OPEN_STATES
from incidents import selectors
from incidents.models import CallBack, Rating, Report, Reporter
from incidents.states import MAX_REOPENS, State
from kernel.errors import DomainError
from records.models import HistoryEvent, OutboxMessage
from tests.factories import people

PHONE, IDENTITY, WECHAT = "13800138000", "11010519491231002X", "abc12345"
SAID = f"楼下噪音扰民请打{PHONE}，微信号 {WECHAT}，身份证{IDENTITY}"
"""What everybody writes into every field: nothing of it may reach a public payload."""

HIDDEN = (State.SUBMITTED, State.NEED_INFO, State.REJECTED, State.WITHDRAWN)
AGAIN = ("reopen", "call_back_reopen", "rule_reopen")
MOBILE = re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)")


def report_holds(report: Report) -> None:
    """One open order while somebody owes the work, no end without its reason, and a history that tells it all."""
    orders = list(WorkOrder.objects.of_source(selectors.SOURCE, str(report.pk)))
    running = [one for one in orders if one.state in OPEN_STATES]
    assert len(running) == (1 if report.state == State.ACCEPTED else 0), "one order while accepted, else none"
    assert report.order_id == (orders[-1].pk if orders else None)
    assert (report.accept_by is not None) is (report.state == State.SUBMITTED), "somebody has to look at it in time"
    assert (report.info_by is not None) is (report.state == State.NEED_INFO)
    events = HistoryEvent.objects.filter(object_type="incidents.report", object_id=str(report.pk)).order_by("seq")
    _history_explains(report, list(events), len(orders))
    _end_has_a_reason(report, events)
    assert report.questions <= selectors.MOST_QUESTIONS
    assert Rating.objects.filter(report=report).count() <= len(orders)
    for call in CallBack.objects.filter(report=report, by__isnull=False):
        _caller_did_not_work(call)
    for call in CallBack.objects.filter(report=report, outcome=CallBack.Outcome.PENDING):
        assert report.order, "whoever is to be called has an answer"
        assert (report.state in (State.ANSWERED, State.CLOSED), call.round) == (True, report.order.round)
    _merged_are_told(report, events)
    public_holds(report)


def _history_explains(report: Report, events: list[HistoryEvent], rounds: int) -> None:
    state = ""
    for event in events:
        assert event.state_from == state, "each step begins where the last one ended"
        state = event.state_to
    assert state == report.state
    moves = [event.move for event in events]
    assert report.reopens == moves.count("reopen") <= MAX_REOPENS, "the third time a supervisor rules"
    assert rounds == moves.count("accept") + sum(moves.count(name) for name in AGAIN), "an order for each round"


def _end_has_a_reason(report: Report, events: QuerySet[HistoryEvent]) -> None:
    if report.state in (State.ANSWERED, State.CLOSED):
        assert report.order
        assert report.order.state == "done"
        assert Reply.objects.filter(order=report.order).exists(), "no answer without a reply"
        tasks = WorkOrder.objects.filter(source=selectors.SOURCE, source_id=str(report.pk))
        assert not tasks.still_open().exists(), "no answer while somebody of another unit is at work"
    if report.state == State.REJECTED:
        assert events.filter(move__in=["reject", "dismiss"]).latest("seq").data["reason"], "no end without a reason"


def _caller_did_not_work(call: CallBack) -> None:
    """Whoever called back had no part in the work up to then: handler, reviewer and caller are three people."""
    orders = WorkOrder.objects.filter(source=selectors.SOURCE, source_id=str(call.report_id), round__lte=call.round)
    for hands in orders.values_list("signed_by", "submitted_by", "reviewed_by"):
        assert call.by_id not in hands


def _merged_are_told(report: Report, events: QuerySet[HistoryEvent]) -> None:
    """Merging is one deep, never into the void, and who was merged hears of every answer after it."""
    if report.merged_into is not None:
        assert report.merged_into.state not in (State.MERGED, State.WITHDRAWN) or _lapsed(report.merged_into)
    for one in Reporter.objects.filter(report__merged_into=report):
        merged = HistoryEvent.objects.get(object_type="incidents.report", object_id=str(one.report_id), move="merge")
        answers = events.filter(move="answer", pk__gt=merged.pk).count()
        mine = OutboxMessage.objects.filter(recipient=f"reporter:{one.pk}")
        assert mine.filter(dedupe_key__startswith=f"report-{report.pk}-answer-").count() == answers


def _lapsed(report: Report) -> bool:
    """Withdrawn because a question was not answered: of that everybody is told."""
    last = HistoryEvent.objects.filter(object_type="incidents.report", object_id=str(report.pk)).latest("seq")
    return last.move == "lapse"


def public_holds(report: Report) -> None:
    """Nothing of a person and no exact place in what everybody reads."""
    anybody, told = people.viewer(None), [str(selectors.public_page(people.viewer(None), selectors.Filters()))]
    lonlat = (report.geom.x, report.geom.y)
    told.append(str(selectors.similar_reports(anybody, lonlat, report.text)))
    try:
        told.append(str(selectors.public_detail(anybody, report.number)))
    except DomainError:
        assert (
            report.state in (State.SUBMITTED, State.NEED_INFO, State.REJECTED, State.WITHDRAWN) or not report.is_public
        )
    shown = "".join(told)
    for secret in (PHONE, IDENTITY, WECHAT, f"{report.geom.x:.5f}", f"{report.geom.y:.5f}"):
        assert secret not in shown
    assert not MOBILE.search(shown)
