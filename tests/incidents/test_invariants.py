"""Random moves of reports and orders by everybody over random days: what must always hold, holds after every step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from dispatch import services as work
from dispatch.models import RoutingRule, Supervision, WorkOrder
from dispatch.states import OPEN_STATES, SOURCE, SYSTEM
from dispatch.states import machine as order_machine
from incidents import services
from incidents.models import Attachment, Report
from incidents.states import REPORTER, State, machine
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Role, Viewer
from records.models import HistoryEvent
from records.selectors import history_findings
from tests.dispatch.holds import order_holds
from tests.dispatch.test_matrix import fields as order_fields
from tests.factories import dispatch as make
from tests.factories import incidents, media, people
from tests.incidents import loop
from tests.incidents.holds import SAID, report_holds
from tests.walks import MANY, START, Walk, traces, walk

pytestmark = pytest.mark.django_db

MOVES = sorted({move.name for move in machine.moves})
ORDER_MOVES = sorted({move.name for move in order_machine.moves})
MOST_REPORTS = 3
BY_PRODUCT = ("answer", "dismiss")
"""Moves that the product makes when an order ends, and at no other time."""


class County:
    """Everybody who may try something, made once: each sequence begins with them and undoes what it did."""

    def __init__(self) -> None:
        self.office = make.office()
        incidents.category("noise", title="噪音扰民", words="噪音 吵", precision_m=200)
        incidents.category("lamp", precision_m=200)
        RoutingRule.objects.create(
            county_id=loop.COUNTY, title="路灯", categories=["lamp"], unit=self.office.unit, is_active=True
        )
        self.document = media.document()
        office = self.office
        self.desk2, self.supervisor2 = make.who(Role.DESK), make.who(Role.SUPERVISOR)
        staff = [
            office.desk,
            self.desk2,
            office.grid,
            office.supervisor,
            self.supervisor2,
            office.handler,
            office.rival,
        ]
        others = [make.who(Role.OFFICIAL), make.who(Role.VILLAGE_AGENT), make.who(Role.ADMIN), people.viewer(None)]
        self.people = [(one, "") for one in (*staff, *others)]
        self.parts = [*self.people, (loop.CITIZEN, REPORTER), (loop.PRODUCT, SYSTEM)]
        self.report = reported("noise")


def reported(category: str) -> int:
    """A new report, full of what nobody else may read; its key."""
    return loop.submit(SAID, category=category, address=SAID).pk


class Loop(Walk):
    """Some reports at one place, and everything that anybody tries on them."""

    county: County

    def __init__(self) -> None:
        super().__init__()
        self.reports = [self.county.report]
        self.looked = 0

    # ------------------------------------------------------------ rules

    @rule(is_lamp=st.booleans())
    def somebody_reports(self, is_lamp: bool) -> None:
        if len(self.reports) < MOST_REPORTS:
            self.reports.append(reported("lamp" if is_lamp else "noise"))

    @rule(days=st.integers(0, 16), hour=st.integers(0, 23))
    def time_passes(self, days: int, hour: int) -> None:
        self.pass_time(days, hour)
        for job in (
            *(services.overdue_accept, services.silent_lapse, services.silent_expire),
            *(work.pauses_end, work.orders_recount, work.levels_tell),
        ):
            job()

    @rule(which=st.integers(0, 2), who=st.integers(0, 99), move=st.sampled_from(MOVES))
    def anything_with_a_report(self, which: int, who: int, move: str) -> None:
        by, part = self.county.parts[who % len(self.county.parts)]
        if not (part == SYSTEM and move in BY_PRODUCT):
            self.move(self.report(which), by, part, move)

    @rule(which=st.integers(0, 2), choice=st.integers(0, 999))
    def something_allowed_with_a_report(self, which: int, choice: int) -> None:
        report = self.report(which)
        lines = [
            (by, part, one.name)
            for one in machine.moves
            if report.state in one.frm and one.name not in BY_PRODUCT
            for by, part in self.county.parts
            if (part or by.role) in one.by
        ]
        if lines:
            by, part, move = lines[choice % len(lines)]
            self.move(report, by, part, move)

    @rule(which=st.integers(0, 9), who=st.integers(0, 99), move=st.sampled_from(ORDER_MOVES), own=st.booleans())
    def anything_with_an_order(self, which: int, who: int, move: str, own: bool) -> None:
        if orders := self.orders():
            by, _part = self.county.people[who % len(self.county.people)]
            self.order_move(orders[which % len(orders)], by, move, own)

    @rule(which=st.integers(0, 9), choice=st.integers(0, 999), own=st.booleans())
    def something_allowed_with_an_order(self, which: int, choice: int, own: bool) -> None:
        orders = [one for one in self.orders() if one.state in OPEN_STATES]
        if orders:
            order = orders[which % len(orders)]
            lines = [
                (by, one.name)
                for one in order_machine.moves
                if order.state in one.frm
                for by, _part in self.county.people
                if by.role in one.by
            ]
            by, move = lines[choice % len(lines)]
            self.order_move(order, by, move, own)

    @rule(which=st.integers(0, 2), steps=st.integers(1, 7), choice=st.integers(0, 99))
    def the_usual_way(self, which: int, steps: int, choice: int) -> None:
        """What mostly comes next, some times over, so that sequences reach second and third rounds."""
        for _ in range(steps):
            self.next_step(self.report(which), choice)

    @rule(which=st.integers(0, 2))
    def a_duplicate(self, which: int) -> None:
        """Another report becomes part of this one, whose reporter then tries to take it back."""
        self.somebody_reports(False)
        other = self.report(which + 1)
        self.attempt(lambda: loop.move(self.county.office.desk, other, "merge", into=self.report(which).number))
        self.move(self.report(which), loop.CITIZEN, REPORTER, "withdraw")

    @rule(which=st.integers(0, 2))
    def a_unit_insists(self, which: int) -> None:
        """It hands back, is given the order once more, and hands back again."""
        office = self.county.office
        for by, move in (
            *((office.handler, "hand_back"), (office.supervisor, "allow_return"), (office.desk, "assign")),
            *((office.handler, "hand_back"), (office.supervisor, "allow_return")),
        ):
            if order := self.report(which).order:
                self.order_move(order, by, move, True)

    @rule(which=st.integers(0, 2))
    def somebody_outside_is_asked(self, which: int) -> None:
        """The unit hands the order to somebody who is none of the county's offices, and takes it back."""
        office = self.county.office
        for by, move in (
            *((office.desk, "assign"), (office.handler, "sign")),
            *((office.handler, "forward"), (office.handler, "take_back")),
        ):
            if order := self.report(which).order:
                self.order_move(order, by, move, True)

    @rule(which=st.integers(0, 2))
    def a_task_is_forgotten(self, which: int) -> None:
        """Another unit gets a task, and everybody goes on as if there were none."""
        office = self.county.office
        for by, move, own in (
            *((office.desk, "child", False), (office.handler, "sign", True), (office.handler, "submit", True)),
            (self.county.desk2, "approve", True),
        ):
            if order := self.report(which).order:
                self.order_move(order, by, move, own)

    @rule(which=st.integers(0, 2), who=st.integers(0, 99), act=st.integers(0, 5))
    def something_beside(self, which: int, who: int, act: int) -> None:
        """Remarks, moderation, wishes for a call, followers: nothing of it is a move."""
        report = self.report(which)
        by, part = self.county.parts[who % len(self.county.parts)]
        named: dict[str, Any] = {"by": by, "report_id": report.pk}
        acts: list[Callable[[], object]] = [
            lambda: services.report_comment(**named, text=SAID, part=part if part == REPORTER else ""),
            lambda: services.report_edit(**named, title=SAID[:30], public_text=SAID),
            lambda: services.report_publish(**named, is_public=True),
            lambda: services.call_back_order(**named),
            lambda: services.report_follow(by=by, number=report.number, client=str(who), email="x@example.org"),
            lambda: services.report_supplement(**named, text=SAID, part=part if part == REPORTER else ""),
        ]
        self.attempt(acts[act])

    @rule(who=st.integers(0, 99), answers=st.booleans())
    def a_unit_answers_a_supervision(self, who: int, answers: bool) -> None:
        found = Supervision.objects.filter(answered_at=None).last()
        if found:
            by, _part = self.county.people[who % len(self.county.people)]
            if answers:
                self.attempt(lambda: work.supervision_answer(by=by, supervision_id=found.pk, text=SAID))
            else:
                self.attempt(lambda: work.supervision_read(by=by, supervision_id=found.pk))

    # ------------------------------------------------------------ how

    def report(self, which: int) -> Report:
        key = self.reports[which % len(self.reports)]
        return Report.objects.select_related("order", "category", "merged_into").get(pk=key)

    def orders(self) -> list[WorkOrder]:
        return list(WorkOrder.objects.order_by("-pk")[:6])

    def next_step(self, report: Report, choice: int) -> None:
        office, order = self.county.office, report.order
        if report.state == State.SUBMITTED:
            self.move(report, office.desk, "", "accept")
        elif report.state == State.NEED_INFO:
            self.move(report, loop.CITIZEN, REPORTER, "supplement")
        elif report.state in (State.ANSWERED, State.CLOSED):
            self.after_the_answer(report, choice)
        elif report.state == State.ACCEPTED and order:
            task = order.children.still_open().first()
            self.order_step(task or order)

    def after_the_answer(self, report: Report, choice: int) -> None:
        """What people say of it; those who reviewed try to call back as well."""
        reporter, office = (loop.CITIZEN, REPORTER), self.county.office
        said = [(*reporter, "reopen"), (*reporter, "confirm"), (*reporter, "appeal"), (*reporter, "reopen")]
        callers = (office.desk, self.county.desk2, office.supervisor)
        said += [(by, "", name) for by in callers for name in ("call_back", "call_back_reopen")]
        if report.appealed_at is not None:
            said = [(office.supervisor, "", "rule_reopen"), (office.supervisor, "", "rule_close")]
        by, part, move = said[choice % len(said)]
        self.move(report, by, part, move)

    def order_step(self, order: WorkOrder) -> None:
        office = self.county.office
        handler = office.handler if order.lead_unit_id == office.unit.pk else office.rival
        usual = {
            "opened": (office.desk, "assign"),
            "assigned": (handler, "sign"),
            "in_progress": (handler, "submit"),
            "waiting": (handler, "resume"),
            "forwarded": (handler, "take_back"),
            "review": (self.county.desk2, "approve"),
            "returned": (office.supervisor, "arbitrate"),
        }
        by, move = usual[order.state]
        self.order_move(order, by, move, True)

    def move(self, report: Report, by: Viewer, part: str, move: str) -> None:
        given = {
            "category": "noise",
            "into": self.report(self.reports.index(report.pk) + 1).number,
            "reason": "not_ours" if move == "reject" else SAID,
            **dict.fromkeys(("question", "text", "where_to_go", "note"), SAID),
        }
        needs = {need for one in machine.moves if one.name == move for need in one.needs}
        fields: dict[str, Any] = {name: given[name] for name in needs if name in given}
        if move == "reopen" and report.state == State.CLOSED:
            Attachment.objects.create(document=self.county.document, part=REPORTER)
            fields["documents"] = (self.county.document.token,)
        if self.attempt(lambda: loop.move(by, report, move, part, **fields)):
            assert (part or by.role) in {role for one in machine.moves if one.name == move for role in one.by} or (
                by.has_role(Role.VILLAGE_AGENT, Role.CITIZEN)
            ), f"{part or by.role} did {move}"

    def order_move(self, order: WorkOrder, by: Viewer, move: str, own: bool) -> None:
        office = self.county.office
        given = order_fields(office, move)
        given |= {name: SAID for name in ("reason", "evidence", "question", "agency", "text") if name in given}
        if "agency_due_on" in given:
            given["agency_due_on"] = self.now.date()
        if "unit" in given:
            given["unit"] = (office.unit if own else office.other).pk
        if "reply" in given:
            given["reply"] = f"{loop.words(order.pk * 1000 + order.version)}{SAID}"
        if self.attempt(lambda: work.order_move(by=by, order_id=order.pk, move=move, **given)):
            assert by.role in {role for one in order_machine.moves if one.name == move for role in one.by} - {SOURCE}

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do it, or have it refused without a trace; whether it was done."""
        before = traces()
        try:
            with transaction.atomic():
                act()
        except DomainError:
            assert traces() == before
            return False
        return True

    @invariant()
    def what_must_hold(self) -> None:
        """Looks at the reports of which the history tells something new: a step that is in no history changes none."""
        news = HistoryEvent.objects.filter(pk__gt=self.looked).order_by("pk")
        touched: set[str] = set()
        for self.looked, kind, key, data in news.values_list("pk", "object_type", "object_id", "data"):
            touched |= {key, str(data.get("into", key))} if kind == "incidents.report" else {self.matter(key)}
        for number in sorted(self.reports.index(int(key)) for key in touched):
            report_holds(self.report(number))
        for order in WorkOrder.objects.filter(source_id__in=touched).select_related("parent"):
            order_holds(order)
        if touched:
            assert list(history_findings()) == []

    def matter(self, order: str) -> str:
        return WorkOrder.objects.values_list("source_id", flat=True).get(pk=order)


@pytest.fixture
def county(db) -> None:
    with clock.freeze(START):
        Loop.county = County()


def test_some_walks(county) -> None:
    walk(Loop, 8, 12)


@pytest.mark.long
def test_ten_thousand_walks(county) -> None:
    walk(Loop, MANY, 6)


def test_time_alone_ends_every_report(village):
    """Nobody does anything: the report accepts itself and stays the county's debt, visible and late."""
    loop.cast()
    report = loop.submit()
    with clock.freeze("2026-08-01"):
        services.overdue_accept()
        row = Report.objects.select_related("order").get(pk=report.pk)
        assert row.state == State.ACCEPTED
        assert services.silent_expire() == 0, "what nobody answered is never closed by silence"
