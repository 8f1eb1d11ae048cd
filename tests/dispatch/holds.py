"""What holds of every work order at every moment, whoever did what before."""

from __future__ import annotations

import datetime as dt

from dispatch.models import Reply, WorkOrder
from dispatch.states import OPEN_STATES, State
from records.models import HistoryEvent

MOVES_DUE = {"open", "assign", "resume", "grant", "recount", "due_follow"}
"""Events that may say a new due time; "assign" where a task is born with that of its order."""


def order_holds(order: WorkOrder) -> None:
    """One unit, one due time, evidence, three different people, and an end only when everything under it has one."""
    if order.state in OPEN_STATES:
        assert order.due_at, "one due time while open"
        assert order.lead_unit_id or order.state == State.OPENED, "one lead unit wherever somebody works"
        assert (order.paused_at is not None) is (order.state == State.WAITING)
    if order.state == State.DONE:
        reply = Reply.objects.filter(order=order).last()
        assert reply, "no end without a reply"
        assert reply.reason_code or reply.evidence.exists(), "and what shows it"
        assert order.reviewed_by_id not in (order.submitted_by_id, order.signed_by_id, None)
        assert not order.children.filter(state__in=OPEN_STATES).exists(), "no end with an open task"
    backs = list(order.hand_backs.values_list("unit", flat=True))
    assert len(set(backs)) == len(backs) == order.returns, "a unit hands back once"
    assert order.pauses <= 2
    if order.parent_id and order.state in OPEN_STATES and order.parent.state in OPEN_STATES:
        assert order.due_at == order.parent.due_at, "a task runs by the clock of its order"
    due_is_explained(order)


def due_is_explained(order: WorkOrder) -> None:
    """The history tells each state and each due time without a gap, and only listed events move the due time."""
    due, state = None, ""
    for event in HistoryEvent.objects.filter(object_type="dispatch.workorder", object_id=str(order.pk)).order_by("seq"):
        assert event.state_from == state, "each step begins where the last one ended"
        state = event.state_to
        if "due" in event.data:
            assert event.move in MOVES_DUE
            assert event.data["due"][0] == due
            due = event.data["due"][1]
    assert state == order.state
    assert dt.datetime.fromisoformat(due) == order.due_at, "due moves by listed events only"
