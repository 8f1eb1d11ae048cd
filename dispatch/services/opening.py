"""Orders are opened by the apps that need work done."""

from __future__ import annotations

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from dispatch.models import WorkOrder
from dispatch.selectors import day_of, policy_workdays, times_from
from dispatch.services import news
from dispatch.services.acts import due_put
from dispatch.services.moves import order_move
from dispatch.services.routing import order_send
from dispatch.services.rows import matter_hold
from dispatch.states import SYSTEM, State
from kernel import clock
from kernel.errors import Conflict
from kernel.geo import LonLat
from kernel.viewer import Role, Viewer
from kernel.work import work_sources
from places.models import Place
from records.services import history_append


@transaction.atomic
def order_open(
    *,
    by: Viewer,
    source: str,
    source_id: str,
    title: str,
    title_en: str = "",
    kind: str,
    lonlat: LonLat,
    village: Place | str | None = None,
    grid: Place | str | None = None,
    category: str = "",
    is_urgent: bool = False,
    round: int = 1,  # noqa: A002 - the column
    workdays: int | None = None,
    questions: int = 0,
    unit: Unit | int | None = None,
) -> WorkOrder:
    """Open an order for something; its clock starts now.

    Args:
        by: in whose name.
        source: key of a ``kernel.work.work_sources``.
        source_id: the source's own key of the thing.
        title: what it is, for lists; nothing private.
        title_en: likewise in English, where the source makes its titles itself.
        kind: which policy counts.
        lonlat: exact, EPSG:4326.
        village: that holds the point, or its code.
        grid: likewise.
        category: in the source's own terms.
        is_urgent: whether it goes before others.
        round: 2 and more for a matter that was opened again: half the time.
        workdays: another length than the policy's.
        questions: how often the reporter was asked before; they count among the pauses.
        unit: give it to this unit at once.

    Raises:
        Conflict: code "order_open_already".
        KeyError: no app has registered such a source.
    """
    work_sources[source]
    matter_hold(source, source_id)
    if WorkOrder.objects.of_source(source, source_id).still_open().exists():
        raise Conflict(_("这件事已经有一张没有办完的工单。"), code="order_open_already")
    now = clock.now()
    days = workdays or policy_workdays(by.county, kind, day_of(now), round > 1)
    order = WorkOrder(
        county_id=by.county,
        source=source,
        source_id=source_id,
        title=title[:80],
        title_en=title_en[:120],
        place_id=_code(village),
        grid_id=_code(grid),
        geom=Point(*lonlat, srid=4326),
        category=category,
        kind=kind,
        is_urgent=is_urgent,
        opened_at=now,
        started_at=now,
        updated_at=now,
        workdays=days,
        pauses=questions,
        round=round,
    )
    data = due_put(order, times_from(now, days))
    order.save(force_insert=True)
    told = {"workdays": days, **data}
    event = history_append(by=by, obj=order, move="open", part=SYSTEM, states=("", order.state), data=told)
    if unit is not None:
        return order_move(by=by, order_id=order.pk, move="assign", part=_part(by, order), unit=unit)
    sent = order_send(by=by, order=order)
    if sent.state == State.OPENED and sent.version == 1:  # nobody was escalated to: the usual way
        news.tell_people(by, sent, event)
    return sent


def _code(place: Place | str | None) -> str | None:
    return place.pk if isinstance(place, Place) else place


def _part(by: Viewer, order: WorkOrder) -> str:
    """As what the order is given to its unit: by somebody who may, else by the product."""
    may = by.has_role(Role.GRID_MANAGER, Role.DESK)
    return "" if may and WorkOrder.objects.visible_to(by).filter(pk=order.pk).exists() else SYSTEM
