"""What the panel of a place tells of reports: only what is public, the panel is the citizens' page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from dispatch.states import OPEN_STATES
from incidents.models import Rating, Report
from incidents.querysets import public
from incidents.selectors.status import status_title
from incidents.states import State
from kernel import clock, kept
from kernel.clock import ZONE
from kernel.kept import given
from kernel.language import named
from kernel.viewer import Viewer

LAST = 10


@dataclass(frozen=True, slots=True)
class IssueLine:
    """A report in the panel."""

    number: str
    title: str
    status: str
    status_title: str
    submitted_on: str
    category: str
    category_title: str


@dataclass(frozen=True, slots=True)
class Issues:
    """The reports of a place.

    Attributes:
        open, overdue: in hand now, and those of them that are late.
        answered: answered or closed. What the desk keeps from the map counts, too, or the figures would flatter; what
            the reporter asked to keep confidential does not, for a figure of one tells who.
        satisfied_percent: of all ratings in the place; None without any.
        items: the last ten that are public.
    """

    open: int
    overdue: int
    answered: int
    satisfied_percent: int | None
    items: tuple[IssueLine, ...]


def place_issues(viewer: Viewer, code: str) -> Issues:
    """The reports of the place ``code``. Cost: three queries."""
    now = clock.now()
    counted = _counts(viewer, code, now)
    ratings = Rating.objects.filter(report__county_id=viewer.county, **_inside(viewer, code, "report__"))
    rated = ratings.aggregate(all=Count("pk"), good=Count("pk", filter=Q(is_satisfied=True)))
    percent = round(100 * rated["good"] / rated["all"]) if rated["all"] else None
    items = tuple(_line(row) for row in kept.rows(_last, viewer, len(code) == 6, code=code))
    return Issues(counted["open"], counted["overdue"], counted["answered"], percent, items)


def _counts(viewer: Viewer, code: str, now: dt.datetime) -> dict[str, int]:
    rows = Report.objects.filter(county_id=viewer.county, **_inside(viewer, code))
    rows = rows.filter(category__is_sensitive=False).exclude(confidence=Report.Confidence.CONFIDENTIAL)
    is_open = Q(state=State.ACCEPTED.value, order__state__in=OPEN_STATES)
    return rows.order_by().aggregate(
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(order__due_at__lt=now)),
        answered=Count("pk", filter=Q(state__in=[State.ANSWERED.value, State.CLOSED.value])),
    )


def _inside(viewer: Viewer, code: str, prefix: str = "") -> dict[str, str]:
    """Everything in the county, outside of villages as well; else what lies in the villages of the place."""
    if code == viewer.county:
        return {}
    return {f"{prefix}grid__code" if len(code) == 15 else f"{prefix}village__code__startswith": code}


def _last(viewer: Viewer, is_county: bool) -> QuerySet[Any, Any]:
    rows = Report.objects.visible_to(viewer).filter(public()).exclude(state=State.MERGED.value)
    if not is_county:
        rows = rows.filter(Q(village__code__startswith=given("code")) | Q(grid__code=given("code")))
    fields = ("number", "title", "status", "submitted_at", "category__code", "category__title", "category__title_en")
    return rows.with_status(clock.now()).order_by("-pk").values_list(*fields)[:LAST]


def _line(row: tuple[Any, ...]) -> IssueLine:
    number, title, status, submitted_at, code, category, category_en = row
    return IssueLine(
        number=number,
        title=title,
        status=status,
        status_title=status_title(status),
        submitted_on=submitted_at.astimezone(ZONE).date().isoformat(),
        category=code,
        category_title=named(category, category_en),
    )
