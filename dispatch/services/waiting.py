"""Orders that wait for a crew are tried again until one is free."""

from __future__ import annotations

import logging

from django.db import transaction

from dispatch.models import RoutingDecision
from dispatch.services.routing import order_send
from dispatch.services.rows import order_locked
from dispatch.states import SYSTEM, State
from kernel.viewer import Viewer

log = logging.getLogger(__name__)

Waiting = dict[int, tuple[str, int]]
"""Order → its county, and the rule that found nobody; the oldest order first."""


def orders_waiting() -> Waiting:
    """Opened orders for which no crew was free. Cost: one query."""
    rows = RoutingDecision.objects.filter(unit=None, order__state=State.OPENED, rule__skill__gt="")
    found = rows.order_by("order__opened_at", "order_id", "pk").values_list("order_id", "order__county_id", "rule_id")
    return {order: (county, rule) for order, county, rule in found}


def orders_retry() -> int:
    """Give waiting orders to crews that have become free, the oldest first; how many.

    Each in a transaction of its own: one that cannot be given stops no other. When a rule finds nobody, it finds
    nobody for the next order either.
    """
    given, busy = 0, set[int]()
    for order, (county, rule) in orders_waiting().items():
        if rule in busy:
            continue
        try:
            state = _retry(Viewer(county=county, label="system"), order)
        except Exception:
            log.exception("order %d could not be given to a crew", order)
            continue
        given += state == State.ASSIGNED
        if state == State.OPENED:
            busy.add(rule)
    return given


@transaction.atomic
def _retry(by: Viewer, order_id: int) -> str:
    """The state of the order after another try; "" where somebody else was faster."""
    order = order_locked(by, order_id, SYSTEM)
    return order_send(by=by, order=order).state if order.state == State.OPENED else ""
