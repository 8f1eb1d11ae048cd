"""Every reading comes in here, by whichever door.

Batches commute: replayed, doubled, late and shuffled readings end in the same tables, so no broker has to keep an
order. Whoever writes readings of a device holds the row of its last sign of life, so writers of the same rows follow
each other, and nobody locks anybody out: everybody takes these rows in the order of their keys, before all others.

What is newer than the latest reading of its stream cannot be there yet, and nobody else can be writing it: it is copied
straight into the table. Only what is late, or comes again, is compared with what is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db import IntegrityError, transaction
from numpy.typing import NDArray

from devices.models import DeadLetter
from devices.selectors.streams import Streams, streams
from devices.selectors.tokens import Speakers
from devices.services.alarms.judged import Before, Series
from devices.services.alarms.noting import alarms_note
from devices.services.letters import letter
from devices.sql import readings as sql
from devices.telemetry.batch import NO_STREAM, NO_TIME, TEXT_LONGEST, Batch, Floats, Ints, moment_of, us_of
from kernel import clock

GOOD, OUT_OF_RANGE = 0, 1
"""Quality of a reading."""

HOUR_US = 3_600_000_000

REASONS = ("", "unknown_stream", "foreign_stream", "bad_time", "too_old", "in_future", "not_a_number", "not_text")
"""Why a row was not taken; the first that holds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch.

    Attributes:
        accepted: readings that were new.
        duplicate: readings of a stream and moment that were there already; the first stays.
        rejected: row → reason (``REASONS``); each is a dead letter.
    """

    accepted: int = 0
    duplicate: int = 0
    rejected: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Good:
    """Rows of a batch that can be stored, each stream and moment once, sorted by both, as columns of one length.

    Attributes:
        row: of the batch.
        at: where the stream stands among all streams.
        ts: microseconds since 1970.
    """

    row: Ints
    at: Ints
    stream: Ints
    ts: Ints
    value: Floats

    def __getitem__(self, which: NDArray[np.bool_]) -> _Good:
        """Some of them."""
        return _Good(self.row[which], self.at[which], self.stream[which], self.ts[which], self.value[which])


@dataclass(frozen=True, slots=True)
class _Heard:
    """Devices that spoke, ascending: keys, newest moments (never ahead of ours), and who was heard just now."""

    devices: list[int]
    moments: list[int]
    awake: list[int]


def ingest(batch: Batch, *, source: str, speakers: Speakers | None = None) -> Outcome:
    """Store a batch in one transaction; a bad row never costs the others.

    Args:
        batch: readings as columns.
        source: the door, for dead letters: "http", "mqtt", "sta", "file".
        speakers: who sent which row, and so which streams it may write; None: nobody's rights are asked.

    Cost: one query for the registry, five statements whatever the number of readings (three more for late ones; one
    each for streams that never spoke, devices that are awake, texts, dead letters, and where rules of alarms watch),
    one notification.
    """
    if not len(batch):
        return Outcome()
    known, now = streams(), clock.now()
    at, exists = known.rows(batch.stream)
    faults = _faults(batch, known, at, exists, speakers, now)
    rejected = {int(row): REASONS[faults[row]] for row in np.flatnonzero(faults)}

    def stored(*, is_sure: bool) -> int:
        with transaction.atomic():
            new = _stored(batch, known, at, faults, now, is_sure=is_sure) if len(rejected) < len(batch) else 0
            if rejected:
                _bury(batch, rejected, source, speakers, now)
            return new

    try:
        new = stored(is_sure=True)
    except IntegrityError:  # a latest reading was lost, so something newer is there all the same
        new = stored(is_sure=False)
    return Outcome(new, len(batch) - len(rejected) - new, rejected)


def _faults(
    batch: Batch, known: Streams, at: Ints, exists: NDArray[np.bool_], speakers: Speakers | None, now: dt.datetime
) -> NDArray[np.int8]:
    """For each row the place of its reason in ``REASONS``, 0 for none."""
    found = np.zeros(len(batch), np.int8)

    def note(reason: str, where: NDArray[np.bool_]) -> None:
        found[(found == 0) & where] = REASONS.index(reason)

    note("unknown_stream", ~exists | (batch.stream == NO_STREAM))
    if not len(known.id):
        return found
    if speakers is not None:
        note("foreign_stream", ~speakers.may_write(known.device[at]))
    note("bad_time", batch.ts == NO_TIME)
    note("too_old", batch.ts < us_of(now) - known.past[at])
    note("in_future", batch.ts > us_of(now) + known.future[at])
    has_text = np.zeros(len(batch), np.bool_)
    has_text[[row for row, word in batch.text.items() if len(word) <= TEXT_LONGEST and "\0" not in word]] = True
    note("not_text", known.is_text[at] & ~has_text)
    note("not_a_number", ~known.is_text[at] & ~np.isfinite(batch.value))
    return found


def _good(batch: Batch, at: Ints, faults: NDArray[np.int8]) -> _Good:
    row = np.flatnonzero(faults == 0)
    row = row[np.lexsort((batch.ts[row], batch.stream[row]))]
    found = _Good(row, at[row], batch.stream[row], batch.ts[row], batch.value[row])
    return found[_differs(found.stream, found.ts)]


def _differs(*columns: Ints) -> NDArray[np.bool_]:
    """Which rows are other than the one before them."""
    found = np.ones(len(columns[0]), np.bool_)
    found[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return found


def _stored(
    batch: Batch, known: Streams, at: Ints, faults: NDArray[np.int8], now: dt.datetime, *, is_sure: bool
) -> int:
    """Store what has no fault, with all that follows from it; how many readings were new.

    Args:
        batch: what came in.
        known: all streams.
        at: where the stream of each row stands in ``known``.
        faults: of each row.
        now: the moment of the batch.
        is_sure: what is newer than the latest is taken for new without a look.
    """
    good = _good(batch, at, faults)
    heard = _heard(known, good, now)
    sql.see(heard.devices, heard.moments)
    before, is_new = _before(good)
    is_text = known.is_text[good.at]
    new = _store(known, good[~is_text], before, is_new[~is_text], is_sure=is_sure)
    new += _store_text(batch, known, good[is_text])
    alarms_note(known, good.at[is_new], _series(batch, good[is_new]), before, now, heard.devices)
    sql.rouse(heard.awake, now)
    transaction.on_commit(sql.notify, robust=True)
    return new


def _before(good: _Good) -> tuple[Before, NDArray[np.bool_]]:
    """The latest readings of the streams before, and which rows are newer."""
    starts = _differs(good.stream)
    asked = good.stream[starts]
    found, found_ts, found_value = sql.latest(asked)
    place = np.searchsorted(asked, found)
    ts, value = np.zeros(len(asked), np.int64), np.full(len(asked), np.nan)
    ts[place], value[place] = found_ts, found_value
    return Before(asked, ts, value), good.ts > ts[np.cumsum(starts) - 1]


def _store(known: Streams, good: _Good, before: Before, is_new: NDArray[np.bool_], *, is_sure: bool) -> int:
    """Store numbers, mark their hours, and raise the latest; how many were new."""
    is_out = (good.value < known.low[good.at]) | (good.value > known.high[good.at])
    quality = np.where(is_out, OUT_OF_RANGE, GOOD)

    def columns(which: NDArray[np.bool_]) -> dict[str, NDArray[np.generic]]:
        some = good[which]
        return {"stream_id": some.stream, "ts": some.ts, "value": some.value, "quality": quality[which]}

    is_added = is_new & is_sure
    if is_added.any():
        hour = good.ts[is_added] // HOUR_US * HOUR_US
        marks = _differs(good.stream[is_added], hour)
        sql.add(columns(is_added))
        sql.mark({"stream_id": good.stream[is_added][marks], "hour": hour[marks]})
    new = int(is_added.sum())
    if not is_added.all():
        new += sql.add_missing(columns(~is_added))
    newest = is_new & np.append(_differs(good.stream)[1:], np.ones(min(len(good.row), 1), np.bool_))
    if newest.any():
        _raise(known, good[newest], quality[newest], before)
    return new


def _raise(known: Streams, newest: _Good, quality: Ints, before: Before) -> None:
    said = {
        "stream_id": newest.stream,
        "device_id": known.device[newest.at],
        "ts": newest.ts,
        "value": newest.value,
        "quality": quality,
    }
    sql.latest_raise(said, is_first=before.ts[np.searchsorted(before.stream, newest.stream)] == 0)


def _store_text(batch: Batch, known: Streams, good: _Good) -> int:
    rows = zip(good.stream.tolist(), known.device[good.at].tolist(), good.ts.tolist(), good.row.tolist(), strict=True)
    sent = [(stream, device, moment_of(us), batch.text[row]) for stream, device, us, row in rows]
    return sql.store_text(sent) if sent else 0


def _series(batch: Batch, good: _Good) -> Series:
    text = {n: batch.text[row] for n, row in enumerate(good.row.tolist()) if row in batch.text} if batch.text else {}
    return Series(good.stream, good.ts, good.value, text)


def _heard(known: Streams, good: _Good, now: dt.datetime) -> _Heard:
    now_us = us_of(now)
    order = np.argsort(known.device[good.at], kind="stable")
    at, us = good.at[order], np.minimum(good.ts[order], now_us)
    starts = np.flatnonzero(_differs(known.device[at]))
    device, newest = known.device[at][starts], np.maximum.reduceat(us, starts)
    awake = newest > now_us - known.heartbeat[at[starts]]
    return _Heard(device.tolist(), newest.tolist(), device[awake].tolist())


def _bury(batch: Batch, rejected: Mapping[int, str], source: str, speakers: Speakers | None, now: dt.datetime) -> None:
    letters = [
        letter(source, reason, batch.said(row), int(speakers.device[row]) if speakers else None, now)
        for row, reason in rejected.items()
    ]
    DeadLetter.objects.bulk_create(letters)
