"""When an order is due, by the working calendar; every moment is the end of a day in Asia/Shanghai."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dispatch.models import SlaPolicy, WorkOrder
from dispatch.states import RED_AFTER, YELLOW_BEFORE
from kernel import clock
from records.selectors import history_of, workdays_add, workdays_back, workdays_between

DEFAULT_WORKDAYS = {"enquiry": 3, "complaint": 7, "complex": 15}
"""Working days where the county has no policy of its own for a kind; any other kind counts as a complaint."""

PAUSE_WORKDAYS = 10
"""Working days after which an unanswered question no longer stops the clock."""


@dataclass(frozen=True, slots=True)
class Times:
    """The moments that an order keeps.

    Attributes:
        is_provisional: a year was counted up to the due time whose calendar is not published yet.
    """

    yellow_at: dt.datetime
    due_at: dt.datetime
    red_at: dt.datetime
    is_provisional: bool


def end_of(day: dt.date) -> dt.datetime:
    """23:59:59 of ``day`` in Asia/Shanghai."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), clock.ZONE)


def day_of(moment: dt.datetime) -> dt.date:
    """The date of ``moment`` in Asia/Shanghai."""
    return moment.astimezone(clock.ZONE).date()


def times_from(start: dt.datetime, workdays: int) -> Times:
    """Due at the end of the ``workdays``-th working day after the day of ``start``. Cost: three queries."""
    due = workdays_add(day_of(start), workdays)
    return Times(
        yellow_at=end_of(workdays_back(due.date, YELLOW_BEFORE).date),
        due_at=end_of(due.date),
        red_at=end_of(workdays_add(due.date, RED_AFTER).date),
        is_provisional=due.is_provisional,
    )


def times_of(order: WorkOrder) -> Times:
    """The moments of ``order`` by its start, its length, and how long the clock stood. Cost: three queries."""
    return times_from(order.started_at, order.workdays + order.paused_days)


def policy_workdays(county: str, kind: str, day: dt.date, is_again: bool = False) -> int:
    """How many working days a matter of ``kind`` may take that begins on ``day``. Cost: one query.

    A matter that was opened again has half of them, rounded up.
    """
    policies = SlaPolicy.objects.filter(county_id=county, kind=kind, valid_from__lte=day).order_by("-valid_from")
    found = policies.values_list("workdays", flat=True).first()
    days = found or DEFAULT_WORKDAYS.get(kind, DEFAULT_WORKDAYS["complaint"])
    return -(-days // 2) if is_again else days


def paused_workdays(since: dt.datetime, until: dt.datetime) -> int:
    """Working days at whose end the clock stood, at most ``PAUSE_WORKDAYS``. Cost: one query."""
    before = dt.timedelta(days=1)
    days = workdays_between(day_of(since) - before, day_of(until) - before).days
    return min(max(days, 0), PAUSE_WORKDAYS)


def pause_ends(since: dt.datetime) -> dt.datetime:
    """When a pause ends by itself. Cost: one query."""
    return end_of(workdays_add(day_of(since), PAUSE_WORKDAYS).date)


def paused_days_of(order: WorkOrder) -> int:
    """Working days of all pauses that are over, counted anew from the history. Cost: one query, one per pause."""
    days, since = 0, None
    for event in history_of(order):
        since = event.at if event.move == "ask" else since
        if event.move == "resume" and since is not None:
            days, since = days + paused_workdays(since, event.at), None
    return days
