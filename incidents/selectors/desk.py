"""Reports as the console lists them: the viewer's own business, in queues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dispatch.models import WorkOrder
from dispatch.states import OPEN_STATES
from dispatch.states import State as OrderState
from incidents.models import CallBack, Report
from incidents.querysets import ReportQuerySet
from incidents.selectors.public import Filters, filtered
from incidents.selectors.status import due_of, level_of, status_of, status_title
from incidents.states import State
from kernel import clock
from kernel.errors import NotFound
from kernel.language import named
from kernel.viewer import Role, Viewer

PAGE = 50
QUEUES = ("new", "mine", "due", "overdue", "returned", "review", "callback", "all")


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A report in the console's list; ``lonlat`` is exact, moments are in Asia/Shanghai."""

    id: int
    number: str
    order_id: int | None
    title: str
    state: str
    status: str
    status_title: str
    level: str
    due_at: str | None
    accept_by: str | None
    submitted_at: str
    category: str
    category_title: str
    village: str
    village_name: str
    is_urgent: bool
    is_public: bool
    lead_unit: str
    channel: str
    followers: int
    lonlat: tuple[float, ...]
    version: int


def _holds(viewer: Viewer, which: Q) -> Q:
    """Reports whose order, or a task under it, is one of these."""
    found = WorkOrder.objects.filter(which, county_id=viewer.county).order_by()
    return Q(order_id__in=found.values(leading=Coalesce("parent_id", "pk")))


def _new(viewer: Viewer, is_open: Q) -> Q:
    """What waits for the viewer's first step: of a handler an order of the own unit that nobody signed for, of all
    others a report to accept or an order that no unit has.
    """
    if viewer.has_role(Role.HANDLER):
        return is_open & _holds(viewer, Q(state=OrderState.ASSIGNED.value, lead_unit_id=viewer.unit_id))
    return Q(state=State.SUBMITTED.value) | is_open & Q(order__state=OrderState.OPENED.value)


def _queue(viewer: Viewer, name: str, now: dt.datetime) -> Q:
    """Which reports of the viewer's business stand in a queue."""
    is_open = Q(state=State.ACCEPTED.value, order__state__in=OPEN_STATES)
    me = viewer.user_id
    match name:
        case "new":
            return _new(viewer, is_open)
        case "mine":
            return is_open & _holds(viewer, Q(state__in=OPEN_STATES) & (Q(assignee_id=me) | Q(signed_by_id=me)))
        case "due":
            return is_open & Q(order__yellow_at__lte=now, order__due_at__gte=now)
        case "overdue":
            return is_open & Q(order__due_at__lt=now)
        case "returned":
            return Q(state=State.ACCEPTED.value, order__state=OrderState.RETURNED.value)
        case "review":
            waiting = Q(state=State.ACCEPTED.value, order__state=OrderState.REVIEW.value)
            return waiting & ~Q(order__signed_by_id=me) & ~Q(order__submitted_by_id=me)
        case "callback":
            pending = Report.objects.filter(call_backs__outcome=CallBack.Outcome.PENDING).values("pk")
            return Q(pk__in=pending) | Q(state=State.ANSWERED.value, appealed_at__isnull=False)
    return Q()


def desk_rows(viewer: Viewer) -> ReportQuerySet:
    """The viewer's business with what one line shows."""
    rows = Report.objects.business_of(viewer)
    return rows.select_related("category", "village", "order__lead_unit").defer("village__geom", "village__center")


def desk_page(viewer: Viewer, queue: str, by: Filters, start: int) -> tuple[list[DeskRow], int | None]:
    """Fifty reports of a queue from the ``start``-th on, urgent ones first, then by when something is due;
    of all, the newest first.

    Cost: one query.
    """
    now = clock.now()
    rows = filtered(desk_rows(viewer).filter(_queue(viewer, queue, now)), replace(by, before=0), geom="geom")
    urgent_first = ("-is_urgent", Coalesce(F("order__due_at"), F("accept_by")).asc(nulls_last=True), "-pk")
    ordered = rows.order_by(*(("-pk",) if queue == "all" else urgent_first))
    found = list(ordered[start : start + PAGE + 1])
    return [desk_row(row, now) for row in found[:PAGE]], start + PAGE if len(found) > PAGE else None


def desk_counts(viewer: Viewer) -> dict[str, int]:
    """How many stand in each queue. Cost: one query."""
    now = clock.now()
    rows = Report.objects.business_of(viewer).order_by()
    return rows.aggregate(**{f"{name}": Count("pk", filter=_queue(viewer, name, now)) for name in QUEUES})


def desk_row(row: Report, now: dt.datetime) -> DeskRow:
    """One line. Cost: none with what ``desk_rows`` selects."""
    status, due = status_of(row), due_of(row)
    unit = row.order.lead_unit if row.order else None
    return DeskRow(
        id=row.pk,
        number=row.number,
        order_id=row.order_id,
        title=row.title,
        state=row.state,
        status=status,
        status_title=status_title(status),
        level=level_of(row, now).value,
        due_at=clock.written(due),
        accept_by=clock.written(row.accept_by),
        submitted_at=clock.written(row.submitted_at),
        category=row.category.code,
        category_title=named(row.category.title, row.category.title_en),
        village=row.village_id or "",
        village_name=named(row.village.name, row.village.name_en) if row.village else "",
        is_urgent=row.is_urgent,
        is_public=row.is_public,
        lead_unit=named(unit.name, unit.name_en) if unit else "",
        channel=row.channel,
        followers=row.followers,
        lonlat=(round(row.geom.x, 6), round(row.geom.y, 6)),
        version=row.version,
    )


def desk_kinds(viewer: Viewer, keys: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """Code of the kind, and the unit that usually has it, of those of the viewer's business. Cost: one query."""
    rows = Report.objects.business_of(viewer).filter(pk__in=keys).order_by()
    found = rows.values_list("pk", "category__code", "category__default_unit_id")
    return {key: (code, unit) for key, code, unit in found}


def desk_get(viewer: Viewer, report_id: int) -> Report:
    """A report of the viewer's business. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    row = desk_rows(viewer).select_related("merged_into", "category__default_unit").filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("没有这件反映，或者不归您负责。"))
    return row
