"""SQL of the newest readings: of some streams, or all that were written since something was seen."""

from __future__ import annotations

from typing import Any

from django.db import connection

_NEWEST = """
SELECT s.seen, l.stream_id, l.device_id, to_char(l.ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    l.value, l.text, l.quality
FROM (SELECT pg_current_snapshot()::text AS seen) s LEFT JOIN ({latest}) l ON TRUE"""

_WRITTEN = "l.xid >= pg_snapshot_xmin(%(since)s) AND NOT pg_visible_in_snapshot(l.xid, %(since)s)"

# With "+ 0" the numbers are looked for among the rows of the runs, and not one by one in the index.
_IN_RUNS = """
SELECT l.* FROM unnest(%(lows)s::int[], %(highs)s::int[]) AS run (low, high)
JOIN devices_latest l ON l.stream_id BETWEEN run.low AND run.high WHERE l.stream_id + 0 = ANY(%(streams)s)"""

NewestRow = tuple[int, int, str, float | None, str, int]
"""Stream, device, moment in ISO 8601, value, word, quality."""


def seen() -> str:
    """Which transactions can be seen now (PostgreSQL, ``pg_snapshot``)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def newest_of(streams: list[int], runs: list[tuple[int, int]], since: str) -> tuple[str, list[NewestRow]]:
    """What is seen now, and the newest readings of ``streams``; where ``since`` was seen, those written since.

    Args:
        streams: numbers.
        runs: first and last number of the stretches that hold them all; they are read from end to end.
        since: from ``seen``, or "".
    """
    params = {"streams": streams, "lows": [low for low, _high in runs], "highs": [high for _low, high in runs]}
    latest = f"{_IN_RUNS} AND {_WRITTEN}" if since else _IN_RUNS
    return _newest(latest, {**params, "since": since})


def newest_since(since: str) -> tuple[str, list[NewestRow]]:
    """What is seen now, and the newest readings of all streams that were written since ``since`` was seen."""
    return _newest(f"SELECT * FROM devices_latest l WHERE {_WRITTEN}", {"since": since})


def _newest(latest: str, params: dict[str, Any]) -> tuple[str, list[NewestRow]]:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST.format(latest=latest), params)
        rows = cursor.fetchall()
    return str(rows[0][0]), [row[1:] for row in rows if row[1] is not None]


def positions(devices: list[int]) -> dict[int, tuple[float, float]]:
    """Longitude and latitude of devices, by key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ST_X(geom), ST_Y(geom) FROM devices_device WHERE id = ANY(%s)", [devices])
        return {key: (lon, lat) for key, lon, lat in cursor.fetchall()}
