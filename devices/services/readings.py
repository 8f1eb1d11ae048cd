"""Every reading comes in here, by whichever door.

Batches commute: replayed, doubled, late and shuffled readings end in the same tables, so no broker has to keep an
order. Rows are written in the order of (stream, moment) by everybody, so that two writers of the same rows wait and
never lock each other out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from devices import sql
from devices.models import DeadLetter
from devices.selectors.streams import Streams, streams
from devices.selectors.tokens import Speakers
from devices.services.alarms.noting import alarms_hold, alarms_note
from devices.services.letters import letter
from devices.telemetry.batch import NO_STREAM, NO_TIME, TEXT_LONGEST, Batch, Ints, moment_of, us_of
from devices.telemetry.copying import binary_rows
from kernel import clock

GOOD, OUT_OF_RANGE = 0, 1
"""Quality of a reading."""

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


def ingest(batch: Batch, *, source: str, speakers: Speakers | None = None) -> Outcome:
    """Store a batch in one transaction; a bad row never costs the others.

    Args:
        batch: readings as columns.
        source: the door, for dead letters: "http", "mqtt", "sta", "file".
        speakers: who sent which row, and so which streams it may write; None: nobody's rights are asked.

    Cost: one query for the registry, eight statements whatever the number of readings (two more for texts, one for
    dead letters, two where rules of alarms watch), one notification.
    """
    if not len(batch):
        return Outcome()
    known, now = streams(), clock.now()
    at, exists = known.rows(batch.stream)
    faults = _faults(batch, known, at, exists, speakers, now)
    rejected = {int(row): REASONS[faults[row]] for row in np.flatnonzero(faults)}
    good = np.flatnonzero(faults == 0)
    is_text = known.is_text[at[good]] if len(known.id) else np.zeros(0, np.bool_)
    with transaction.atomic():
        before = alarms_hold(known, at[good], batch.stream[good])
        accepted = 0
        if len(numbers := good[~is_text]):
            accepted += _store(batch, known, at, numbers)
        if len(words := good[is_text]):
            accepted += _store_text(batch, known, at, words)
        if len(good):
            heard = _heard(known.device[at[good]], np.minimum(batch.ts[good], us_of(now)))
            if before is not None:
                alarms_note(known, batch, at, good, before, now, heard[0])
            sql.see(*heard, now)
            sql.notify()
        if rejected:
            _bury(batch, rejected, source, speakers, now)
    return Outcome(accepted, len(good) - accepted, rejected)


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


def _store(batch: Batch, known: Streams, at: Ints, rows: Ints) -> int:
    rows = rows[np.lexsort((batch.ts[rows], batch.stream[rows]))]
    stream, ts = batch.stream[rows], batch.ts[rows]
    is_first = np.append(True, (stream[1:] != stream[:-1]) | (ts[1:] != ts[:-1]))
    rows, stream, ts = rows[is_first], stream[is_first], ts[is_first]
    value, where = batch.value[rows], at[rows]
    is_out = (value < known.low[where]) | (value > known.high[where])
    columns = {
        "stream": stream,
        "device": known.device[where],
        "ts": ts,
        "value": value,
        "quality": np.where(is_out, OUT_OF_RANGE, GOOD),
        "newest": np.append(stream[1:] != stream[:-1], True),
    }
    sql.stage(binary_rows(columns))
    return sql.store()


def _store_text(batch: Batch, known: Streams, at: Ints, rows: Ints) -> int:
    once: dict[tuple[int, int], sql.TextRow] = {}
    for row in rows.tolist():
        stream, us = int(batch.stream[row]), int(batch.ts[row])
        once.setdefault((stream, us), (stream, int(known.device[at[row]]), moment_of(us), batch.text[row]))
    return sql.store_text([once[key] for key in sorted(once)])


def _heard(device: Ints, us: Ints) -> tuple[list[int], list[int]]:
    """Each device once, ascending, with the newest of its moments."""
    order = np.argsort(device, kind="stable")
    device, us = device[order], us[order]
    starts = np.flatnonzero(np.append(True, device[1:] != device[:-1]))
    return device[starts].tolist(), np.maximum.reduceat(us, starts).tolist()


def _bury(batch: Batch, rejected: Mapping[int, str], source: str, speakers: Speakers | None, now: dt.datetime) -> None:
    letters = [
        letter(source, reason, batch.said(row), int(speakers.device[row]) if speakers else None, now)
        for row, reason in rejected.items()
    ]
    DeadLetter.objects.bulk_create(letters)
