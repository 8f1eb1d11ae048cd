"""SQL of the app: readings into their tables, numbers of hours and days, partitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from devices.sql.readings import ROUSED

_HISTORY = (
    """
INSERT INTO devices_reading (ts, value, stream_id, quality) SELECT ts, value, stream_id, quality FROM devices_stage""",
    """
INSERT INTO devices_rolluphour (stream_id, start, n, low, high, mean, last)
SELECT stream_id, date_bin('1 hour', ts, 'epoch'), count(*), min(value), max(value), avg(value),
    (array_agg(value ORDER BY ts DESC))[1]
FROM devices_stage WHERE quality = 0 GROUP BY 1, 2""",
    """
INSERT INTO devices_rollupday (stream_id, start, n, low, high, mean, last)
SELECT stream_id, date_trunc('day', ts, 'Asia/Shanghai'), count(*), min(value), max(value), avg(value),
    (array_agg(value ORDER BY ts DESC))[1]
FROM devices_stage WHERE quality = 0 GROUP BY 1, 2""",
)


def store_history() -> None:
    """Store what is on the stage for streams that have nothing yet, with its hours and days; nobody is told."""
    with connection.cursor() as cursor:
        for statement in _HISTORY:
            cursor.execute(statement)


def forget(streams: list[int]) -> None:
    """Remove all that streams have measured."""
    with connection.cursor() as cursor:
        for table in ("reading", "textreading", "dirty", "rolluphour", "rollupday", "latest"):
            cursor.execute(f"DELETE FROM devices_{table} WHERE stream_id = ANY(%s)", [streams])


_LEFT = """
UPDATE devices_seen s SET left_at = gone.at
FROM unnest(%(devices)s::bigint[], %(moments)s::timestamptz[]) AS gone (id, at)
WHERE s.device_id = gone.id AND (s.left_at IS NULL OR s.left_at < gone.at)"""

_OFF = """
UPDATE devices_device d SET status = 'offline', since = gone.at
FROM unnest(%(devices)s::bigint[], %(moments)s::timestamptz[]) AS gone (id, at)
WHERE d.id = gone.id AND d.status <> 'offline'
AND NOT EXISTS (SELECT FROM devices_seen s WHERE s.device_id = d.id AND s.at > gone.at)"""


def leave(devices: list[int], moments: list[dt.datetime]) -> None:
    """Note that devices are gone since ``moments``; those that wrote a later time are not. Cost: two statements.

    Args:
        devices: keys, ascending.
        moments: of each.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"devices": devices, "moments": moments})
        cursor.execute(_OFF, {"devices": devices, "moments": moments})


_TAKE = """
DROP TABLE IF EXISTS devices_due;
CREATE TEMPORARY TABLE devices_due ON COMMIT DROP AS
WITH due AS (
    SELECT DISTINCT stream_id, hour FROM (SELECT stream_id, hour FROM devices_dirty LIMIT %s) marks
), taken AS (
    DELETE FROM devices_dirty d USING due WHERE d.stream_id = due.stream_id AND d.hour = due.hour
) SELECT stream_id, hour FROM due"""
"""With all other marks of the same hours, so that none is counted a second time for them."""

_HOURS = """
INSERT INTO devices_rolluphour AS r (stream_id, start, n, low, high, mean, last)
SELECT d.stream_id, d.hour, c.* FROM devices_due d CROSS JOIN LATERAL (
    SELECT count(*), min(value), max(value), avg(value), (array_agg(value))[count(*)] FROM (
        SELECT value FROM devices_reading
        WHERE stream_id = d.stream_id AND ts >= d.hour AND ts < d.hour + interval '1 hour' AND quality = 0 ORDER BY ts
    ) sorted
) c WHERE c.count > 0
ON CONFLICT (stream_id, start) DO UPDATE
SET n = excluded.n, low = excluded.low, high = excluded.high, mean = excluded.mean, last = excluded.last"""

