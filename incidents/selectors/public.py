"""What everybody may read of reports: masked place, masked text, moderated photos."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext as _

from incidents.models import Attachment, Comment, Report
from incidents.querysets import ReportQuerySet, public
from incidents.selectors.status import due_of, status_of, status_title
from kernel import clock
from kernel.clock import ZONE
from kernel.errors import NotFound
from kernel.geo import Bbox
from kernel.language import named
from kernel.viewer import Viewer
from media.models import State as FileState
from media.selectors import photos_urls

PAGE = 20


@dataclass(frozen=True, slots=True)
class PublicReport:
    """A report in one line. ``lonlat`` is the public point, EPSG:4326; times are days in Asia/Shanghai."""

    number: str
    title: str
    status: str
    status_title: str
    category: str
    category_title: str
    icon: str
    village: str
    village_name: str
    township_name: str
    submitted_on: str
    due_on: str | None
    is_overdue: bool
    followers: int
    lonlat: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of reports is narrowed to; "" and None leave out.

    Attributes:
        since, until: days of submission, both included.
        before: key of the last row of the page before.
    """

    status: str = ""
    category: str = ""
    place: str = ""
    bbox: Bbox | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    text: str = ""
    before: int = 0


def public_rows(viewer: Viewer) -> ReportQuerySet:
    """Reports that everybody may know of, whoever looks, with what one line shows."""
    rows = Report.objects.visible_to(viewer).filter(public())
    return rows.select_related("category", "village__parent", "order").defer(
        *("text", "address", "geom", "village__geom", "village__center"),
        *("village__parent__geom", "village__parent__center"),
    )


def filtered(rows: ReportQuerySet, by: Filters, *, geom: str = "public_geom") -> ReportQuerySet:
    """``rows`` narrowed to what was asked for. ``geom`` is the point that boxes are compared with."""
    if by.status:
        rows = rows.of_status(by.status)
    if by.category:
        rows = rows.filter(category__code=by.category)
    if by.place:
        rows = rows.filter(village__code__startswith=by.place)
    if by.bbox:
        rows = rows.filter(**{f"{geom}__intersects": Polygon.from_bbox(by.bbox)})
    if by.since:
        rows = rows.filter(submitted_at__gte=_midnight(by.since))
    if by.until:
        rows = rows.filter(submitted_at__lt=_midnight(by.until + dt.timedelta(days=1)))
    if by.text:
        rows = rows.filter(search_text__icontains=by.text.lower())
    return rows.filter(pk__lt=by.before) if by.before else rows


def public_page(viewer: Viewer, by: Filters) -> tuple[list[PublicReport], int | None]:
    """The newest public reports, and where the next page begins. Cost: one query."""
    rows = list(filtered(public_rows(viewer), by).order_by("-pk")[: PAGE + 1])
    now = clock.now()
    return [public_line(row, now) for row in rows[:PAGE]], rows[PAGE - 1].pk if len(rows) > PAGE else None


def public_line(row: Report, now: dt.datetime) -> PublicReport:
    """One line of a list. Cost: none with what ``public_rows`` selects."""
    status, due = status_of(row), due_of(row)
    village = row.village
    township = village.parent if village else None
    return PublicReport(
        number=row.number,
        title=row.title,
        status=status,
        status_title=status_title(status),
        category=row.category.code,
        category_title=named(row.category.title, row.category.title_en),
        icon=row.category.icon,
        village=village.pk if village else "",
        village_name=named(village.name, village.name_en) if village else "",
        township_name=named(township.name, township.name_en) if township else "",
        submitted_on=_day(row.submitted_at),
        due_on=_day(due) if due else None,
        is_overdue=bool(due and due < now),
        followers=row.followers,
        lonlat=(round(row.public_geom.x, 6), round(row.public_geom.y, 6)),
    )


def public_get(viewer: Viewer, number: str) -> Report:
    """A public report by its number, typed in any case. Cost: one query.

    Raises:
        NotFound: there is none, or it is not public.
    """
    row = public_rows(viewer).select_related("merged_into").filter(number=number.upper()).first()
    if row is None:
        raise NotFound(_("没有这件反映，或者没有公开。"))
    return row


def public_photos(report: Report) -> list[dict[str, Any]]:
    """The photos that moderation published. Cost: one query."""
    rows = Attachment.objects.filter(report=report, photo__state=FileState.PUBLISHED).select_related("photo")
    return [dict(urls) for urls in photos_urls(row.photo for row in rows if row.photo)]


def public_comments(report: Report) -> list[dict[str, str]]:
    """Remarks of the public that moderation published. Cost: one query."""
    rows = Comment.objects.filter(report=report, is_published=True, audience=Comment.Audience.PUBLIC)
    return [{"text": row.public_text, "on": _day(row.at)} for row in rows]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZONE)


def _day(moment: dt.datetime) -> str:
    return moment.astimezone(ZONE).date().isoformat()


def may_be_public(report: Report) -> bool:
    """Whether a report may be shown at all: by its kind and by what the reporter asked for."""
    return not (report.category.is_sensitive or report.confidence == Report.Confidence.CONFIDENTIAL)
