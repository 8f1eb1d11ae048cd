"""What time does to alarms: what has lasted long enough, what does not speak, how many of a village at once."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import Q

from devices.models import Alarm
from devices.selectors.watches import SECOND_US, pace_of
from devices.services.alarms.book import AlarmBook, standing_of
from devices.services.alarms.orders import orders_settle
from devices.services.alarms.storms import alarms_escalate, storms_end, storms_gather
from devices.sql.alarms import Seen, alarm_levels_all, alarms_lock, alarms_seen
from devices.states import Pace, Phase, Verdict, passed, walked
from devices.telemetry.batch import us_of
from kernel import clock

GRACE = dt.timedelta(seconds=5)
"""For what is missing, as for devices that are silent: the way of the message."""


def alarms_sweep() -> int:
    """Let time do what it does to alarms, then open and settle their orders; how many were raised."""
    raised = alarms_pass()
    orders_settle()
    return raised


@transaction.atomic
def alarms_pass() -> int:
    """The alarms themselves, without their orders; how many were raised.

    One at a time, whoever calls; the others find nothing to do. Cost: ten statements, more where something happens.
    """
    if not alarms_lock():
        return 0
    book = AlarmBook(clock.now())
    _pass_time(book)
    _look(book)
    raised = book.write()
    storms_gather()
    storms_end()
    alarms_escalate(book.now)
    alarm_levels_all(book.now)
    return raised


def _pass_time(book: AlarmBook) -> None:
    """Phases that have lasted long enough, and alarms whose rule is no longer in use."""
    due = Q(due_at__lte=book.now) | Q(rule__is_active=False, cleared_at=None)
    rows = Alarm.objects.filter(due).select_related("rule").select_for_update(of=("self",), skip_locked=True)
    for alarm in rows.order_by("pk"):
        if alarm.rule.is_active:
            pace = pace_of(alarm.rule)
            book.follow(alarm, pace, passed(standing_of(alarm), pace, us_of(book.now)), _never)
        else:
            book.end(alarm, book.now)


def _never(row: int) -> Alarm:
    raise RuntimeError("time alone begins no alarm")


def _look(book: AlarmBook) -> None:
    """What is missing, silent, or too many in a village now, against the alarms that say so already."""
    seen = alarms_seen(book.now, GRACE)
    keys = [one.alarm for one in seen if one.alarm is not None]
    rows = Alarm.objects.filter(pk__in=keys).select_for_update().order_by("pk") if keys else ()
    alarms = {alarm.pk: alarm for alarm in rows}
    now = us_of(book.now)
    for one in seen:
        alarm = alarms.get(one.alarm) if one.alarm is not None else None
        pace = Pace(one.for_s * SECOND_US, one.clear_s * SECOND_US)
        verdict = Verdict.RAISE if one.is_wrong else Verdict.CLEAR
        steps = walked(standing_of(alarm), pace, [now], [verdict], [min(us_of(one.begin or book.now), now)])
        book.follow(alarm, pace, steps, partial(_made, one))


def _made(seen: Seen, row: int) -> Alarm:
    return Alarm(
        rule_id=seen.rule,
        level=seen.level,
        county_id=seen.county,
        village_id=seen.village,
        device_id=seen.device,
        stream_id=seen.stream,
        phase=Phase.PENDING,
        value=seen.value,
    )
