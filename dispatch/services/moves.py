"""The one walker of the machine of work orders."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import STATE_TITLES, WorkOrder
from dispatch.selectors import order_facts
from dispatch.services import news
from dispatch.services.acts import Act
from dispatch.services.effects import EFFECTS
from dispatch.services.rows import order_locked
from dispatch.states import State, machine
from kernel import clock
from kernel.machine import IllegalMove
from kernel.refusal import refusal
from kernel.viewer import Viewer
from kernel.writing import given, same_version
from records.services import history_append


@transaction.atomic
def order_move(
    *, by: Viewer, order_id: int, move: str, version: int | None = None, part: str = "", **fields: Any
) -> WorkOrder:
    """Do one move of the table on one order: its effects, its history, its source and its messages, or nothing.

    Args:
        by: who moves it.
        order_id: key of the order.
        move: name of a move of ``dispatch.states.machine``.
        version: of the order as it was read; None: whichever it is.
        part: ``SYSTEM`` or ``SOURCE`` for the product itself; never from outside.
        fields: what is given with the move; see ``services.effects``.

    Raises:
        NotSignedIn, NotFound: nobody is signed in; there is none that ``by`` may see.
        Forbidden: the role may not, or not on this order.
        Conflict: another version, or the state or the facts do not allow it (code of the guard).
        Invalid: something is missing or wrong.
    """
    order = order_locked(by, order_id, part)
    same_version(order.version, version, _("别人刚刚改过这张工单，您的操作没有保存。"))
    values = {name: given(value) for name, value in fields.items()}
    before = order.state
    try:
        plan = machine.plan(before, move, part or by.role or "", values, order_facts(by, order, part))
    except IllegalMove as error:
        raise refusal(error, machine, move, STATE_TITLES[State(before)]) from None
    now = clock.now()
    data = EFFECTS[move](Act(by, order, now), **values)
    order.state, order.version, order.updated_at = plan.to, order.version + 1, now
    event = history_append(by=by, obj=order, move=move, part=part, states=(before, plan.to), data=data)
    order.save()
    news.tell(by, order, event)
    return order
