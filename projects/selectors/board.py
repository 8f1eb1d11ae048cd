"""The progress board (民生实事进度榜): every township's figures in a month, and the rows they are made of.

The rule of the figures is ``projects.states.figures``. They are of a month; statuses (late, stopped …) are those of
today, because what a project was in a past month is not kept. Only public projects count, cancelled ones do not, and
whoever looks sees the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kernel.language import named
from kernel.viewer import Viewer
from places.models import Level, Place
from projects.querysets import ProgressQuerySet
from projects.selectors.board_rows import counted, indicators_known, refuse_future, reports, status_rank
from projects.selectors.place import public_projects
from projects.selectors.shapes import (
    ProjectLine,
    month_text,
    number,
    project_line,
    shown_status,
    status_choice,
    with_names,
    worst_first,
)
from projects.selectors.titles import SOON
from projects.states import WORST_FIRST, Figure, Report, Status, mean, project_figure, shown

SERIES_MONTHS = 12
"""Months of the small curve of a row, up to the month of the board."""

REASONS = 20

TOWNSHIP_DIGITS = 9


@dataclass(frozen=True, slots=True)
class BoardIndicator:
    """An indicator by which somebody reports, and how many projects do."""

    key: str
    title: str
    unit: str
    projects: int


@dataclass(frozen=True, slots=True)
class BoardPoint:
    """One month of a row's curve: "2026-06", percent; None before anything was reported."""

    month: str
    planned: float | None
    actual: float | None


@dataclass(frozen=True, slots=True)
class BoardTotal:
    """The county.

    Attributes:
        actual, planned: percent, one decimal; None when nothing was reported by the month.
        difference: points, of the two figures as they are shown.
        change: points that ``actual`` rose since the month it is compared with.
        projects: how many, with or without a figure.
        late, stopped, backward, soon, done: how many of them are that today.
    """

    actual: float | None
    planned: float | None
    difference: float | None
    change: float | None
    projects: int
    late: int
    stopped: int
    backward: int
    soon: int
    done: int


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A township; the figures as in ``BoardTotal``, over the projects that lie in it.

    Attributes:
        status, status_title: the worst of its projects today: late, stopped, backward, soon, else what all of them
            are (done, planned), else normal; None without projects.
    """

    code: str
    name: str
    actual: float | None
    planned: float | None
    difference: float | None
    change: float | None
    status: str | None
    status_title: str | None
    projects: int
    late: int
    stopped: int
    backward: int
    soon: int
    done: int
    series: tuple[BoardPoint, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a month.

    Attributes:
        month: None while nothing was ever reported.
        months: those in which something was reported, none in the future.
        compare: the month that ``change`` is against.
        indicator: the only one that counts; None = all.
        rows: those with late, stopped or backward projects first, then the furthest behind; townships without
            projects last.
        reasons: what is late, stopped or backward, the worst first.
    """

    month: str | None
    months: tuple[str, ...]
    compare: str | None
    indicator: str | None
    indicators: tuple[BoardIndicator, ...]
    total: BoardTotal
    rows: tuple[BoardRow, ...]
    reasons: tuple[ProjectLine, ...]


@dataclass(slots=True)
class _Project:
    """A project of the board, with its reports by series."""

    township: str
    status: str
    series: dict[tuple[str, str], list[Report]] = field(default_factory=lambda: defaultdict(list))


def project_board(
    viewer: Viewer, month: dt.date | None = None, indicator: str = "", compare: dt.date | None = None
) -> Board:
    """The board.

    Args:
        viewer: whose county.
        month: its first day; None = the newest that was reported.
        indicator: key; "" = all.
        compare: month to compare with.

    Raises:
        Invalid: a month in the future, or an unknown indicator.

    Cost: five queries: projects, reports, indicators, townships, reasons; then about 20 µs for each project and month.
    """
    refuse_future(month=month, compare=compare)
    projects = _projects(viewer)
    months, reporting = _add_reports(projects, reports(viewer), indicator)
    indicators = _indicators(reporting, indicator)
    if indicator:
        projects = {pk: one for pk, one in projects.items() if one.series}
    month = month or max(months, default=None)
    by_township: dict[str, list[_Project]] = defaultdict(list)
    for one in projects.values():
        by_township[one.township].append(one)
    until = [at for at in months if month and at <= month][-SERIES_MONTHS:]
    rows = [
        _row(place, by_township[place.code], month, compare, until)
        for place in Place.objects.visible_to(viewer).of_level(Level.TOWNSHIP).only("code", "name", "name_en")
    ]
    return Board(
        month=month_text(month),
        months=tuple(f"{at:%Y-%m}" for at in months),
        compare=month_text(compare),
        indicator=indicator or None,
        indicators=indicators,
        total=BoardTotal(**_figures(projects.values(), month, compare), **_counts(projects.values())),
        rows=tuple(sorted(rows, key=_worst_first)),
        reasons=_reasons(viewer, projects if indicator else None),
    )


