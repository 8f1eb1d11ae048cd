"""Weeks of readings: made ahead, and dropped whole when their retention class says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from devices import sql
from devices.models import Retention
from kernel import clock

KEEP = {
    Retention.WEEKS: dt.timedelta(days=21),
    Retention.MONTHS: dt.timedelta(days=90),
    Retention.YEARS: dt.timedelta(days=800),
}
"""How long single readings are kept, by class. Hours are kept as long as the longest, days for ever."""

AHEAD = dt.timedelta(days=21)
"""Weeks are made so long ahead: a scheduler that was away for a fortnight loses nothing, and what still lies outside
falls into the default partition."""

BEFORE = dt.timedelta(days=14)
"""And so long back, for what was held up on its way (``DeviceType.past_s``)."""

LETTERS_KEPT = dt.timedelta(days=30)

FAMILIES = ("devices_reading", "devices_textreading")
_WEEK = dt.timedelta(days=7)


def partitions_make(since: dt.datetime | None = None) -> list[str]:
    """Make the weeks from ``since`` (default: ``BEFORE`` now) until ``AHEAD`` of now; the names of the new ones.

    Rows that already lie in the default partition of such a week are moved into it.
    """
    now = clock.now()
    made = []
    for start in _weeks((since or now - BEFORE), now + AHEAD):
        for family in FAMILIES:
            for kept in Retention:
                with transaction.atomic():
                    if sql.week_make(family, int(kept), _name(start), start, start + _WEEK):
                        made.append(f"{family}_{int(kept)}_{_name(start)}")
    return made


def partitions_drop() -> list[str]:
    """Drop the weeks whose last moment is older than their class is kept; the names of those that went."""
    now = clock.now()
    gone = []
    for name in sql.weeks():
        _family, kept, week = name.rsplit("_", 2)
        if _start(week) + _WEEK < now - KEEP[Retention(int(kept))]:
            with transaction.atomic():
                sql.week_drop(name)
            gone.append(name)
    for one, span in KEEP.items():
        sql.rest_clear(FAMILIES, int(one), now - span)
    sql.old_clear(now - max(KEEP.values()), now - LETTERS_KEPT)
    return gone


def _weeks(since: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    day = since.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = day - dt.timedelta(days=day.weekday())
    while start < until:
        yield start
        start += _WEEK


def _name(start: dt.datetime) -> str:
    year, week, _day = start.isocalendar()
    return f"{year}w{week:02}"


def _start(name: str) -> dt.datetime:
    year, week = name.split("w")
    day = dt.date.fromisocalendar(int(year), int(week), 1)
    return dt.datetime.combine(day, dt.time(), dt.UTC)
