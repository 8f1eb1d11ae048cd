"""The status of a project: one word and two numbers that follow from its stage and its monthly progress.

A *series* is one indicator at one place. The numbers of a project are the means over its series at the latest *common
month*: the latest month in which every series has an actual value. A series that has reached 100 keeps 100 in later
months without a row (a finished part is not reported again); a series that was never reported does not count. Where
no month is common, the latest month with any actual value is taken, over the series that have one there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from projects.states.stages import Stage

LATE_POINTS = Decimal(5)
"""Points (个点) behind the plan that are still normal; more is late. Source: the product's rule for progress boards."""

SOON_DAYS = 30
"""An unfinished project is due soon this many days before its planned end: one more monthly report comes before it."""

FULL = Decimal(100)
TENTH = Decimal("0.1")


class Status(StrEnum):
    """What people are told first; follows from stage and the latest common month."""

    NORMAL = "normal"
    LATE = "late"
    BACKWARD = "backward"
    STOPPED = "stopped"
    DONE = "done"
    PLANNED = "planned"
    CANCELLED = "cancelled"


WORST_FIRST = (Status.LATE, Status.STOPPED, Status.BACKWARD)
"""The statuses somebody has to look at, the worst first."""

OF_STAGE: Mapping[Stage, Status] = {
    Stage.PAUSED: Status.STOPPED,
    Stage.ACCEPTANCE: Status.DONE,
    Stage.COMPLETED: Status.DONE,
    Stage.CANCELLED: Status.CANCELLED,
}
"""Stages that decide alone; in all others the numbers and dates speak first."""


@dataclass(frozen=True, slots=True)
class Month:
    """One progress row as the rule sees it: percent 0…100, ``actual`` None for a month still to come."""

    series: Hashable
    month: dt.date
    planned: Decimal
    actual: Decimal | None
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is kept on the project: percent with one decimal, the month they belong to, and the note that explains."""

    status: Status
    actual: Decimal | None = None
    planned: Decimal | None = None
    month: dt.date | None = None
    note: str = ""
    note_en: str = ""


def summarise(stage: str, planned_end: dt.date | None, months: Iterable[Month], today: dt.date) -> Summary:
    """The summary of a project.

    In this order: a stage that decides alone (paused, finished, cancelled) → late (planned end has passed, or more
    than ``LATE_POINTS`` behind the plan) → backward (the mean is below that of the common month before, over the
    series that both have) → not begun → normal.
    """
    table = _Table(months)
    at = table.common_months()[:2]
    actual, planned = (table.means(at[0])) if at else (None, None)
    status = OF_STAGE.get(Stage(stage))
    if status is None:
        behind = actual is not None and planned is not None and actual < planned - LATE_POINTS
        if behind or is_late_by_date(stage, planned_end, today):
            status = Status.LATE
        elif table.goes_backward(at):
            status = Status.BACKWARD
        else:
            status = Status.NORMAL if stage == Stage.CONSTRUCTION else Status.PLANNED
    if not at:
        return Summary(status)
    note, note_en = table.note(at[0])
    return Summary(status, actual, planned, at[0], note, note_en)


def is_late_by_date(stage: str, planned_end: dt.date | None, today: dt.date) -> bool:
    """Whether the planned end has passed and the works are not finished."""
    return planned_end is not None and planned_end < today and Stage(stage) not in OF_STAGE


def is_soon_due(status: str, planned_end: dt.date | None, today: dt.date) -> bool:
    """Whether a project without trouble has to be finished within ``SOON_DAYS``."""
    if status != Status.NORMAL or planned_end is None:
        return False
    return today <= planned_end <= today + dt.timedelta(days=SOON_DAYS)


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a curve, percent: ``actual`` is None where not all series have been reported."""

    month: dt.date
    planned: Decimal
    actual: Decimal | None


def curve(months: Iterable[Month]) -> list[Point]:
    """The course of several series together, month by month: means by the same rule as ``summarise``.

    So the last actual point of a project's curve is the figure that its status was told from.
    """
    rows = list(months)
    table = _Table(rows)
    if not table.series:
        table = _Table(rows, only_reported=False)
    common = set(table.common_months())
    return [
        Point(at, table.mean_planned(at), table.means(at)[0] if at in common else None)
        for at in sorted({row.month for row in rows})
    ]


class _Table:
    """The rows of one project, by series and month."""

    def __init__(self, months: Iterable[Month], *, only_reported: bool = True) -> None:
        self.series: dict[Hashable, dict[dt.date, Month]] = {}
        for row in months:
            self.series.setdefault(row.series, {})[row.month] = row
        if only_reported:
            begun = {key for key, rows in self.series.items() if any(row.actual is not None for row in rows.values())}
            self.series = {key: rows for key, rows in self.series.items() if key in begun}

    def common_months(self) -> list[dt.date]:
        """Common months, latest first; without any, the latest month that somebody reported."""
        reported = sorted({m for rows in self.series.values() for m, row in rows.items() if row.actual is not None})
        common = [m for m in reported if all(self.actual(key, m) is not None for key in self.series)]
        return (common or reported[-1:])[::-1]

    def actual(self, key: Hashable, month: dt.date) -> Decimal | None:
        """The actual value of a series in ``month``; 100 after it was full; None when unknown."""
        row = self.series[key].get(month)
        if row is not None and row.actual is not None:
            return row.actual
        before = [row for m, row in self.series[key].items() if m < month and row.actual is not None]
        last = max(before, key=lambda row: row.month, default=None)
        return FULL if last is not None and last.actual == FULL else None

    def planned(self, key: Hashable, month: dt.date) -> Decimal:
        """The plan of a series for ``month``: its row, else its last row before, else its first."""
        rows = self.series[key]
        known = max((m for m in rows if m <= month), default=None)
        return rows[known if known is not None else min(rows)].planned

    def means(self, month: dt.date) -> tuple[Decimal, Decimal]:
        """Mean actual and planned value over the series that have an actual one in ``month``."""
        found = [
            (value, self.planned(key, month)) for key in self.series if (value := self.actual(key, month)) is not None
        ]
        return _mean([actual for actual, _ in found]), _mean([planned for _, planned in found])

    def mean_planned(self, month: dt.date) -> Decimal:
        """Mean planned value over all series."""
        return _mean([self.planned(key, month) for key in self.series])

    def goes_backward(self, latest_two: list[dt.date]) -> bool:
        """Whether the series that have a value in both months went down together."""
        if len(latest_two) < 2:
            return False
        pairs = [(self.actual(key, latest_two[0]), self.actual(key, latest_two[1])) for key in self.series]
        return sum((now - before for now, before in pairs if now is not None and before is not None), Decimal(0)) < 0

    def note(self, month: dt.date) -> tuple[str, str]:
        """The note of ``month`` written at the series that is furthest behind, in Chinese and English."""
        rows = [row for series in self.series.values() if (row := series.get(month)) and row.note]
        worst = min(rows, key=lambda row: (row.actual or Decimal(0)) - row.planned, default=None)
        return (worst.note, worst.note_en) if worst else ("", "")


def _mean(values: list[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(TENTH, ROUND_HALF_UP)
