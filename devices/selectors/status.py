"""How the telemetry fares, for those who run it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Max

from devices import sql
from devices.models import DeadLetter, Latest
from kernel import clock

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TelemetryStatus:
    """How the telemetry fares.

    Attributes:
        rows: good readings, of the days that were counted.
        bytes: of all partitions, indexes included.
        mb_per_day: of those that came in the last day; None when none did.
        lag_s: age of the newest reading; None when there is none.
        dirty: hours whose numbers wait to be counted anew, and the oldest of them.
        letters: reason → dead letters of the last day.
        days_left: until the disk of the database is full at this pace; None where that cannot be told.
    """

    rows: int
    bytes: int
    mb_per_day: float | None
    lag_s: float | None
    dirty: int
    oldest: dt.datetime | None
    letters: Mapping[str, int]
    days_left: float | None


def telemetry_status() -> TelemetryStatus:
    """How the telemetry fares now. Cost: seven queries; they read the numbers of days, and of the last day's hours."""
    now = clock.now()
    rows, size = sql.stored()
    dirty, oldest = sql.waiting()
    newest = Latest.objects.aggregate(at=Max("ts"))["at"]
    recent = DeadLetter.objects.filter(at__gt=now - DAY)
    letters = recent.values_list("reason").annotate(n=Count("pk")).order_by("reason")
    daily = sql.readings_since(now - DAY) * (size / rows) if rows else 0.0
    free = _free()
    return TelemetryStatus(
        rows=rows,
        bytes=size,
        mb_per_day=daily / 1e6 if daily else None,
        lag_s=(now - newest).total_seconds() if newest else None,
        dirty=dirty,
        oldest=oldest,
        letters=dict(letters),
        days_left=free / daily if free is not None and daily else None,
    )


def _free() -> int | None:
    """Free bytes where the database lies; None when that is another machine or not to be seen."""
    try:
        disk = os.statvfs(sql.data_directory())
    except OSError:
        return None
    return disk.f_bavail * disk.f_frsize
