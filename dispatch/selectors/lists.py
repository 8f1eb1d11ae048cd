"""Lists of orders: what is asked for, and the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from dispatch.models import STATE_TITLES, WorkOrder
from dispatch.querysets import WorkOrderQuerySet
from dispatch.selectors.outcomes import Outcome, with_outcomes
from dispatch.states import OPEN_STATES, Level, State, level_at
from kernel import clock
from kernel.errors import Invalid
from kernel.language import named
from kernel.viewer import Viewer
from kernel.work import work_sources

PAGE = 50
"""Rows of one page: two screens of a console."""


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What of a list is asked for; empty = everything.

    Attributes:
        states: names of states; "open" stands for all open ones.
        place: code of a township, village or grid; "none": outside of every village.
        unit: key of the unit that leads; -1: none.
        since, until: days on which the clock started, both included.
        outcome: one of ``outcomes.Outcome``; leading orders only, as in the statistics.
        returned_by: key of a unit that handed it back.
        mine: only what the viewer has signed for or was given.
        leading: only leading orders, no tasks of further units.
    """

    states: tuple[str, ...] = ()
    level: str = ""
    place: str = ""
    unit: int | None = None
    category: str | None = None
    source: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    outcome: str = ""
    returned_by: int | None = None
    mine: bool = False
    leading: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class OrderUnit:
    """A unit by key and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class OrderPlace:
    """A place by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A work order as lists show it.

    Attributes:
        level: none, yellow, orange, red.
        link: address of the thing it is for, on the staff's page; "" for who may not open that.
        lonlat: degrees, EPSG:4326.
    """

    id: int
    source: str
    source_id: str
    link: str
    parent: int | None
    title: str
    state: str
    state_title: str
    level: str
    due_at: str
    is_provisional: bool
    is_urgent: bool
    unit: OrderUnit | None
    assignee: str
    crew: str
    category: str
    village: OrderPlace | None
    grid: OrderPlace | None
    round: int
    returns: int
    lonlat: tuple[float, ...]
    opened_at: str
    finished_at: str | None
    version: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a list, the nearest due time first.

    Attributes:
        matched: rows of all pages.
        next: where the next page begins; None at the end.
    """

    items: tuple[OrderRow, ...]
    matched: int
    next: str | None


def orders_found(viewer: Viewer, asked: OrderFilter) -> WorkOrderQuerySet:
    """The viewer's orders that fit."""
    rows = with_outcomes(WorkOrder.objects.visible_to(viewer))
    if asked.states:
        known = [state for name in asked.states for state in (OPEN_STATES if name == "open" else (name,))]
        rows = rows.filter(state__in=known)
    if asked.level:
        rows = rows.at_level(Level(asked.level), clock.now())
    rows = rows.filter(_where(asked)).filter(_when(asked))
    if asked.outcome:
        rows = rows.filter(Outcome(asked.outcome).rows)
    if asked.leading or asked.outcome:
        rows = rows.filter(parent=None)
    if asked.mine:
        rows = rows.filter(Q(assignee=viewer.user_id) | Q(signed_by=viewer.user_id))
    return rows


def _where(asked: OrderFilter) -> Q:
    found = Q(is_urgent=True) if asked.urgent else Q()
    if asked.place == "none":
        found &= Q(place=None)
    elif asked.place:
        found &= Q(place__code__startswith=asked.place) | Q(grid__code__startswith=asked.place)
    if asked.unit is not None:
        found &= Q(lead_unit=None if asked.unit < 0 else asked.unit)
    if asked.returned_by is not None:
        found &= Q(pk__in=WorkOrder.objects.filter(hand_backs__unit=asked.returned_by).values("pk"))
    if asked.category is not None:
        found &= Q(category=asked.category)
    return found & Q(source=asked.source) if asked.source else found


def _when(asked: OrderFilter) -> Q:
    found = Q()
    if asked.since:
        found &= Q(started_at__gte=dt.datetime.combine(asked.since, dt.time(), clock.ZONE))
    if asked.until:
        end = asked.until + dt.timedelta(days=1)
        found &= Q(started_at__lt=dt.datetime.combine(end, dt.time(), clock.ZONE))
    return found


NAMED = ("lead_unit", "assignee", "crew", "place", "grid")
"""What a row names."""


def order_page(viewer: Viewer, asked: OrderFilter, after: str = "", limit: int = PAGE) -> OrderPage:
    """One page. Cost: two queries.

    Raises:
        Invalid: ``after`` is no ``next`` of an earlier page.
    """
    rows = orders_found(viewer, asked)
    matched = rows.count()
    if after:
        rows = rows.filter(_beyond(after))
    found = list(rows.select_related(*NAMED).order_by("due_at", "pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    items = tuple(order_row(viewer, order) for order in found[:limit])
    return OrderPage(items, matched, f"{last.due_at.timestamp():.0f}-{last.pk}" if last else None)


def _beyond(after: str) -> Q:
    moment, _dash, key = after.partition("-")
    if not (moment.isdecimal() and key.isdecimal() and len(moment) < 11 and len(key) < 19):
        raise Invalid(_("不是上一页给出的位置。"), field="cursor")
    due = dt.datetime.fromtimestamp(int(moment), clock.ZONE)
    return Q(due_at__gt=due) | Q(due_at=due, pk__gt=int(key))


def order_row(viewer: Viewer, order: WorkOrder) -> OrderRow:
    """One row for somebody who sees it; ``NAMED`` is loaded. Cost: no query."""
    source = work_sources.get(order.source)
    return OrderRow(
        id=order.pk,
        source=order.source,
        source_id=order.source_id,
        link=source.link(order.source_id) if source and source.is_open_to(viewer) else "",
        parent=order.parent_id,
        title=named(order.title, order.title_en),
        state=order.state,
        state_title=str(STATE_TITLES[State(order.state)]),
        level=level_of(order).value,
        due_at=order.due_at.astimezone(clock.ZONE).isoformat(),
        is_provisional=order.is_provisional,
        is_urgent=order.is_urgent,
        unit=OrderUnit(order.lead_unit.pk, named(order.lead_unit.name, order.lead_unit.name_en))
        if order.lead_unit
        else None,
        assignee=order.assignee.name if order.assignee else "",
        crew=named(order.crew.name, order.crew.name_en) if order.crew else "",
        category=order.category,
        village=OrderPlace(order.place.pk, named(order.place.name, order.place.name_en)) if order.place else None,
        grid=OrderPlace(order.grid.pk, named(order.grid.name, order.grid.name_en)) if order.grid else None,
        round=order.round,
        returns=order.returns,
        lonlat=(round(order.geom.x, 6), round(order.geom.y, 6)),
        opened_at=order.opened_at.astimezone(clock.ZONE).isoformat(),
        finished_at=order.finished_at.astimezone(clock.ZONE).isoformat() if order.finished_at else None,
        version=order.version,
    )


def level_of(order: WorkOrder) -> Level:
    """How late an open order is now, or was when its clock stopped; a finished one is not late any more."""
    if order.state not in OPEN_STATES:
        return Level.NONE
    at = order.paused_at or clock.now()
    return level_at(at, yellow_at=order.yellow_at, due_at=order.due_at, red_at=order.red_at)
