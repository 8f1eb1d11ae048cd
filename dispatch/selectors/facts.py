"""What the machine asks of an order, and who may do what with it."""

from __future__ import annotations

from dispatch.models import Extension, HandBack, Reply, WorkOrder
from dispatch.querysets import WorkOrderQuerySet
from dispatch.states import MAX_PAUSES, OPEN_STATES, SOURCE, SYSTEM, Asked, OrderFacts
from kernel import clock
from kernel.viewer import Role, Viewer

DISPATCHERS = (Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR)
"""Roles that give orders of their places to units, or to further units."""


def orders_of(by: Viewer, part: str = "") -> WorkOrderQuerySet:
    """The orders that ``by`` may act on in a part: all of the county for the product itself and for their sources."""
    if part in (SYSTEM, SOURCE):
        return WorkOrder.objects.filter(county_id=by.county)
    return WorkOrder.objects.visible_to(by)


def order_facts(by: Viewer, order: WorkOrder, part: str = "") -> OrderFacts:
    """What the guards ask. Cost: four queries.

    Args:
        by: who moves it.
        order: as it is now.
        part: as what, where that is no role.
    """
    returns = HandBack.objects.filter(order=order, unit=order.lead_unit_id).count() if order.lead_unit_id else 0
    extension = Extension.objects.filter(order=order).values_list("state", flat=True).first()
    return OrderFacts(
        is_lead=part in (SYSTEM, SOURCE) or leads(by, order),
        is_dispatcher=by.has_role(*DISPATCHERS),
        is_binding=order.is_binding,
        unit_returns=returns,
        returns=order.returns,
        open_children=order.children.filter(state__in=OPEN_STATES).count(),
        is_own_work=worked_on(by, order),
        pauses_left=MAX_PAUSES - order.pauses,
        is_child=order.parent_id is not None,
        is_in_time=(order.paused_at or clock.now()) <= order.due_at,
        extension=Asked(extension or ""),
        is_urgent=order.is_urgent,
    )


def leads(by: Viewer, order: WorkOrder) -> bool:
    """Whether the order is the business of the viewer's unit, or was given to the viewer in person."""
    is_unit = by.unit_id is not None and by.unit_id == order.lead_unit_id
    return is_unit or (by.user_id is not None and by.user_id == order.assignee_id)


def worked_on(by: Viewer, order: WorkOrder) -> bool:
    """Whether the viewer signed for the order, handed it in, or wrote a reply. Cost: at most one query."""
    if by.user_id is None:
        return False
    if by.user_id in (order.signed_by_id, order.submitted_by_id):
        return True
    return Reply.objects.filter(order=order, by=by.user_id).exists()