_DAYS = """
INSERT INTO devices_rollupday AS r (stream_id, start, n, low, high, mean, last)
SELECT d.stream_id, d.day, c.* FROM (
    SELECT DISTINCT stream_id, date_trunc('day', hour, 'Asia/Shanghai') AS day FROM devices_due
) d CROSS JOIN LATERAL (
    SELECT sum(n), min(low), max(high), sum(mean * n) / sum(n), (array_agg(last ORDER BY start DESC))[1]
    FROM devices_rolluphour WHERE stream_id = d.stream_id AND start >= d.day AND start < d.day + interval '1 day'
) c WHERE c.sum > 0
ON CONFLICT (stream_id, start) DO UPDATE
SET n = excluded.n, low = excluded.low, high = excluded.high, mean = excluded.mean, last = excluded.last"""

ROLLUP_LOCK = 0x726F6C6C7570  # "rollup" in ASCII: two at once would count the same hours twice


def count_anew(most: int) -> int:
    """Count the hours of ``most`` marks anew, and their days, in this transaction; how many hours it were.

    0 also when somebody else is at it. The marks are taken in one statement and the readings read in a later one, so
    whatever marks an hour meanwhile is either seen or leaves its mark.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROLLUP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TAKE, [most])
        found = int(cursor.rowcount)
        if found:
            cursor.execute(_HOURS)
            cursor.execute(_DAYS)
        return found


_WEEKS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE p.relname ~ '^devices_(text)?reading_[0-9]$' AND c.relname ~ '_[0-9]{4}w[0-9]{2}$' ORDER BY c.relname"""


def weeks() -> list[str]:
    """The names of all partitions that hold one week."""
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS)
        return [name for (name,) in cursor.fetchall()]


def week_make(family: str, kept: int, week: str, since: dt.datetime, until: dt.datetime) -> bool:
    """Make the partition of a week, with what the default partition has of it; whether it was not there.

    Made beside its parent and then attached, which waits for nobody who reads or writes other weeks.
    """
    parent, name = f"{family}_{kept}", f"{family}_{kept}_{week}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0]:
            return False
        cursor.execute(f"CREATE TABLE {name} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        cursor.execute(f"LOCK TABLE {parent}_rest IN ACCESS EXCLUSIVE MODE")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {parent}_rest WHERE ts >= %s AND ts < %s RETURNING *) "
            f"INSERT INTO {name} SELECT * FROM moved",
            [since, until],
        )
        cursor.execute(f"ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)", [since, until])
    return True


def week_drop(name: str) -> None:
    """Drop a week that ``weeks`` named."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {name}")


def rest_clear(families: Sequence[str], kept: int, before: dt.datetime) -> None:
    """Remove what is older than ``before`` from the default partitions of a class."""
    with connection.cursor() as cursor:
        for family in families:
            cursor.execute(f"DELETE FROM {family}_{kept}_rest WHERE ts < %s", [before])


def old_clear(hours_before: dt.datetime, letters_before: dt.datetime) -> None:
    """Remove numbers of hours, and dead letters, that are older."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM devices_rolluphour WHERE start < %s", [hours_before])
        cursor.execute("DELETE FROM devices_deadletter WHERE at < %s", [letters_before])


def stream_numbers(kept: int, count: int = 1) -> list[int]:
    """The next numbers of streams of the retention class ``kept``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"devices_stream_{kept}", count])
        return [number for (number,) in cursor.fetchall()]


def intake() -> int:
    """How many readings PostgreSQL has counted since its statistics began; a second behind, for rates."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins), 0) FROM pg_stat_user_tables"
            " WHERE relname ~ '^devices_(text)?reading_[0-9]_'"
        )
        return int(cursor.fetchone()[0])


def stored() -> tuple[int, int]:
    """Good readings of the days that were counted, and bytes of all partitions with their indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(sum(n), 0) FROM devices_rollupday), coalesce(sum(pg_total_relation_size(oid)), 0)"
            " FROM pg_class WHERE relkind = 'r' AND relname ~ '^devices_(text)?reading_[0-9]_'"
        )
        rows, size = cursor.fetchone()
        return int(rows), int(size)


def waiting() -> tuple[int, dt.datetime | None]:
    """How many hours wait to be counted anew, and the oldest of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(hour) FROM devices_dirty")
        number, oldest = cursor.fetchone()
        return int(number), oldest


