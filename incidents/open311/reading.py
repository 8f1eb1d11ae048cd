"""Public reports as requests of Open311, services and their definitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db import models

from dispatch.models import Reply
from dispatch.states import State as OrderState
from incidents import selectors
from incidents.models import Attachment, Category, Report
from incidents.open311.definitions import attributes_of
from incidents.open311.moments import Span
from incidents.querysets import ReportQuerySet, public
from incidents.states import State
from incidents.states.masking import masked
from kernel import clock
from kernel.errors import Invalid, NotFound
from kernel.geo import Bbox
from kernel.language import named
from kernel.viewer import Viewer
from media.models import State as FileState
from media.selectors import photo_urls
from places.models import County

MOST = 1000
"""Requests of one answer ("Response Volume")."""

Link = Callable[[str], str]
"""A path of this host as a whole address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of requests is narrowed to.

    Attributes:
        ids: numbers of reports; they override everything else.
        span: of the moment of submission.
        statuses: some of "open", "closed"; empty for both.
        page: from 1.
    """

    span: Span
    ids: Sequence[str] = ()
    codes: Sequence[str] = ()
    statuses: Sequence[str] = ()
    bbox: Bbox | None = None
    page: int = 1
    page_size: int = MOST


def services_of(viewer: Viewer) -> list[dict[str, Any]]:
    """What can be reported: kinds in use with none in use below them. Cost: one query."""
    rows = list(Category.objects.visible_to(viewer).select_related("parent__parent"))
    above = {row.parent_id for row in rows}
    return [_service(row) for row in rows if row.pk not in above]


def _service(row: Category) -> dict[str, Any]:
    group = row.parent.parent or row.parent if row.parent else None
    return {
        "service_code": row.code,
        "service_name": named(row.title, row.title_en),
        "description": named(row.description, row.description_en) or None,
        "metadata": bool(attributes_of(row.attributes)),
        "type": "realtime",
        "keywords": ", ".join(row.words.split()) or None,
        "group": named(group.title, group.title_en) if group else None,
    }


def service_get(viewer: Viewer, code: str) -> Category:
    """The kind ``code`` to report under. Cost: two queries.

    Raises:
        NotFound: there is none, or it has kinds below it.
    """
    try:
        return selectors.category_named(viewer, code)
    except Invalid as error:
        raise NotFound(error.message, field="service_code") from error


def definition_of(row: Category) -> dict[str, Any]:
    """The questions of a kind."""
    return {"service_code": row.code, "attributes": attributes_of(row.attributes)}


def requests_page(viewer: Viewer, asked: Asked) -> list[Report]:
    """The rows of a list, the newest first. Cost: one query."""
    rows = _rows(viewer)
    if asked.ids:
        rows = rows.filter(number__in=[one.upper() for one in asked.ids])
    else:
        rows = rows.filter(submitted_at__range=asked.span)
        if asked.codes:
            rows = rows.filter(category__code__in=asked.codes)
        if len(set(asked.statuses)) == 1:
            is_open = "open" in asked.statuses
            rows = rows.filter(state=State.ACCEPTED.value) if is_open else rows.exclude(state=State.ACCEPTED.value)
        if asked.bbox:
            rows = rows.filter(public_geom__intersects=Polygon.from_bbox(asked.bbox))
    first = (asked.page - 1) * asked.page_size
    return list(rows.order_by("-submitted_at", "-pk")[first : first + asked.page_size])


def _rows(viewer: Viewer) -> ReportQuerySet:
    rows = selectors.public_rows(viewer).select_related("category", "village__parent", "order__lead_unit")
    return rows.annotate(into=models.Case(models.When(public("merged_into__"), then=models.F("merged_into__number"))))


def requests_of(
    county: County, rows: Iterable[Report], link: Link, *, extended: bool, keep: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows as requests.

    Args:
        county: of all of them.
        rows: from ``requests_page``.
        link: makes whole addresses.
        extended: with ``extended_attributes``.
        keep: numbers of offices, which stay in answers.

    Cost: two queries.
    """
    listed = list(rows)
    photos = _photos(listed)
    replies = answers(listed, keep)
    now = clock.now()
    found = []
    for row in listed:
        shown = [_photo(attachment, link) for attachment in photos.get(row.pk, [])]
        one = _request(county, row, replies.get(row.pk, ""), shown)
        found.append(one | ({"extended_attributes": _extended(row, shown, now)} if extended else {}))
    return found


