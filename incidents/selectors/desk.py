"""Reports as the console lists them and shows one: the viewer's own business, in full."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from dispatch.selectors import order_moves, order_row
from dispatch.states import OPEN_STATES
from dispatch.states import State as OrderState
from incidents.models import Attachment, CallBack, Comment, Rating, Report
from incidents.querysets import ReportQuerySet
from incidents.selectors.facts import report_facts
from incidents.selectors.public import Filters, filtered
from incidents.selectors.similar import similar_reports
from incidents.selectors.status import due_of, level_of, status_of, status_title
from incidents.selectors.track import replies_of, steps_of
from incidents.selectors.why import category_why, urgent_why
from incidents.states import State, machine
from kernel import clock
from kernel.clock import ZONE
from kernel.errors import NotFound
from kernel.language import named
from kernel.viewer import Viewer
from media.selectors import document_link, photo_urls

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


@dataclass(frozen=True, slots=True)
class Button:
    """Something that the viewer may do now."""

    name: str
    title: str
    needs: list[str]


def _queue(viewer: Viewer, name: str, now: dt.datetime) -> Q:
    """Which reports of the viewer's business stand in a queue."""
    is_open = Q(state=State.ACCEPTED.value, order__state__in=OPEN_STATES)
    me = viewer.user_id
    match name:
        case "new":
            return Q(state=State.SUBMITTED.value)
        case "mine":
            return is_open & (Q(order__assignee_id=me) | Q(order__signed_by_id=me))
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
    """Fifty reports of a queue from the ``start``-th on, urgent ones first, then by when something is due.

    Cost: one query.
    """
    now = clock.now()
    rows = filtered(desk_rows(viewer).filter(_queue(viewer, queue, now)), replace(by, before=0), geom="geom")
    ordered = rows.order_by("-is_urgent", Coalesce(F("order__due_at"), F("accept_by")).asc(nulls_last=True), "-pk")
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
        due_at=_moment(due),
        accept_by=_moment(row.accept_by),
        submitted_at=_moment(row.submitted_at) or "",
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


def desk_get(viewer: Viewer, report_id: int) -> Report:
    """A report of the viewer's business. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    row = desk_rows(viewer).select_related("merged_into", "category__default_unit").filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("没有这件反映，或者不归您负责。"))
    return row


def desk_detail(viewer: Viewer, report_id: int) -> dict[str, Any]:
    """One case in full, but for who reported it. Cost: about 25 queries, whatever hangs on it."""
    row = desk_get(viewer, report_id)
    order = row.order
    return {
        **asdict(desk_row(row, clock.now())),
        "text": row.text,
        "public_text": row.public_text,
        "public_lonlat": [round(row.public_geom.x, 6), round(row.public_geom.y, 6)],
        "address": row.address,
        "attributes": row.attributes,
        "confidence": row.confidence,
        "crs_source": row.crs_source,
        "asset": {"layer": row.asset_layer, "id": row.asset_id} if row.asset_layer else None,
        "info_by": _moment(row.info_by),
        "appealed_at": _moment(row.appealed_at),
        "reopens": row.reopens,
        "merged_into": row.merged_into.number if row.merged_into else None,
        "merged": list(row.merged.values_list("number", flat=True)),
        **_attached(row),
        "comments": _comments(row),
        "ratings": [_rating(rating) for rating in Rating.objects.filter(report=row)],
        "call_backs": [_call_back(one) for one in CallBack.objects.filter(report=row)],
        "history": [asdict(step) for step in steps_of(row)],
        "replies": [asdict(reply) for reply in replies_of(row)],
        "suggestions": _suggestions(viewer, row),
        "moves": [asdict(button) for button in desk_moves(viewer, row)],
        "order": asdict(order_row(order)) if order else None,
        "order_moves": [asdict(button) for button in order_moves(viewer, order)] if order else [],
    }


def desk_moves(viewer: Viewer, row: Report) -> list[Button]:
    """The buttons of a viewer. Cost: at most two queries."""
    facts = report_facts(viewer, row, clock.now())
    return [
        Button(m.name, gettext(m.title), list(m.needs)) for m in machine.open_to(row.state, viewer.role or "", facts)
    ]


def _attached(row: Report) -> dict[str, Any]:
    rows = Attachment.objects.filter(report=row).select_related("photo", "document")
    photos = [
        {
            **photo_urls(one.photo),
            "id": one.photo.pk,
            "state": one.photo.state,
            "redactions": one.photo.redactions,
            "part": one.part,
            "round": one.round,
        }
        for one in rows
        if one.photo
    ]
    return {"photos": photos, "documents": [document_link(one.document) for one in rows if one.document]}


def _comments(row: Report) -> list[dict[str, Any]]:
    rows = Comment.objects.filter(report=row).select_related("by")
    return [
        {
            "id": one.pk,
            "at": _moment(one.at),
            "part": one.part,
            "who": one.by.name if one.by else "",
            "audience": one.audience,
            "text": one.text,
            "is_published": one.is_published,
        }
        for one in rows
    ]


def _rating(one: Rating) -> dict[str, Any]:
    return {"round": one.round, "is_satisfied": one.is_satisfied, "text": one.text, "at": _moment(one.at)}


def _call_back(one: CallBack) -> dict[str, Any]:
    return {
        "round": one.round,
        "mode": one.mode,
        "is_sample": one.is_sample,
        "outcome": one.outcome,
        "note": one.note,
        "at": _moment(one.at),
    }


def _suggestions(viewer: Viewer, row: Report) -> dict[str, Any]:
    """What the product would do, and why; a person decides."""
    if row.state not in (State.SUBMITTED, State.NEED_INFO):
        return {"category": None, "is_urgent": None, "unit": None, "duplicates": []}
    guess = row.proposal.get("category")
    unit = row.category.default_unit
    same = similar_reports(viewer, (row.public_geom.x, row.public_geom.y), row.text, row.category.code)
    return {
        "category": {**guess, "is_sure": row.proposal.get("is_sure", False), "why": category_why(row.proposal)}
        if guess
        else None,
        "is_urgent": {"value": row.is_urgent, "why": urgent_why(row.proposal)} if row.is_urgent else None,
        "unit": {"id": unit.pk, "name": named(unit.name, unit.name_en), "why": _("这一类通常由它办")} if unit else None,
        "duplicates": [asdict(one) for one in same if one.number != row.number],
    }


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(ZONE).isoformat(timespec="seconds") if moment else None