def readings_since(since: dt.datetime) -> int:
    """How many readings the numbers of hours since then are made of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(n), 0) FROM devices_rolluphour WHERE start >= %s", [since])
        return int(cursor.fetchone()[0])


Point = tuple[dt.datetime, float, float, float, int, str, int]
"""Moment, low, high, mean, quality, word, how many readings."""

_SINGLES = """
SELECT ts, value, value, value, quality, '', 1 FROM devices_reading
WHERE stream_id = %(stream)s AND ts >= %(since)s AND ts <= %(until)s ORDER BY ts LIMIT %(most)s + 1"""

_BINNED = """
SELECT date_bin(%(step)s * interval '1 second', ts, %(since)s), min(value), max(value), avg(value), 0, '', count(*)
FROM devices_reading WHERE stream_id = %(stream)s AND ts >= %(since)s AND ts <= %(until)s AND quality = 0
GROUP BY 1 ORDER BY 1"""


def singles(stream: int, since: dt.datetime, until: dt.datetime, most: int) -> tuple[list[Point], int]:
    """The readings of a span, or the spans they fall into where they are more than ``most``; seconds of these, or 0."""
    step = -(-(until - since).total_seconds() // (most // 2))
    values: dict[str, Any] = {"stream": stream, "since": since, "until": until, "most": most, "step": step}
    with connection.cursor() as cursor:
        cursor.execute(_SINGLES, values)
        rows = cursor.fetchall()
        if len(rows) <= most:
            return rows, 0
        cursor.execute(_BINNED, values)
        return cursor.fetchall(), int(step)


def spans(stream: int, since: dt.datetime, until: dt.datetime, *, daily: bool) -> list[Point]:
    """The counted numbers of the hours or days of a span."""
    table = "devices_rollupday" if daily else "devices_rolluphour"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT start, low, high, mean, 0, '', n FROM {table}"
            " WHERE stream_id = %s AND start >= %s AND start <= %s ORDER BY start",
            [stream, since, until],
        )
        return list(cursor.fetchall())


def words(stream: int, since: dt.datetime, until: dt.datetime, most: int) -> list[Point]:
    """The newest ``most`` words of a span, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts, 0, 0, 0, 0, text, 1 FROM devices_textreading"
            " WHERE stream_id = %s AND ts >= %s AND ts <= %s ORDER BY ts DESC LIMIT %s",
            [stream, since, until, most],
        )
        return list(cursor.fetchall())[::-1]


def is_dirty() -> bool:
    """Whether any hour waits to be counted anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM devices_dirty)")
        return bool(cursor.fetchone()[0])


_SILENT = """
UPDATE devices_device d SET status = 'offline', since = %(now)s FROM devices_devicetype t, devices_seen s
WHERE t.key = d.type_id AND s.device_id = d.id AND d.status = 'online' AND t.heartbeat_s > 0
AND s.at < %(before)s - t.heartbeat_s * interval '1 second'"""


def silence(now: dt.datetime, grace: dt.timedelta) -> int:
    """Set devices offline that were silent for longer than their heartbeat and ``grace``; how many.

    A reading may come in while this is decided; so whoever is offline and was heard meanwhile is online again.
    """
    with connection.cursor() as cursor:
        cursor.execute(ROUSED.format(which="TRUE"), {"now": now})
        cursor.execute(_SILENT, {"now": now, "before": now - grace})
        return int(cursor.rowcount)


def data_directory() -> str:
    """Where PostgreSQL keeps its files, on its own machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
        row = cursor.fetchone()
        return str(row[0]) if row else ""


def patience(seconds: float) -> None:
    """Have PostgreSQL give up every statement of this transaction that takes longer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, TRUE)", [f"{round(seconds * 1000)}ms"])