def answers(rows: Iterable[Report], keep: Sequence[str]) -> dict[int, str]:
    """Key of a report → the masked answer, of those whose order is finished. Cost: one query."""
    done = (State.ANSWERED.value, State.CLOSED.value)
    orders = {row.order_id: row.pk for row in rows if row.state in done and row.order_id}
    # The last version is the answer; what was merely drafted or sent back is not public
    last = Reply.objects.filter(order_id__in=orders, order__state=OrderState.DONE.value)
    texts = dict(last.order_by("order_id", "number").values_list("order_id", "text"))
    return {orders[order]: masked(text, keep) for order, text in texts.items()}


def _photos(rows: Sequence[Report]) -> dict[int, list[Attachment]]:
    """Photos that moderation published. Cost: one query."""
    shown = Attachment.objects.filter(report__in=[row.pk for row in rows], photo__state=FileState.PUBLISHED)
    found: dict[int, list[Attachment]] = {}
    for attachment in shown.select_related("photo"):
        found.setdefault(attachment.report_id or 0, []).append(attachment)
    return found


def _photo(attachment: Attachment, link: Link) -> dict[str, Any]:
    if attachment.photo is None:
        raise AssertionError("only photos were selected")
    urls = photo_urls(attachment.photo)
    size = {"width": urls["width"], "height": urls["height"]}
    return {"media_url": link(urls["large"]), "title": urls["alt"] or None, **size}


def is_open(state: str) -> bool:
    """Whether a state of a report is one in which somebody still has to do something."""
    return state in (State.SUBMITTED.value, State.NEED_INFO.value, State.ACCEPTED.value)


def _request(county: County, row: Report, answer: str, photos: list[dict[str, Any]]) -> dict[str, Any]:
    unit = row.order.lead_unit if row.order else None
    return {
        "service_request_id": row.number,
        "status": "open" if is_open(row.state) else "closed",
        "status_notes": _notes(row, answer),
        "service_name": named(row.category.title, row.category.title_en),
        "service_code": row.category.code,
        "description": row.public_text or row.title,
        "agency_responsible": named(unit.name, unit.name_en) if unit else None,
        "service_notice": None,
        "requested_datetime": clock.written(row.submitted_at),
        "updated_datetime": clock.written(_updated(row)),
        "expected_datetime": clock.written(row.order.due_at) if row.order else None,
        "address": _address(county, row),
        "address_id": row.village_id or row.county_id,
        "zipcode": None,
        "lat": round(row.public_geom.y, 6),
        "long": round(row.public_geom.x, 6),
        "media_url": photos[0]["media_url"] if photos else None,
    }


def _notes(row: Report, answer: str) -> str:
    """The official word for where it stands, and what more there is to say: the answer, or where it was merged into."""
    more = answer or getattr(row, "into", None)
    title = selectors.status_title(selectors.status_of(row))
    return f"{title}：{more}" if more else title


def _updated(row: Report) -> dt.datetime:
    closed = {State.CLOSED.value: row.closed_at, State.ANSWERED.value: row.answered_at}.get(row.state)
    if closed:
        return closed
    return max(row.updated_at, row.order.updated_at) if row.order else row.updated_at


def _address(county: County, row: Report) -> str:
    """The place, from the most to the least specific; never what the reporter wrote."""
    village = row.village
    around = [village, village.parent] if village else []
    return ", ".join(named(one.name, one.name_en) for one in (*around, county) if one)


def _extended(row: Report, photos: list[dict[str, Any]], now: dt.datetime) -> dict[str, Any]:
    status, due = selectors.status_of(row), selectors.due_of(row)
    return {
        "status": status,
        "status_title": selectors.status_title(status),
        "is_overdue": bool(due and due < now),
        "followers": row.followers,
        "location_accuracy_m": row.category.precision_m,
        "merged_into": getattr(row, "into", None),
        "photos": photos,
    }
