"""Alarms of readings: evaluated where the readings come in, in the same transaction.

Only streams that a rule watches cost anything. Batches of the same device follow each other (``services.readings``);
what is not newer than the latest is stored and says nothing any more. So a replay raises nothing, and readings that
come late change the curve, not the past of an alarm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

import numpy as np

from devices.models import Alarm
from devices.selectors.streams import Streams
from devices.services.alarms.book import AlarmBook, standing_of
from devices.services.alarms.judged import Before, Judged, Series, judged
from devices.sql.alarms import alarms_open
from devices.states import Phase, walked
from devices.telemetry.batch import Floats, Ints


def alarms_note(
    known: Streams, at: Ints, series: Series, before: Before, now: dt.datetime, heard: Sequence[int]
) -> int:
    """Let readings raise and clear alarms; how many were raised.

    Args:
        known: all streams.
        at: where the stream of each reading stands in ``known``.
        series: what was taken and is newer than the latest before, each stream and moment once.
        before: the latest of all these streams, before.
        now: for what is snoozed.
        heard: keys of the devices that spoke; ``AlarmBook.write`` says why.

    Cost: nothing where no rule watches any; else one query for those that are open; writes only where a phase changes.
    """
    is_true = (series.value >= known.low[at]) & (series.value <= known.high[at])
    kept = np.flatnonzero(known.watches.watched(series.stream) & (is_true | known.is_text[at]))
    if not len(kept):
        return 0
    text = {n: series.text[row] for n, row in enumerate(kept.tolist()) if row in series.text} if series.text else {}
    book = AlarmBook(now)
    series_follow(book, known, Series(series.stream[kept], series.ts[kept], series.value[kept], text), before)
    return book.write(also=heard)


def series_follow(book: AlarmBook, known: Streams, series: Series, before: Before) -> None:
    """Take the alarms of a series of readings through their steps, into the book. Cost: one query."""
    if not len(series.stream):
        return
    streams = series.stream[np.append(True, series.stream[1:] != series.stream[:-1])].tolist()
    known_open = alarms_open(streams)
    rows = Alarm.objects.filter(pk__in=known_open).select_for_update().order_by("pk") if known_open else ()
    found = {(alarm.rule_id, alarm.stream_id or 0): alarm for alarm in rows}
    for one in judged(known.watches, series, before, found):
        alarm = found.get((one.rule.pk, one.stream))
        columns = (one.moments.tolist(), one.verdicts.tolist(), one.begins.tolist())
        steps = walked(standing_of(alarm), one.rule.pace, *columns)
        book.follow(alarm, one.rule.pace, steps, partial(_made, one, series))


def _made(one: Judged, series: Series, row: int) -> Alarm:
    at = int(one.rows[row])
    value = _number(series.value, at)
    return Alarm(
        rule_id=one.rule.pk,
        level=one.rule.level,
        device_id=one.device,
        stream_id=one.stream,
        phase=Phase.PENDING,
        value=value,
        text=series.text.get(at, ""),
    )


def _number(value: Floats, at: int) -> float | None:
    return None if np.isnan(value[at]) else float(value[at])
