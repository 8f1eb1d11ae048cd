"""Figures of a period: each number has the address of the rows that it counts, so that nobody has to believe it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; ``rows`` is the address of what it counts (of a share: the rows above the line)."""

    key: str
    title: str
    value: float | None
    rows: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """All figures of a place, a unit, a kind, a month or a person; ``key`` is "" of none, and of all."""

    key: str
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a period, whose first and last day are ISO dates.

    Attributes:
        by: what the groups are.
        total: of all groups together.
        note: what is counted how, for whoever reads the table.
    """

    by: str
    since: str
    until: str
    groups: tuple[FigureGroup, ...]
    total: FigureGroup
    note: str


def month_key(month: dt.datetime) -> str:
    """How a month is written in keys: 2026-03."""
    return f"{month:%Y-%m}"


def month_period(key: str, since: dt.date, until: dt.date) -> dict[str, str]:
    """First and last day of a month as far as it lies in a period, as lists are asked for them."""
    first = dt.date.fromisoformat(f"{key}-01")
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return {"since": max(first, since).isoformat(), "until": min(last, until).isoformat()}


def table_lines(groups: Sequence[FigureGroup]) -> list[list[Any]]:
    """Groups as lines of a table, titles first; a group that lacks a figure has an empty cell. Nothing of no groups."""
    titles = {figure.key: figure.title for one in groups for figure in one.figures}
    lines: list[list[Any]] = [[_("名称"), *titles.values()]] if groups else []
    for one in groups:
        values = {figure.key: figure.value for figure in one.figures}
        lines.append([one.title, *(values.get(key) for key in titles)])
    return lines
