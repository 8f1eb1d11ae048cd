"""What somebody is to look at on the spot, and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.db.models import Count, F, Q
from django.utils.translation import gettext

from dispatch.models import STATE_TITLES as ORDER_TITLES
from dispatch.models import WorkOrder
from dispatch.selectors.facts import leads
from dispatch.selectors.roads import Route, route
from dispatch.states import State as OrderState
from imagery.models import ChangePoint
from imagery.selectors.cards import PointCard, card_of, with_names
from imagery.states import ORDERED
from kernel.clock import written
from kernel.errors import NotFound
from kernel.geo import LonLat
from kernel.viewer import Viewer

MOST = 200
"""Points of one list: what somebody gets round to in weeks."""


@dataclass(frozen=True, slots=True)
class FieldTask:
    """A point that waits for somebody who goes there.

    Attributes:
        order_state, order_title: where its work order stands.
        opened_at: since when; what was photographed before shows something else.
        due_at: until when.
        leads: the order is the viewer's own, who may sign it and hand it in; of others of the place they only know.
        checks: how many field checks of this order have come.
    """

    card: PointCard
    order_state: str
    order_title: str
    opened_at: str
    due_at: str | None
    leads: bool
    checks: int


def field_tasks(viewer: Viewer) -> tuple[FieldTask, ...]:
    """The points of the viewer that wait for a field check or to be put right, those first that are due first.

    Cost: one query.
    """
    rows = with_names(ChangePoint.objects.visible_to(viewer).filter(state__in=ORDERED, order__isnull=False))
    sent = Count("checks", filter=Q(checks__order=F("order")))
    found = rows.select_related("order").annotate(sent=sent).order_by("order__due_at", "pk")[:MOST]
    return tuple(_task(viewer, point) for point in found)


def _task(viewer: Viewer, point: ChangePoint) -> FieldTask:
    order = cast(WorkOrder, point.order)  # it has one in these states
    return FieldTask(
        card=card_of(point),
        order_state=order.state,
        order_title=str(ORDER_TITLES[OrderState(order.state)]),
        opened_at=written(order.opened_at),
        due_at=written(order.due_at),
        leads=leads(viewer, order),
        checks=point.sent,  # type: ignore[attr-defined]
    )


def field_route(viewer: Viewer, key: int, start: LonLat) -> Route:
    """The way from ``start`` (EPSG:4326) to a point. Cost: three or four queries.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    point = ChangePoint.objects.visible_to(viewer).filter(pk=key).only("county_id", "center").first()
    if point is None:
        raise NotFound(gettext("没有这个图斑，或者您不能看。"))
    return route(point.county_id, start, (point.center.x, point.center.y))
