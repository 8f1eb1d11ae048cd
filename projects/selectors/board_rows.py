"""The rows that the figures of the progress board are made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Invalid, NotFound
from kernel.language import named
from kernel.viewer import Viewer
from places.models import Place
from projects.models import Indicator, Progress
from projects.querysets import ProgressQuerySet, ProjectQuerySet
from projects.selectors.place import ProjectName, public_projects
from projects.selectors.shapes import PlaceName, month_text, shown_status
from projects.selectors.titles import SOON
from projects.states import WORST_FIRST, Status


@dataclass(frozen=True, slots=True)
class IndicatorName:
    """An indicator by key and name."""

    key: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class BoardReport:
    """The last report of one indicator at one place of a project: one of the rows a figure is made of."""

    project: ProjectName
    indicator: IndicatorName
    place: PlaceName
    month: str
    planned: float
    actual: float
    difference: float
    status: str
    status_title: str


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """The rows that the figures of a place are made of."""

    place: PlaceName
    month: str | None
    indicator: str | None
    rows: tuple[BoardReport, ...]


def board_place(viewer: Viewer, code: str, month: dt.date | None = None, indicator: str = "") -> BoardPlace:
    """The rows that the figures of a county, township or village are made of, the worst first.

    Raises:
        NotFound: no such place in the county.
        Invalid: a month in the future, or an unknown indicator.

    Cost: three queries, one more without a month, one more with an indicator.
    """
    refuse_future(month=month)
    place = Place.objects.visible_to(viewer).filter(pk=code).only("code", "name", "name_en").first()
    if place is None:
        raise NotFound(_("没有这个地方。"))
    if indicator:
        indicators_known(indicator)
    rows = reports(viewer)
    month = month or rows.order_by("-month").values_list("month", flat=True).first()
    if code != viewer.county:
        rows = rows.filter(project__village__code__startswith=code)
    if indicator:
        rows = rows.filter(indicator=indicator)
    last = rows.filter(month__lte=month or clock.today()).order_by(*_SERIES, "-month").distinct(*_SERIES)
    named_rows = last.select_related("project", "indicator", "place").only(*_REPORT_COLUMNS)
    return BoardPlace(
        place=PlaceName(place.pk, named(place.name, place.name_en)),
        month=month_text(month),
        indicator=indicator or None,
        rows=tuple(sorted(map(_report, named_rows), key=_worst_first)),
    )


def _worst_first(row: BoardReport) -> tuple[int, float, int, str, str]:
    return status_rank(row.status), row.difference, row.project.id, row.indicator.key, row.place.code


_SERIES = ("project_id", "indicator_id", "place_id")
_REPORT_COLUMNS = (
    *("project", "indicator", "place"),
    *("month", "planned", "actual", "place__code", "place__name", "place__name_en"),
    *("indicator__key", "indicator__title", "indicator__title_en", "indicator__unit"),
    *("project__name", "project__name_en", "project__status", "project__planned_end"),
)


def counted(viewer: Viewer) -> ProjectQuerySet:
    """The projects of the board: public, not cancelled."""
    return public_projects(viewer).exclude(status=Status.CANCELLED)


def reports(viewer: Viewer) -> ProgressQuerySet:
    """Rows with an actual value of projects that count, none of a month to come."""
    rows = Progress.objects.visible_to(viewer).exclude(project__status=Status.CANCELLED)
    return rows.filter(project__is_published=True, actual__isnull=False, month__lte=clock.today())


def status_rank(status: str) -> int:
    """Late, stopped, backward, soon, then all others."""
    order = (*WORST_FIRST, SOON)
    return order.index(status) if status in order else len(order)


def indicators_known(chosen: str) -> list[Indicator]:
    """All indicators. Cost: one query.

    Raises:
        Invalid: the chosen one is none of them.
    """
    known = list(Indicator.objects.all())
    if chosen and chosen not in {one.pk for one in known}:
        hint = _("可用的指标：%s") % "、".join(one.pk for one in known)
        raise Invalid(_("没有指标“%s”。") % chosen[:30], code="unknown_indicator", field="indicator", hint=hint[:300])
    return known


def _report(row: Progress) -> BoardReport:
    status = shown_status(row.project.status, row.project.planned_end)
    actual = row.actual or Decimal()
    return BoardReport(
        project=ProjectName(row.project.pk, named(row.project.name, row.project.name_en)),
        indicator=IndicatorName(
            row.indicator.pk, named(row.indicator.title, row.indicator.title_en), row.indicator.unit
        ),
        place=PlaceName(row.place.pk, named(row.place.name, row.place.name_en)),
        month=f"{row.month:%Y-%m}",
        planned=float(row.planned),
        actual=float(actual),
        difference=float(actual - row.planned),
        status=status.key,
        status_title=status.title,
    )


def refuse_future(**months: dt.date | None) -> None:
    """Refuse months to come.

    Raises:
        Invalid: with the name of the month as field.
    """
    for name, month in months.items():
        if month and month > clock.today():
            raise Invalid(_("这个月还没有到。"), code="month_in_future", field=name)
