"""Who is on shift: over midnight, round the clock, and by the day on which a shift begins."""

import datetime as dt

import pytest

from dispatch.states import on_shift
from kernel import clock

MONDAY = dt.date(2026, 6, 29)


@pytest.mark.parametrize(
    "day, time, weekdays, start, end, on",
    [
        (0, "08:00", [1], "08:00", "17:00", True),
        (0, "16:59:59", [1], "08:00", "17:00", True),
        (0, "17:00", [1], "08:00", "17:00", False),
        (0, "07:59", [1], "08:00", "17:00", False),
        (1, "12:00", [1], "08:00", "17:00", False),
        (0, "20:00", [1], "20:00", "06:00", True),
        (1, "05:59", [1], "20:00", "06:00", True),
        (1, "06:00", [1], "20:00", "06:00", False),
        (0, "05:59", [1], "20:00", "06:00", False),
        (0, "05:59", [7], "20:00", "06:00", True),
        (1, "23:00", [1], "20:00", "06:00", False),
        (0, "12:00", [1], "20:00", "06:00", False),
        (0, "00:00", [1], "00:00", "00:00", True),
        (0, "23:59:59", [1], "00:00", "00:00", True),
        (1, "00:00", [1], "00:00", "00:00", False),
        (0, "08:00", [1], "08:00", "08:00", True),
        (1, "07:59", [1], "08:00", "08:00", True),
        (1, "08:00", [1], "08:00", "08:00", False),
        (0, "07:59", [1], "08:00", "08:00", False),
        (0, "23:00", [1], "20:00", "00:00", True),
        (1, "00:00", [1], "20:00", "00:00", False),
        (0, "12:00", [], "00:00", "00:00", False),
    ],
)
def test_on_shift(day, time, weekdays, start, end, on) -> None:
    at = dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time.fromisoformat(time), clock.ZONE)
    assert on_shift(at, weekdays, dt.time.fromisoformat(start), dt.time.fromisoformat(end)) is on
