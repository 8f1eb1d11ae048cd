"""When a crew is on shift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

_DAY = dt.timedelta(days=1)


def on_shift(moment: dt.datetime, weekdays: Collection[int], start: dt.time, end: dt.time) -> bool:
    """Whether ``moment`` lies in a shift; its first instant does, its last one is the next shift's.

    Args:
        moment: local time of the county.
        weekdays: 1 = Monday … 7 = Sunday, the days on which a shift begins.
        start: of the shift.
        end: equal to the start = 24 hours; before the start = on the next day.
    """
    at = moment.time()
    began_today = start <= at and (at < end or end <= start)
    began_yesterday = at < end <= start
    return (began_today and moment.isoweekday() in weekdays) or (
        began_yesterday and (moment - _DAY).isoweekday() in weekdays
    )
