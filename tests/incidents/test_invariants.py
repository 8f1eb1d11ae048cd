"""Random walks over the whole loop of report and order: whatever people do in whatever order, some things hold."""

from __future__ import annotations

import random
import re

import pytest

from dispatch.models import Reply, WorkOrder
from dispatch.services import order_move
from dispatch.states import OPEN_STATES, Check
from dispatch.states import machine as order_machine
from incidents import selectors, services
from incidents.models import Rating, Report
from incidents.states import MAX_REOPENS, REPORTER, SYSTEM, State, machine
from kernel.errors import DomainError
from records.models import HistoryEvent
from records.selectors import history_findings
from tests.factories import people
from tests.incidents import loop

pytestmark = pytest.mark.django_db

SECRET = "13800138000"
ENDED = {State.CLOSED, State.REJECTED, State.MERGED, State.WITHDRAWN}


class Walk:
    """One report (and one to merge into) that everybody tries things on."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.cast = loop.cast()
        self.other = loop.submit("另一件噪音扰民的事情")
        self.report = loop.submit(f"楼下噪音扰民请打{SECRET}，微信号 abc12345")
        self.done: list[str] = []

    def step(self) -> None:
        """A move of the report or of its order, by somebody; most are refused, and then nothing has changed."""
        before = (Report.objects.get(pk=self.report.pk).version, HistoryEvent.objects.count())
        try:
            self.done.append(self._order() if self._has_order() and self.draw.random() < 0.7 else self._report())
        except DomainError:
            assert (Report.objects.get(pk=self.report.pk).version, HistoryEvent.objects.count()) == before
        self.check()

    def _has_order(self) -> bool:
        return Report.objects.get(pk=self.report.pk).state == State.ACCEPTED

    def _order(self) -> str:
        order = Report.objects.get(pk=self.report.pk).order
        assert order is not None
        likely = [move for move in order_machine.moves if order.state in move.frm]
        move = self.draw.choice(likely)
        by = self.draw.choice([self.cast.desk, self.cast.handler, self.cast.supervisor, self.cast.grid])
        given = {
            "unit": self.cast.unit,
            "reason": "不归我们管",
            "evidence": "地界图",
            "question": "具体位置？",
            "agency": "供电公司",
            "agency_due_on": loop.clock_day(),
            "reply": loop.REPLY + loop.words(self.draw.randrange(10**6)),
            "checklist": list(Check),
            "text": "请抓紧",
            "workdays": 2,
            "title": "协办",
        }
        fields = {name: given[name] for name in move.needs if name in given}
        if move.name == "submit":
            fields["reason_code"] = loop.reason()
        order_move(by=by, order_id=order.pk, move=move.name, **fields)
        return f"order.{move.name}"

    def _report(self) -> str:
        report = Report.objects.get(pk=self.report.pk)
        move = self.draw.choice([one for one in machine.moves if report.state in one.frm] or list(machine.moves))
        people_ = [(self.cast.desk, ""), (self.cast.grid, ""), (self.cast.supervisor, ""), (loop.CITIZEN, REPORTER)]
        if move.name not in ("answer", "dismiss"):  # the product does these when an order ends, and at no other time
            people_.append((loop.PRODUCT, SYSTEM))
        by, part = self.draw.choice(people_)
        given = {"category": "noise", "into": self.other.number, "reason": "还是吵", "where_to_go": "派出所"}
        if move.name == "reject":
            given["reason"] = "not_ours"
        if move.name == "merge" and self.draw.random() < 0.8:  # the end of the walk: seldom
            move = machine.moves[0]
        fields = {name: given.get(name, "说明一下") for name in move.needs}
        loop.move(by, report, move.name, part, **fields)
        return move.name

    def check(self) -> None:
        """What always holds."""
        report = Report.objects.select_related("order").get(pk=self.report.pk)
        orders = WorkOrder.objects.filter(source=selectors.SOURCE, source_id=str(report.pk), parent=None)
        running = orders.filter(state__in=OPEN_STATES)
        assert running.count() == (1 if report.state == State.ACCEPTED else 0), "one order while accepted, else none"
        for order in running:
            assert order.due_at is not None
            assert order.lead_unit_id or order.state == "opened"
        events = HistoryEvent.objects.filter(object_type="incidents.report", object_id=str(report.pk)).order_by("seq")
        last = events.last()
        assert last is not None
        if report.state in (State.ANSWERED, State.CLOSED):
            assert Reply.objects.filter(order=report.order).exists(), "no answer without a reply"
            assert report.order.state == "done"
        if report.state == State.REJECTED:
            assert events.filter(move__in=["reject", "dismiss"]).last().data["reason"], "no end without a reason"
        assert report.reopens <= MAX_REOPENS
        assert report.questions <= selectors.MOST_QUESTIONS
        assert Rating.objects.filter(report=report).count() <= orders.count()
        self._public(report)

    def _public(self, report: Report) -> None:
        try:
            shown = str(selectors.public_detail(people.viewer(None), report.number))
        except DomainError:
            assert report.state in (State.SUBMITTED, State.NEED_INFO, State.REJECTED, State.WITHDRAWN)
            return
        assert SECRET not in shown
        assert "abc12345" not in shown
        assert not re.search(r"(?<![\d.])1[3-9]\d{9}(?!\d)", shown)
        assert f"{report.geom.x:.5f}" not in shown


def walk(seed: int, steps: int) -> list[str]:
    """A walk; the names of the moves that were made."""
    one = Walk(seed)
    for _ in range(steps):
        one.step()
        if Report.objects.get(pk=one.report.pk).state in ENDED - {State.CLOSED}:
            break
    assert list(history_findings()) == []
    return one.done


@pytest.mark.parametrize("seed", range(8))
def test_walks_break_nothing(village, seed):
    assert walk(seed, 60)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1050))
def test_long_walks_break_nothing(village, seed):
    """With the short ones 10,000 steps and more."""
    assert walk(seed, 200)


def test_time_alone_ends_every_report(village):
    """Nobody does anything: the report accepts itself and stays the county's debt, visible and late."""
    from kernel import clock

    loop.cast()
    report = loop.submit()
    with clock.freeze("2026-08-01"):
        services.overdue_accept()
        row = Report.objects.select_related("order").get(pk=report.pk)
        assert row.state == State.ACCEPTED
        assert services.silent_expire() == 0, "what nobody answered is never closed by silence"
