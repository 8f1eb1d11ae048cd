"""What an order was opened for is over without anybody's doing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from dispatch.models import WorkOrder
from dispatch.services import news
from dispatch.services.moves import order_move
from dispatch.services.rows import matter_hold
from dispatch.states import OPEN_STATES, SOURCE, State
from kernel import clock
from kernel.viewer import Viewer
from records.services import history_append

UNSIGNED = (State.OPENED, State.ASSIGNED)
"""States in which nobody has signed for an order."""


@transaction.atomic
def order_settle(
    *, by: Viewer, source: str, source_id: str, reason: str, over_at: dt.datetime | None = None
) -> WorkOrder | None:
    """Tell the open order of a matter that it is over; cancel it where nobody has signed for it.

    An order that somebody has signed for, or given tasks of to further units, is left to whoever handles it.

    Args:
        by: in whose name.
        source: key of a ``kernel.work.work_sources``.
        source_id: the source's own key of the thing.
        reason: why the order is given up.
        over_at: since when; the history of the order says so. None: it goes on elsewhere, and only an order that
            nobody has signed for hears of it.

    Returns:
        The order; None where none is open.
    """
    matter_hold(source, source_id)
    order = WorkOrder.objects.of_source(source, source_id).still_open().select_for_update().first()
    if order is None:
        return None
    is_free = order.state in UNSIGNED and not order.children.filter(state__in=OPEN_STATES).exists()
    if over_at is not None:
        _note(by, order, over_at, is_left=not is_free)
    if is_free:
        return order_move(by=by, order_id=order.pk, move="cancel", part=SOURCE, reason=reason)
    return order


def _note(by: Viewer, order: WorkOrder, at: dt.datetime, *, is_left: bool) -> None:
    """The step of the history; whoever keeps the order is told."""
    data = {"at": at.astimezone(clock.ZONE).isoformat()}
    states = (order.state, order.state)
    event = history_append(by=by, obj=order, move="cleared", part=SOURCE, states=states, data=data)
    order.version, order.updated_at = order.version + 1, clock.now()
    order.save(update_fields=["version", "updated_at"])
    if is_left:
        news.tell(by, order, event)
