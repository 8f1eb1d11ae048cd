"""Reads files into the records: the calendar of a year as CSV."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from django.utils.translation import gettext as _

from kernel.errors import Invalid
from records.models import CalendarDay

_WORK = {"1": True, "work": True, "班": True, "0": False, "rest": False, "休": False}


def calendar_days(path: Path) -> list[CalendarDay]:
    """The days of a CSV file ``day,is_workday,name[,source]`` (UTF-8; 1/0, work/rest or 班/休).

    Raises:
        Invalid: at the first row that cannot be read, with its number; nothing is half read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(_("读不了文件 %(path)s：%(why)s") % {"path": path, "why": error}) from error
    rows = list(csv.DictReader(text.splitlines()))
    days = [_day(number, row, path.name) for number, row in enumerate(rows, 2)]
    if len({day.day for day in days}) != len(days):
        raise Invalid(_("同一天出现了两次。"))
    if not days:
        raise Invalid(_("文件里没有一天。第一行应是：day,is_workday,name"))
    return days


def _day(number: int, row: dict[str, str | None], file: str) -> CalendarDay:
    try:
        day = dt.date.fromisoformat((row["day"] or "").strip())
        works = _WORK[(row["is_workday"] or "").strip().lower()]
    except (KeyError, ValueError) as error:
        raise Invalid(_("第 %(n)d 行读不懂：%(row)s") % {"n": number, "row": dict(row)}, field=str(error)) from error
    return CalendarDay(
        day=day, is_workday=works, name=(row.get("name") or "")[:40], source=(row.get("source") or file)[:200]
    )
