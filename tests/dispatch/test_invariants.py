"""Random moves by random people over random days: what must always hold of an order holds."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dispatch import services
from dispatch.models import WorkOrder
from dispatch.states import OPEN_STATES, State, machine
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Role
from records.selectors import history_findings
from tests.dispatch.holds import order_holds
from tests.dispatch.test_matrix import fields
from tests.factories import dispatch as make

MOVES = sorted({move.name for move in machine.moves})
pytestmark = pytest.mark.django_db


class Orders(RuleBasedStateMachine):
    """One matter with its rounds and tasks, moved at random."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = contextlib.ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        self.news = self.undo.enter_context(make.source("walk"))
        self.time = self.undo.enter_context(contextlib.ExitStack())
        self.stop(dt.datetime(2026, 6, 30, 10, 0, tzinfo=clock.ZONE))
        self.office = make.office()
        self.people = [
            *(self.office.grid, self.office.desk, self.office.handler, self.office.rival, self.office.supervisor),
            *(make.who(Role.HANDLER, self.office.unit), make.who(Role.SUPERVISOR), make.who(Role.OFFICIAL)),
        ]
        self.rounds = 0
        self.open()

    def teardown(self) -> None:
        self.undo.close()

    def stop(self, moment: dt.datetime) -> None:
        """Stop the clock at another moment."""
        self.time.close()
        self.now = self.time.enter_context(clock.freeze(moment))

    def open(self) -> None:
        make.opened(source="walk", source_id="1", round=self.rounds + 1)
        self.rounds += 1

    @rule(days=st.integers(0, 6), hour=st.integers(0, 23))
    def time_passes(self, days: int, hour: int) -> None:
        self.stop(max(self.now, (self.now + dt.timedelta(days=days)).replace(hour=hour)))
        services.pauses_end()
        services.orders_recount()
        services.levels_tell()

    @rule()
    def again(self) -> None:
        if not WorkOrder.objects.of_source("walk", "1").still_open().exists():
            self.open()
        else:
            with pytest.raises(DomainError), transaction.atomic():
                self.open()

    @rule(who=st.integers(0, 7), which=st.integers(0, 3), move=st.sampled_from(MOVES), unit=st.booleans())
    def anything(self, who: int, which: int, move: str, unit: bool) -> None:
        orders = list(WorkOrder.objects.order_by("-pk")[:4])
        self.attempt(self.people[who], orders[which % len(orders)], move, unit)

    @rule(which=st.integers(0, 3), choice=st.integers(0, 1000), unit=st.booleans())
    def something_allowed(self, which: int, choice: int, unit: bool) -> None:
        """A move that somebody may do, so that sequences come far."""
        orders = list(WorkOrder.objects.order_by("-pk")[:4])
        order = orders[which % len(orders)]
        lines = [
            (by, move.name)
            for by in self.people
            for move in machine.moves
            if order.state in move.frm and by.role in move.by
        ]
        if lines:
            by, move = lines[choice % len(lines)]
            self.attempt(by, order, move, unit)

    def attempt(self, by, order, move, unit) -> None:
        given = fields(self.office, move)
        if "agency_due_on" in given:
            given["agency_due_on"] = self.now.date()
        if "unit" in given:
            given["unit"] = (self.office.unit if unit else self.office.other).pk
        before = WorkOrder.objects.get(pk=order.pk)
        try:
            with transaction.atomic():
                services.order_move(by=by, order_id=order.pk, move=move, **given)
        except DomainError:
            after = WorkOrder.objects.get(pk=order.pk)
            assert (after.state, after.version, after.due_at) == (before.state, before.version, before.due_at)

    @invariant()
    def what_must_hold(self) -> None:
        orders = list(WorkOrder.objects.all())
        leading = [one for one in orders if one.parent_id is None]
        assert sum(one.state in OPEN_STATES for one in leading) <= 1, "one open order for one thing"
        for order in orders:
            order_holds(order)
        done = [one for one in leading if one.state == State.DONE]
        assert len(self.news.finished) == len(done), "the source hears of each end once"
        assert list(history_findings("dispatch.workorder")) == []


def run(examples: int, steps: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Orders, settings=chosen)


def test_a_short_walk() -> None:
    run(4, 20)


@pytest.mark.long
def test_ten_thousand_steps() -> None:
    run(100, 100)
