"""Alarms of readings: evaluated where the readings come in, in the same transaction.

Only streams that a rule watches cost anything. The rows of their latest readings are held first, so that batches with
the same stream follow each other; what is not newer than the latest is stored and says nothing any more. So a replay
raises nothing, and readings that come late change the curve, not the past of an alarm.
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
from devices.sql.alarms import alarms_open, latest_hold
from devices.states import Phase, walked
from devices.telemetry.batch import Batch, Floats, Ints


def alarms_hold(known: Streams, at: Ints, streams: Ints) -> Before | None:
    """Hold what is watched among ``streams`` to the end of the transaction, with its latest readings; None: nothing is.

    Args:
        known: all streams.
        at: where each of ``streams`` stands in ``known``.
        streams: numbers of streams, any number of times.

    Cost: nothing where no rule watches any; else two statements in one go.
    """
    watched = known.watches.watched(streams)
    if not watched.any():
        return None
    wanted, first = np.unique(streams[watched], return_index=True)
    rows = latest_hold(wanted.tolist(), known.device[at[watched][first]].tolist())
    ts, value = zip(*((ts, np.nan if value is None else value) for _stream, ts, value in rows), strict=True)
    return Before(wanted, np.array(ts, np.int64), np.array(value, np.float64))


def alarms_note(
    known: Streams, batch: Batch, at: Ints, rows: Ints, before: Before, now: dt.datetime, heard: Sequence[int]
) -> int:
    """Let readings raise and clear alarms; how many were raised.

    Args:
        known: all streams.
        batch: what came in.
        at: where the stream of each row of the batch stands in ``known``.
        rows: those that were taken.
        before: what ``alarms_hold`` held before they were stored.
        now: for what is snoozed.
        heard: keys of the devices that spoke; ``AlarmBook.write`` says why.

    Cost: one query for those that are open; writes only where a phase changes.
    """
    is_true = (batch.value[rows] >= known.low[at[rows]]) & (batch.value[rows] <= known.high[at[rows]])
    rows = rows[np.isin(batch.stream[rows], before.stream) & (is_true | known.is_text[at[rows]])]
    rows = rows[batch.ts[rows] > before.ts[np.searchsorted(before.stream, batch.stream[rows])]]
    rows = rows[np.lexsort((batch.ts[rows], batch.stream[rows]))]
    stream, ts = batch.stream[rows], batch.ts[rows]
    rows = rows[np.append(True, (stream[1:] != stream[:-1]) | (ts[1:] != ts[:-1]))] if len(rows) else rows
    text = {n: batch.text[row] for n, row in enumerate(rows.tolist()) if row in batch.text} if batch.text else {}
    book = AlarmBook(now)
    series_follow(book, known, Series(batch.stream[rows], batch.ts[rows], batch.value[rows], text), before)
    return book.write(also=heard)


def series_follow(book: AlarmBook, known: Streams, series: Series, before: Before) -> None:
    """Take the alarms of a series of readings through their steps, into the book. Cost: one query."""
    if not len(series.stream):
        return
    streams = np.unique(series.stream).tolist()
    rows = Alarm.objects.filter(pk__in=alarms_open(streams)).select_for_update().order_by("pk")
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
