"""Tasks of further units under a leading order (协办): they run by its clock, and it waits for them."""

from __future__ import annotations

from accounts.models import Unit
from dispatch.models import WorkOrder
from dispatch.services import news
from dispatch.services.acts import Act, Data, due_told
from dispatch.services.rows import bounded, unit_known
from dispatch.states import OPEN_STATES, State
from records.services import history_append

SHARED = (
    *("county_id", "source", "source_id", "place_id", "grid_id", "geom", "category", "kind", "is_urgent", "round"),
    *("started_at", "workdays", "paused_days", "yellow_at", "due_at", "red_at", "is_provisional"),
)
"""What a task has from the order it belongs to: the matter, the place, and the clock."""


def child(act: Act, *, unit: Unit | int, title: str) -> Data:
    """Give a part of the order to a further unit."""
    order = act.order
    named = unit_known(order, unit)
    task = WorkOrder.objects.create(
        parent=order,
        title=bounded(WorkOrder, "title", title),
        state=State.ASSIGNED,
        lead_unit=named,
        opened_at=act.now,
        assigned_at=act.now,
        updated_at=act.now,
        **{name: getattr(order, name) for name in SHARED},
    )
    data = {"unit": named.pk, "parent": order.pk, **due_told(None, task.due_at)}
    event = history_append(by=act.by, obj=task, move="assign", states=("", State.ASSIGNED), data=data)
    news.tell(act.by, task, event)
    return {"unit": named.pk, "order": task.pk, "title": title}


def due_follow(act: Act) -> Data:
    """Give the open tasks the due time that the leading order has now."""
    order = act.order
    for task in order.children.select_for_update().filter(state__in=OPEN_STATES).order_by("pk"):
        data = {**due_told(task.due_at, order.due_at), "parent": order.pk}
        for name in ("workdays", "paused_days", "yellow_at", "due_at", "red_at", "is_provisional"):
            setattr(task, name, getattr(order, name))
        task.level_told = ""
        task.version += 1
        history_append(by=act.by, obj=task, move="due_follow", states=(task.state, task.state), data=data)
        task.save()
    return {}
