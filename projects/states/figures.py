"""The figures of the progress board: how far a project, a township, the county is in a month.

The one rule: a *series* is one indicator at one place of a project, as in ``status``; in a month it stands where it was
last reported, in that month or before. A project's figure is the mean over its series, a township's the mean over its
projects, the county's the mean over all projects. Whoever was not reported by then does not count. Plan and actual
belong to one report, so that their difference is never between two months.

The board tells the course by one yardstick for all places; ``status`` tells of one project whether somebody has to look
at it, and compares common months for that.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

TENTHS = 10
"""Steps of a point: progress has one decimal."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported of a series for a month: percent 0…100, one decimal."""

    month: dt.date
    planned: Decimal
    actual: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """Planned and actual progress, exact: means of means must not depend on the order of rounding."""

    planned: Fraction
    actual: Fraction


Series = Mapping[tuple[str, str], Iterable[Report]]
"""The reports of one project, by indicator and place."""


def standing(reports: Iterable[Report], month: dt.date) -> Report | None:
    """The last report of a series at or before ``month``."""
    return max((one for one in reports if one.month <= month), key=lambda one: one.month, default=None)


def project_figure(series: Series, month: dt.date) -> Figure | None:
    """The figure of a project; None when none of its series was reported by then."""
    found = [last for reports in series.values() if (last := standing(reports, month))]
    if not found:
        return None
    planned = sum(int(one.planned * TENTHS) for one in found)
    actual = sum(int(one.actual * TENTHS) for one in found)
    return Figure(Fraction(planned, TENTHS * len(found)), Fraction(actual, TENTHS * len(found)))


def mean(figures: Iterable[Figure | None]) -> Figure | None:
    """The figure of a place from those of its projects; None when none of them has one."""
    found = [one for one in figures if one]
    if not found:
        return None
    return Figure(
        sum((one.planned for one in found), Fraction()) / len(found),
        sum((one.actual for one in found), Fraction()) / len(found),
    )


def shown(value: Fraction) -> Decimal:
    """A figure as people read it: one decimal, halves up."""
    return Decimal(math.floor(value * TENTHS + Fraction(1, 2))) / TENTHS
