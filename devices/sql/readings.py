"""SQL of what comes in: readings, the latest, signs of life.

Numbers go in as literals of arrays: each is one constant for PostgreSQL's parser, and not one a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg2.extras import execute_values

from devices.telemetry.batch import Floats, Ints
from devices.telemetry.copying import binary_rows, latest_rows

CHANNEL = "devices_readings"
"""Of NOTIFY, once per batch, with an empty payload."""

Columns = Mapping[str, NDArray[Any]]


def array(numbers: Sequence[float]) -> str:
    """The literal of an array."""
    return f"{{{str(list(numbers))[1:-1]}}}"


_LATEST = """
SELECT string_agg(int4send(stream_id) || timestamptz_send(ts)
    || float8send(CASE WHEN quality = 0 AND value IS NOT NULL THEN value ELSE 'NaN' END), '')
FROM devices_latest WHERE stream_id = ANY(%s::int[])"""


def latest(streams: Ints) -> tuple[Ints, Ints, Floats]:
    """The latest readings there are of ``streams``: stream, microseconds since 1970, number (NaN: no good one)."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [array(streams.tolist())])
        return latest_rows(bytes(cursor.fetchone()[0] or b""))


def add(columns: Columns) -> None:
    """Store readings that are not there. Cost: one statement.

    Args:
        columns: ``stream_id``, ``ts``, ``value``, ``quality``; sorted by the first two.

    Raises:
        IntegrityError: one of them is there.
    """
    _copy("devices_reading", columns)


def mark(columns: Columns) -> None:
    """Mark hours as to be counted anew: ``stream_id``, ``hour``. Cost: one statement."""
    _copy("devices_dirty", columns)


def _copy(table: str, columns: Columns) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors:  # Django does not for copy_expert
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN BINARY", BytesIO(binary_rows(columns)))


_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS devices_stage (
    stream_id integer, ts timestamptz, value double precision, quality smallint
) ON COMMIT DELETE ROWS;
DELETE FROM devices_stage"""
"""Emptied at the start as well: two batches may share a transaction."""

_STORE = """
WITH fresh AS (
    INSERT INTO devices_reading (ts, value, stream_id, quality) SELECT ts, value, stream_id, quality FROM devices_stage
    ON CONFLICT DO NOTHING RETURNING stream_id, ts
), dirty AS (
    INSERT INTO devices_dirty (stream_id, hour) SELECT DISTINCT stream_id, date_bin('1 hour', ts, 'epoch') FROM fresh
) SELECT count(*) FROM fresh"""


def stage(columns: Columns) -> None:
    """Put readings onto the stage of this transaction; columns as for ``add``. Cost: two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
    _copy("devices_stage", columns)


def add_missing(columns: Columns) -> int:
    """Store those readings that are not there, and mark their hours; how many. Cost: three statements."""
    stage(columns)
    with connection.cursor() as cursor:
        cursor.execute(_STORE)
        return int(cursor.fetchone()[0])


_SAID = "unnest(%(stream_id)s::int[], %(ts)s::float8[], %(value)s::float8[], %(quality)s::int2[]"

_RAISE = f"""
UPDATE devices_latest l SET ts = to_timestamp(said.us / 1e6::float8), value = said.value, quality = said.quality,
    xid = pg_current_xact_id()
FROM {_SAID}) AS said (stream_id, us, value, quality) WHERE l.stream_id = said.stream_id"""

_FIRST = f"""
INSERT INTO devices_latest AS l (stream_id, device_id, ts, value, text, quality)
SELECT stream_id, device_id, to_timestamp(us / 1e6::float8), value, '', quality
FROM {_SAID}, %(device_id)s::bigint[]) AS said (stream_id, us, value, quality, device_id)
ON CONFLICT (stream_id) DO UPDATE
SET ts = excluded.ts, value = excluded.value, quality = excluded.quality, xid = excluded.xid"""


