"""A project in one line, as panel, watch list and lists of the staff pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, IntegerField, QuerySet, Value, When

from kernel import clock
from kernel.language import named
from projects.models import STAGE_TITLES, STATUS_TITLES, Progress, Project
from projects.selectors.titles import SOON, SOON_TITLE
from projects.states import WORST_FIRST, Month, Stage, Status, curve, is_soon_due


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen: its key and what people read."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of a curve: "2026-06", percent; ``actual`` is None for a month still to come."""

    month: str
    planned: float
    actual: float | None


@dataclass(frozen=True, slots=True)
class IndicatorCurve:
    """The months of one indicator."""

    key: str
    title: str
    unit: str
    months: tuple[MonthPoint, ...]


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in one line.

    Attributes:
        status: a value of ``Status``, or "soon".
        actual, planned, difference: percent and points; None while nothing was reported.
        month: the month they belong to, "2026-06".
        note: why it stands still, else what was said about that month.
        lon, lat: the site, degrees, EPSG:4326.
    """

    id: int
    name: str
    category: str
    category_title: str
    icon: str
    stage: str
    stage_title: str
    status: str
    status_title: str
    actual: float | None
    planned: float | None
    difference: float | None
    month: str | None
    note: str
    planned_end: str | None
    supervision_phone: str
    village: PlaceName | None
    township: PlaceName | None
    lon: float
    lat: float
    indicators: tuple[IndicatorCurve, ...] = ()


def with_names(rows: QuerySet[Project]) -> QuerySet[Project]:
    """``rows`` with everything a line shows, and without the outlines of places. Cost: one query."""
    return rows.select_related("category", "village", "village__parent").defer(
        "search_text",
        "village__geom",
        "village__center",
        "village__search_text",
        "village__parent__geom",
        "village__parent__center",
        "village__parent__search_text",
    )


def worst_first(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Late, stopped, backward, then the others, finished and cancelled ones last; within each the furthest behind."""
    ranks = [When(status=status, then=Value(rank)) for rank, status in enumerate(WORST_FIRST)]
    ranks += [When(status=Status.DONE, then=Value(8)), When(status=Status.CANCELLED, then=Value(9))]
    rank = Case(*ranks, default=Value(5), output_field=IntegerField())
    return rows.alias(_rank=rank).order_by("_rank", "planned_end", "pk")


def shown_status(status: str, planned_end: dt.date | None) -> Choice:
    """The status of a project as people are told it today: ``SOON`` for a normal one that is due soon."""
    return status_choice(SOON if is_soon_due(status, planned_end, clock.today()) else status)


def status_choice(status: str) -> Choice:
    """A value of ``Status``, or ``SOON``, with what people read."""
    return Choice(status, str(SOON_TITLE if status == SOON else STATUS_TITLES[Status(status)]))


def project_line(project: Project, indicators: tuple[IndicatorCurve, ...] = ()) -> ProjectLine:
    """``project`` in one line. Cost: no query after ``with_names``."""
    status = shown_status(project.status, project.planned_end)
    behind = None if project.actual is None or project.planned is None else project.actual - project.planned
    village = project.village
    return ProjectLine(
        id=project.pk,
        name=named(project.name, project.name_en),
        category=project.category_id,
        category_title=named(project.category.title, project.category.title_en),
        icon=project.category.icon,
        stage=project.stage,
        stage_title=str(STAGE_TITLES[Stage(project.stage)]),
        status=status.key,
        status_title=status.title,
        actual=number(project.actual),
        planned=number(project.planned),
        difference=number(behind),
        month=month_text(project.progress_month),
        note=named(*_note(project)),
        planned_end=project.planned_end.isoformat() if project.planned_end else None,
        supervision_phone=project.supervision_phone,
        village=PlaceName(village.pk, named(village.name, village.name_en)) if village else None,
        township=_township(project),
        lon=round(project.geom.x, 6),
        lat=round(project.geom.y, 6),
        indicators=indicators,
    )


def _note(project: Project) -> tuple[str, str]:
    """Why it stands still, else what was said about its month; in Chinese and English."""
    if project.status in (Status.STOPPED, Status.CANCELLED) and project.stage_note:
        return project.stage_note, project.stage_note_en
    return project.progress_note, project.progress_note_en


def _township(project: Project) -> PlaceName | None:
    above = project.village.parent if project.village else None
    return PlaceName(above.pk, named(above.name, above.name_en)) if above else None


def curves(rows: Iterable[Progress], place: str = "") -> tuple[IndicatorCurve, ...]:
    """The curves of one project by indicator, for a place.

    Rows of the place itself and of places inside it count; where an indicator has none, those of the places around
    it (a township's figure is the best that is known of its village); else all of the project.

    Args:
        rows: progress rows of one project, with their indicator.
        place: code; "" takes all rows.
    """
    by_indicator: dict[str, list[Progress]] = {}
    for row in rows:
        by_indicator.setdefault(row.indicator_id, []).append(row)
    found = sorted(by_indicator.values(), key=lambda own: (own[0].indicator.order, own[0].indicator_id))
    return tuple(_curve(_of_place(own, place)) for own in found)


def _of_place(rows: list[Progress], place: str) -> list[Progress]:
    inside = [row for row in rows if row.place_id.startswith(place)]
    around = [row for row in rows if place.startswith(row.place_id)]
    return inside or around or rows


def _curve(rows: list[Progress]) -> IndicatorCurve:
    indicator = rows[0].indicator
    points = curve(Month(row.place_id, row.month, row.planned, row.actual) for row in rows)
    months = (MonthPoint(f"{at.month:%Y-%m}", float(at.planned), number(at.actual)) for at in points)
    return IndicatorCurve(indicator.pk, named(indicator.title, indicator.title_en), indicator.unit, tuple(months))


def number(value: Decimal | None) -> float | None:
    """A figure as JSON has it."""
    return None if value is None else float(value)


def month_text(month: dt.date | None) -> str | None:
    """A month as "2026-06"."""
    return f"{month:%Y-%m}" if month else None
