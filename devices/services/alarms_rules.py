"""Rules that a county starts with, and alarms of readings that were stored without being looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db import transaction

from devices.models import Alarm, AlarmRule, DeviceType, Reading
from devices.selectors.streams import Streams, streams
from devices.services.alarms import series_follow
from devices.services.alarms_book import AlarmBook
from devices.services.alarms_judged import Before, Series
from devices.services.alarms_time import alarms_sweep
from devices.sql.alarms import alarms_lock
from devices.states import DEFAULT_RULES, DefaultRule, Kind
from kernel import clock

_AT_ONCE = 400
"""Streams of one step of a replay: some 300,000 hourly readings of a month."""


def rules_default(county: str) -> int:
    """Give a county the rules that it does not have yet, for the kinds of device that there are; how many were made.

    A rule that the county has changed or switched off stays as it is.
    """
    there = set(DeviceType.objects.values_list("pk", flat=True))
    known = {(r.type_id, r.key, r.kind): r for r in AlarmRule.objects.filter(county=county, device=None)}
    made = 0
    for one in DEFAULT_RULES:
        if one.type in there and (one.type, one.key, one.kind) not in known:
            counts = known.get((one.type, one.counts, Kind.ABOVE))
            known[one.type, one.key, one.kind] = AlarmRule.objects.create(**_columns(one, county, counts))
            made += 1
    return made


def _columns(one: DefaultRule, county: str, counts: AlarmRule | None) -> dict[str, Any]:
    columns = {name: value for name, value in asdict(one).items() if name not in ("type", "basis")}
    return {**columns, "type_id": one.type, "county_id": county, "counts": counts}


def alarms_replay(since: dt.datetime) -> int:
    """Raise and clear the alarms of stored readings from ``since`` on, as if they came in now; how many were raised.

    For readings that came into the tables by another way than ``ingest``: the demonstration county's. Streams that have
    had an alarm since then were looked at already and are left alone. Silence, storms and orders come with it
    (``alarms_sweep``).

    Raises:
        RuntimeError: a sweep is at work.
    """
    known = streams()
    watched = np.unique(known.watches.stream)
    seen = Alarm.objects.filter(since__gte=since, stream__isnull=False).values_list("stream_id", flat=True)
    todo = np.setdiff1d(watched, np.fromiter(seen, np.int64))
    raised = 0
    for start in range(0, len(todo), _AT_ONCE):
        with transaction.atomic():
            if not alarms_lock():
                raise RuntimeError("alarms are being swept; replay before the scheduler runs, or again")
            raised += _replay(known, todo[start : start + _AT_ONCE].tolist(), since)
    return raised + alarms_sweep()


def _replay(known: Streams, wanted: list[int], since: dt.datetime) -> int:
    rows = Reading.objects.filter(stream_id__in=wanted, ts__gte=since, quality=0).order_by("stream_id", "ts")
    columns = list(zip(*rows.values_list("stream_id", "ts", "value"), strict=True))
    if not columns:
        return 0
    stream, ts, value = columns
    moments = np.array([one.replace(tzinfo=None) for one in ts], "datetime64[us]").astype(np.int64)
    series = Series(np.array(stream, np.int64), moments, np.array(value, np.float64))
    nothing = Before(np.array(wanted, np.int64), np.zeros(len(wanted), np.int64), np.full(len(wanted), np.nan))
    book = AlarmBook(clock.now())
    series_follow(book, known, series, nothing)
    return book.write()