def latest_raise(columns: Columns, *, is_first: NDArray[np.bool_]) -> None:
    """Write the latest readings of streams whose devices ``see`` holds. Cost: one statement, or two.

    Args:
        columns: ``stream_id``, ``device_id``, ``ts`` (microseconds since 1970), ``value``, ``quality``; a row a stream.
        is_first: which have no latest reading yet.
    """
    for statement, rows in ((_RAISE, ~is_first), (_FIRST, is_first)):
        if rows.any():
            with connection.cursor() as cursor:
                cursor.execute(statement, {name: array(column[rows].tolist()) for name, column in columns.items()})


_STORE_TEXT = """
WITH sent (stream_id, device_id, ts, text) AS (VALUES %s), fresh AS (
    INSERT INTO devices_textreading (ts, stream_id, text) SELECT ts, stream_id, text FROM sent ORDER BY stream_id, ts
    ON CONFLICT DO NOTHING RETURNING 1
), newest AS (
    INSERT INTO devices_latest AS l (stream_id, device_id, ts, value, text, quality)
    SELECT DISTINCT ON (stream_id) stream_id, device_id, ts, NULL::float8, text, 0 FROM sent ORDER BY stream_id, ts DESC
    ON CONFLICT (stream_id) DO UPDATE
    SET ts = excluded.ts, text = excluded.text, xid = excluded.xid WHERE l.ts < excluded.ts
) SELECT count(*) FROM fresh"""

TextRow = tuple[int, int, dt.datetime, str]


def store_text(rows: Sequence[TextRow]) -> int:
    """Store words: stream, device, moment, word; how many were new."""
    with connection.cursor() as cursor:
        each = "(%s::int, %s::bigint, %s::timestamptz, %s)"
        found = execute_values(cursor.cursor, _STORE_TEXT, rows, each, len(rows), fetch=True)
        return int(found[0][0])


_SEEN = """
INSERT INTO devices_seen AS s (device_id, at)
SELECT device_id, to_timestamp(us / 1e6::float8) FROM unnest(%s::bigint[], %s::float8[]) AS heard (device_id, us)
ON CONFLICT (device_id) DO UPDATE SET at = excluded.at WHERE s.at < excluded.at"""

ROUSED = """
WITH w AS MATERIALIZED (
    SELECT v.id, s.at FROM devices_device v JOIN devices_seen s ON s.device_id = v.id
    JOIN devices_devicetype t ON t.key = v.type_id
    WHERE v.status <> 'online' AND {which} AND s.at > %(now)s - t.heartbeat_s * interval '1 second'
    AND (s.left_at IS NULL OR s.at > s.left_at)
    ORDER BY v.id FOR UPDATE OF v
) UPDATE devices_device d SET status = 'online', since = w.at FROM w WHERE d.id = w.id"""
"""Materialised: where PostgreSQL takes a table that was just filled for empty, it would be found anew for each row."""

_ROUSED = ROUSED.format(which="v.id = ANY(%(devices)s::bigint[])")


def see(devices: Sequence[int], moments: Sequence[int]) -> None:
    """Note when devices were heard, and hold them until the transaction ends. Cost: one statement.

    Rows of a later sign of life are held as well (PostgreSQL, INSERT, "ON CONFLICT DO UPDATE"): who writes readings of
    the same device waits here.

    Args:
        devices: keys, ascending.
        moments: of each, microseconds since 1970.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [array(devices), array(moments)])


def rouse(devices: Sequence[int], now: dt.datetime) -> None:
    """Note that those of ``devices`` speak again that were silent, and were heard within their heartbeat.

    Cost: one statement, none for no devices.
    """
    if devices:
        with connection.cursor() as cursor:
            cursor.execute(_ROUSED, {"devices": array(devices), "now": now})


def notify() -> None:
    """Say that there are new readings.

    In a transaction of its own, when they are committed: a transaction that notifies holds a lock of the whole server
    until it is on the disk (PostgreSQL, ``PreCommit_Notify``), so that commits would follow each other one by one. One
    that writes nothing has nothing to wait for. When the process dies in between, the next batch tells of both.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
