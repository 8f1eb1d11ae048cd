"""Random moves by random people over random days: what must always hold of an order holds."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from dispatch import services
from dispatch.models import WorkOrder
from dispatch.states import OPEN_STATES, State, machine
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Role, Viewer
from records.selectors import history_findings
from tests.dispatch.holds import order_holds
from tests.dispatch.test_matrix import fields
from tests.factories import dispatch as make
from tests.walks import MANY, START, Walk, traces, walk

MOVES = sorted({move.name for move in machine.moves})
pytestmark = pytest.mark.django_db


class Orders(Walk):
    """One matter with its rounds and tasks, moved at random."""

    office: make.Office
    people: list[Viewer]

    def __init__(self) -> None:
        super().__init__()
        self.news = self.undo.enter_context(make.source("walk"))
        self.rounds = 0
        self.open()

    def open(self) -> None:
        make.opened(source="walk", source_id="1", round=self.rounds + 1)
        self.rounds += 1

    @rule(days=st.integers(0, 6), hour=st.integers(0, 23))
    def time_passes(self, days: int, hour: int) -> None:
        self.pass_time(days, hour)
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
        before = traces()
        try:
            with transaction.atomic():
                services.order_move(by=by, order_id=order.pk, move=move, **given)
        except DomainError:
            assert traces() == before

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


@pytest.fixture
def walkers(db) -> None:
    """The people of every walk: each begins with them and undoes what it did."""
    with clock.freeze(START):
        made = Orders.office = make.office()
        Orders.people = [
            *(made.grid, made.desk, made.handler, made.rival, made.supervisor),
            *(make.who(Role.HANDLER, made.unit), make.who(Role.SUPERVISOR), make.who(Role.OFFICIAL)),
        ]


def test_some_walks(walkers) -> None:
    walk(Orders, 4, 20)


@pytest.mark.long
def test_ten_thousand_walks(walkers) -> None:
    walk(Orders, MANY, 12)
