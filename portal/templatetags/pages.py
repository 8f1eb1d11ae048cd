"""Filters of the pages that Django renders: how facts are written for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from kernel import clock, phones
from kernel.language import day_written, is_english

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """The ``tel:`` link of a number."""
    return phones.tel_uri(number)


@register.filter
def day(value: str | dt.date | None) -> str:
    """A date ("2026-06-15") as people write it: 2026年6月15日, 15 June 2026."""
    return _written(value, day_written)


@register.filter
def month(value: str | dt.date | None) -> str:
    """A month ("2026-06") as people write it: 2026年6月, June 2026."""
    return _written(f"{value}-01" if isinstance(value, str) else value, _month)


def _month(value: dt.date) -> str:
    return formats.date_format(value, "F Y" if is_english() else "Y年n月")


def _written(value: str | dt.date | None, how: Callable[[dt.date], str]) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(clock.ZONE)  # before eight in the morning it is still yesterday in Greenwich
    if not isinstance(value, str):
        return how(value) if value else ""
    try:
        return how(dt.date.fromisoformat(value[:10]))
    except ValueError:
        return value


@register.filter
def far(metres: float | None) -> str:
    """A distance: to ten metres below a kilometre, then to a hundred."""
    if metres is None:
        return ""
    if metres < 995:
        return _("%d 米") % max(10, round(metres / 10) * 10)
    return _("%.1f 公里") % (metres / 1000)


@register.filter
def against_plan(project: dict[str, float | None]) -> str:
    """The difference to the plan in a sentence, empty where there is no plan."""
    difference = project.get("difference")
    if difference is None:
        return ""
    points = abs(round(difference, 1))
    shown = f"{points:g}"
    if points == 0:
        return _("和计划一样。")
    return (_("比计划快 %s 个点。") if difference > 0 else _("比计划少 %s 个点。")) % shown


@register.filter
def number(value: float | None) -> str:
    """A figure without a needless ".0"; a dash where there is none."""
    return "—" if value is None else f"{round(value, 1):g}"


@register.filter
def percent(value: float | None) -> str:
    """A share of a bar: 0 to 100, written for CSS whatever the language."""
    return f"{max(0.0, min(100.0, value or 0.0)):.1f}"


@register.filter
def grouped(value: int | None) -> str:
    """A count with its thousands apart: 1,286."""
    return "" if value is None else f"{value:,}"