def _projects(viewer: Viewer) -> dict[int, _Project]:
    rows = counted(viewer).order_by("pk").values_list("pk", "village_id", "status", "planned_end")
    return {
        pk: _Project((village or "")[:TOWNSHIP_DIGITS], shown_status(status, planned_end).key)
        for pk, village, status, planned_end in rows
    }


def _add_reports(
    projects: Mapping[int, _Project], reported: ProgressQuerySet, indicator: str
) -> tuple[list[dt.date], dict[str, int]]:
    """Give the projects their reports; months with reports, and projects by indicator (whatever is chosen)."""
    months: set[dt.date] = set()
    reporting: set[tuple[str, int]] = set()
    rows = reported.order_by().values_list("project_id", "indicator_id", "place_id", "month", "planned", "actual")
    for project, by, place, month, planned, actual in rows:
        if project not in projects:  # came between the two queries
            continue
        months.add(month)
        reporting.add((by, project))
        if indicator in ("", by):
            projects[project].series[by, place].append(Report(month, planned, actual or Decimal()))
    return sorted(months), Counter(by for by, _project in reporting)


def _indicators(reporting: Mapping[str, int], chosen: str) -> tuple[BoardIndicator, ...]:
    return tuple(
        BoardIndicator(one.pk, named(one.title, one.title_en), one.unit, reporting[one.pk])
        for one in indicators_known(chosen)
        if one.pk in reporting
    )


def _row(
    place: Place, projects: list[_Project], month: dt.date | None, compare: dt.date | None, months: Iterable[dt.date]
) -> BoardRow:
    statuses = {one.status for one in projects}
    worst = min(statuses, key=status_rank, default=None)
    if worst is not None and status_rank(worst) > status_rank(SOON) and len(statuses) > 1:
        worst = Status.NORMAL.value
    return BoardRow(
        code=place.code,
        name=named(place.name, place.name_en),
        **_figures(projects, month, compare),
        status=worst,
        status_title=status_choice(worst).title if worst else None,
        **_counts(projects),
        series=tuple(_point(projects, at) for at in months) if projects else (),
    )


def _worst_first(row: BoardRow) -> tuple[bool, bool, bool, float, str]:
    is_watched = bool(row.late or row.stopped or row.backward)
    return (not row.projects, not is_watched, row.difference is None, row.difference or 0, row.code)


def _counts(projects: Iterable[_Project]) -> dict[str, Any]:
    told = Counter(one.status for one in projects)
    parts = (Status.LATE, Status.STOPPED, Status.BACKWARD, SOON, Status.DONE)
    return {"projects": told.total()} | {str(status): told[status] for status in parts}


def _figures(projects: Iterable[_Project], month: dt.date | None, compare: dt.date | None) -> dict[str, Any]:
    of = list(projects)
    now, before = _figure(of, month), _figure(of, compare)
    actual, planned = (shown(now.actual), shown(now.planned)) if now else (None, None)
    return {
        "actual": number(actual),
        "planned": number(planned),
        "difference": number(_less(actual, planned)),
        "change": number(_less(actual, shown(before.actual) if before else None)),
    }


def _figure(projects: Iterable[_Project], month: dt.date | None) -> Figure | None:
    return mean(project_figure(one.series, month) for one in projects) if month else None


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _point(projects: Iterable[_Project], month: dt.date) -> BoardPoint:
    figure = _figure(projects, month)
    if figure is None:
        return BoardPoint(f"{month:%Y-%m}", None, None)
    return BoardPoint(f"{month:%Y-%m}", float(shown(figure.planned)), float(shown(figure.actual)))


def _reasons(viewer: Viewer, only: Iterable[int] | None) -> tuple[ProjectLine, ...]:
    rows = public_projects(viewer).filter(status__in=WORST_FIRST)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return tuple(project_line(project) for project in worst_first(with_names(rows))[:REASONS])
