"""Readings into the tables against what PostgreSQL needs at least, and against Django; a month's curve."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable
from functools import partial
from io import BytesIO

import numpy as np
from django.db import connection

from bench.limit import Limit
from bench.registry import Bench, Row, add
from bench.sensors import Sensors, cpu_of, sensors
from devices import services, sql
from devices.models import Reading
from devices.telemetry.batch import batch_of
from kernel import clock

_DEVICES, _BATCH, _ROUNDS, _CREATED = 500, 5_000, 12, 500
_STEP_MS = 60_000
_STREAMS, _CURVES, _CURVE_DAYS = 30, 10, 30
_CURVE_STEPS_S = {60: (0.25, "the stated figure"), 300: (0.6, "told beside it")}
"""Readings a minute, or five minutes, apart → what the curve from hours may cost of that from readings. The figure is
stated for a month whose readings lie in some 8,700 blocks, which is one a minute; both hand out 720 points, and where
an hour has twelve readings that is most of it."""

_ROW = np.dtype(
    [("n", ">i2")]
    + [part for name, kind, size in (("ts", ">i8", 8), ("value", ">f8", 8), ("stream", ">i4", 4), ("quality", ">i2", 2))
       for part in ((f"{name}_size", ">i4"), (name, kind))]
)  # fmt: skip
_EPOCH_MS = 946_684_800_000
"""2000-01-01T00:00Z in milliseconds since 1970: from where PostgreSQL counts."""

Columns = tuple[list[int], list[int], list[float]]


def run() -> list[Row]:
    """Each side writes moments of its own of the same streams."""
    limit = Limit()
    services.rollups_refresh()  # hours that others left behind are nobody's here
    with sensors(_DEVICES) as ground:
        now = round(clock.now().timestamp() * 1000)
        sides = {name: now - 86_400_000 * days for name, days in (("ingest", 2), ("copy", 4), ("bulk", 6), ("one", 8))}
        parts = {name: [_batch(ground, at, number) for number in range(_ROUNDS)] for name, at in sides.items()}
        ingested = [_per_thousand(partial(_ingest, one), limit, _BATCH) for one in parts["ingest"]]
        counted = _per_thousand(services.rollups_refresh, limit, _BATCH * _ROUNDS)
        copied = [_per_thousand(partial(_copy, one), limit, _BATCH) for one in parts["copy"]]
        bulk = _per_thousand(partial(_bulk, parts["bulk"][0]), limit, _BATCH)
        created = _per_thousand(partial(_create, parts["one"][0]), limit, _CREATED)
        curves = [_curve(ground, limit, step) for step in _CURVE_STEPS_S]
    product = statistics.median(ingested) + counted
    what = "1,000 readings in batches of 5,000, with latest, alarms and rollups"
    note = f"{1e6 / product:,.0f} a CPU-second; rollups {counted:.2f} ms of it"
    return [
        Row(f"{what}; COPY into the same table", product, statistics.median(copied), 3.0, note=note),
        Row("with all of it; bulk_create(ignore_conflicts) of readings alone", product, bulk, 1 / 3),
        Row("with all of it; Model.objects.create of readings alone", product, created, 1 / 30),
        *curves,
    ]


def _per_thousand(run: Callable[[], object], limit: Limit, rows: int) -> float:
    return cpu_of(run, limit) * 1000 / rows


def _batch(ground: Sensors, start_ms: int, number: int) -> Columns:
    """The next readings of streams that speak every minute, one after the other."""
    at = np.arange(number * _BATCH, (number + 1) * _BATCH)
    streams = np.array(ground.streams)[at % len(ground.streams)]
    moments = start_ms + at // len(ground.streams) * _STEP_MS + at % len(ground.streams)
    return streams.tolist(), moments.tolist(), (5 + at % 7 * 0.5).tolist()


def _ingest(columns: Columns) -> None:
    services.ingest(batch_of(*columns), source="file")


def _copy(columns: Columns) -> None:
    rows = np.zeros(len(columns[0]), _ROW)
    rows["n"] = 4
    rows["stream"], rows["value"] = columns[0], columns[2]
    rows["ts"] = (np.array(columns[1]) - _EPOCH_MS) * 1000
    for name in ("ts", "value", "stream", "quality"):
        rows[f"{name}_size"] = rows[name].dtype.itemsize
    body = b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY devices_reading (ts, value, stream_id, quality) FROM STDIN BINARY", BytesIO(body))


def _rows(columns: Columns) -> list[Reading]:
    return [
        Reading(stream_id=stream, ts=dt.datetime.fromtimestamp(ms / 1000, dt.UTC), value=value, quality=0)
        for stream, ms, value in zip(*columns, strict=True)
    ]


def _bulk(columns: Columns) -> None:
    Reading.objects.bulk_create(_rows(columns), ignore_conflicts=True)


def _create(columns: Columns) -> None:
    for row in _rows(columns)[:_CREATED]:
        Reading.objects.create(stream_id=row.stream_id, ts=row.ts, value=row.value, quality=0)


_MONTH = """
INSERT INTO devices_reading (ts, value, stream_id, quality)
SELECT %(since)s + n * %(step)s * interval '1 second', 20 + n %% 7, stream, 0
FROM generate_series(1, %(count)s) n, unnest(%(streams)s::int[]) stream"""

_RAW = """
SELECT date_bin('1 hour', ts, 'epoch'), min(value), max(value), avg(value), 0, '', count(*) FROM devices_reading
WHERE stream_id = %s AND ts >= %s AND ts < %s AND quality = 0 GROUP BY 1 ORDER BY 1"""

_FOUND = "SELECT count(*), min(low) FROM devices_rolluphour WHERE stream_id = %s AND start >= %s AND start <= %s"

_MARKS = """
INSERT INTO devices_dirty
SELECT stream, date_bin('1 hour', at, 'epoch') FROM unnest(%s::int[]) stream, unnest(%s::timestamptz[]) at"""


def _curve(ground: Sensors, limit: Limit, step: int) -> Row:
    """A month's curve from hours, and from readings every ``step`` seconds; 30 streams lie among each other."""
    streams = ground.streams[:_STREAMS]
    asked = streams[:_CURVES]
    end = clock.now() - dt.timedelta(days=1)
    since = end - dt.timedelta(days=_CURVE_DAYS)
    count = _CURVE_DAYS * 86_400 // step
    sql.forget(streams)
    with connection.cursor() as cursor:
        cursor.execute(_MONTH, {"since": since, "step": step, "count": count, "streams": streams})
        hours = [since + dt.timedelta(hours=n) for n in range(_CURVE_DAYS * 24 + 1)]
        cursor.execute(_MARKS, [asked, hours])
        services.rollups_refresh()
        cursor.execute("ANALYZE devices_reading")

        def from_readings() -> None:
            for one in asked:
                cursor.execute(_RAW, [one, since, end])
                cursor.fetchall()

        def from_hours() -> None:
            for one in asked:
                sql.spans(one, since, end, daily=False)

        def found() -> None:
            for one in asked:
                cursor.execute(_FOUND, [one, since, end])
                cursor.fetchall()

        rounds = [[cpu_of(side, limit) / _CURVES for side in (from_hours, from_readings, found)] for _ in range(7)]
    hourly, raw, bare = map(statistics.median, zip(*rounds, strict=True))
    allowed, said = _CURVE_STEPS_S[step]
    note = f"{said}; {hourly - bare:.2f} ms of either are the 720 points on their way"
    return Row(f"a curve of 30 days from hours; from {count:,} readings", hourly, raw, allowed, note=note)


add(Bench("telemetry", "Readings into the tables", "PostgreSQL's COPY, and Django's ways to write", run))
