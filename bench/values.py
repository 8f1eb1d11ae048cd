"""Values of devices: what a map of a thousand among 50,000 costs, and a thousand streams that hear them change."""

import asyncio
import itertools
import json
import os
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.gis.geos import Point
from django.db import connection, transaction

from bench.limit import Limit
from bench.registry import Bench, Row, add
from bench.site import Site, running
from devices import services, sql
from devices.models import Datastream, Device, DeviceType
from devices.selectors import newest_in
from devices.sql import readings
from devices.telemetry.batch import batch_of
from kernel import clock
from kernel.geo import Bbox
from kernel.viewer import Viewer
from places.models import County

_DEVICES, _SHARE, _ROUNDS, _TIMES = 50_000, 0.02, 3, 10
_BLOCKS_MOST = 2_000
_STREAMS, _SPOKEN, _TURNS, _AWAY = 1_000, 10, 12, 200
_KIB_MOST = 60
_WRITERS, _FLUSHES, _FLUSH, _PAIRS = 8, 3, 5_000, 6
_KEPT_LEAST = 0.9
_AREA: Bbox = (10.0, 10.0, 11.0, 11.0)
"""Where nothing else is."""

_MANY = """
INSERT INTO devices_device (county_id, type_id, code, name, name_en, search_text, address, is_published, status, alarm,
    crs_source, geom, version)
SELECT %(county)s, %(kind)s, 'bench' || n, '', '', '', '', true, 'online', 0, 'EPSG:4326',
    ST_SetSRID(ST_MakePoint(10 + random(), 10 + random()), 4326), 1 FROM generate_series(1, %(n)s) n;
INSERT INTO devices_datastream (id, device_id, key, title, title_en, observed_property, unit, is_text)
SELECT nextval('devices_stream_0'), id, 'x', '', '', 'x', 'm', false FROM devices_device WHERE code LIKE 'bench%%'
ORDER BY id;
INSERT INTO devices_latest (stream_id, device_id, ts, value, text, quality)
SELECT id, device_id, now(), 1, '', 0 FROM devices_datastream WHERE key = 'x';
ANALYZE devices_device, devices_datastream, devices_latest"""

_BARE = """
SELECT json_agg(json_build_object('id', d.id, 'ts', l.ts, 'value', l.value)) FROM devices_device d
JOIN devices_datastream s ON s.device_id = d.id JOIN devices_latest l ON l.stream_id = s.id
WHERE d.is_published AND d.county_id = %s AND d.geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"""


def run() -> list[Row]:
    """The viewport in a transaction that is undone; the streams with devices that are removed again."""
    county = County.objects.filter(is_demo=True).earliest("code").pk
    with transaction.atomic():
        try:
            viewport = _viewport(county)
        finally:
            transaction.set_rollback(True)
    with _speaking(county) as streams:
        kept = _kept(streams)  # first, for what comes in must be newer than what was there
        return [viewport, _heard(streams), kept]


def _viewport(county: str) -> Row:
    with connection.cursor() as cursor:
        cursor.execute(_MANY, {"county": county, "n": _DEVICES, "kind": DeviceType.objects.earliest("order").pk})
    west, south, east, _north = _AREA
    side = (east - west) * _SHARE**0.5
    box = (west, south, west + side, south + side)
    viewer, limit = Viewer(county=county), Limit()

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BARE, [county, *box])
            cursor.fetchone()

    found = len(newest_in(viewer, box).texts)
    product, at_least = _cpu_ms([lambda: newest_in(viewer, box), bare], limit.cpu_s)
    blocks = _blocks(viewer, box)
    if blocks > _BLOCKS_MOST:
        raise RuntimeError(f"the viewport touches {blocks} blocks, {_BLOCKS_MOST} are allowed")
    return Row(f"{found} of 50,000 devices in view", product, at_least, 2.5, 0.0, f"{blocks} blocks")


def _cpu_ms(sides: list[Callable[[], object]], cluster_s: Callable[[], float]) -> list[float]:
    """CPU of this process and the cluster per run; the sides in turn, after one round to warm up."""
    rounds: list[list[float]] = [[] for _ in sides]
    for number in range(_ROUNDS + 1):
        for side, kept in zip(sides, rounds, strict=True):
            before = time.process_time() + cluster_s()
            for _ in range(_TIMES):
                side()
            if number:
                kept.append((time.process_time() + cluster_s() - before) * 1000 / _TIMES)
    return [statistics.median(kept) for kept in rounds]


def _blocks(viewer: Viewer, box: Bbox) -> int:
    """Blocks of all statements of one answer."""
    connection.force_debug_cursor = True
    start = len(connection.queries_log)
    newest_in(viewer, box)
    asked = [query["sql"] for query in itertools.islice(connection.queries_log, start, None)]
    connection.force_debug_cursor = False
    touched = 0
    with connection.cursor() as cursor:
        for statement in asked:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
            plan = cursor.fetchone()[0][0]["Plan"]
            touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return touched


@contextmanager
def _speaking(county: str) -> Iterator[list[int]]:
    """Streams of devices of their own, side by side; removed afterwards with all they said."""
    kind = DeviceType.objects.earliest("order")
    made = []
    for number in range(_SPOKEN):
        fields = {"county_id": county, "type": kind, "geom": Point(10.1, 10.1, srid=4326), "name": "bench"}
        device = Device.objects.create(code=f"bench{number}", **fields)
        named = {"key": "x", "title": "x", "observed_property": "x", "unit": "m"}
        made.append(Datastream.objects.create(id=sql.stream_numbers(0, 1)[0], device=device, **named))
    try:
        yield [stream.pk for stream in made]
    finally:
        sql.forget([stream.pk for stream in made])
        Device.objects.filter(pk__in=[stream.device_id for stream in made]).delete()


def _say(streams: list[int], value: float, since_ms: int = 0, each: int = 1) -> None:
    now = int(clock.now().timestamp() * 1000) - since_ms
    rows = [(stream, now - n, value) for stream in streams for n in range(each)]
    services.ingest(batch_of(*(list(column) for column in zip(*rows, strict=True))), source="file")


@dataclass
class _Client:
    """One stream, read line by line: what it knows, and the id it would come back with."""

    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    known: str = ""
    values: dict[int, float] = field(default_factory=dict)
    events: int = 0

    async def open(self, port: int) -> None:
        """Connect, and go on from what is known."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        bbox = ",".join(map(str, _AREA))
        head = f"GET /live/?layers=villages&feed=devices&bbox={bbox} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        again = f"Last-Event-ID: {self.known}\r\n" if self.known else ""
        self.writer.write(f"{head}{again}\r\n".encode())
        if b" 200 " not in await self.reader.readline():
            raise RuntimeError("a stream was refused")

    async def read(self) -> None:
        """Take what comes until the connection ends."""
        is_values = False
        while self.reader and (line := (await self.reader.readline()).decode().strip()):
            if line.startswith("id: "):
                self.known = line[4:]
            elif line.startswith("event: "):
                is_values = line == "event: values"
            elif line.startswith("data: ") and is_values:
                self.events += 1
                self.values |= {one["id"]: one["value"] for one in json.loads(line[6:])}


async def _follow(client: _Client) -> None:
    while client.reader and not client.reader.at_eof():
        await client.read()


async def _audience(site: Site, streams: list[int]) -> tuple[float, int, float, int]:
    """CPU seconds of the server for the events, how many there were, KiB a client, and who knows less than all."""
    clients = [_Client() for _ in range(_STREAMS)]
    before = _rss_kib(site.pid)
    readers = []
    for client in clients:
        await client.open(site.port)
        readers.append(asyncio.create_task(_follow(client)))
    await asyncio.sleep(2)
    each_kib = (_rss_kib(site.pid) - before) / _STREAMS
    start, begun = site.cpu_s(), sum(client.events for client in clients)
    away = clients[:_AWAY]
    for number in range(1, _TURNS + 1):
        if number == _TURNS // 2:
            for client, reader in zip(away, readers, strict=False):
                reader.cancel()
                if client.writer:
                    client.writer.close()
        await asyncio.to_thread(_say, streams, float(number))
        await asyncio.sleep(1.5)
    used, heard = site.cpu_s() - start, sum(client.events for client in clients) - begun
    for client in away:
        client.values.clear()
        await client.open(site.port)
        readers.append(asyncio.create_task(_follow(client)))
    await asyncio.sleep(2)
    for reader in readers:
        reader.cancel()
    less = sum(set(client.values.values()) != {float(_TURNS)} for client in clients)
    return used, heard, each_kib, less


def _rss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def _heard(streams: list[int]) -> Row:
    os.environ |= {"LIVE_STREAMS": "2000", "LIVE_STREAMS_PER_ADDRESS": "2000"}
    _say(streams, 0.0, 60_000)
    with running() as site:
        used, heard, each_kib, less = asyncio.run(_audience(site, streams))
    if less or each_kib > _KIB_MOST:
        raise RuntimeError(f"{less} of {_STREAMS} streams know less than the newest, {each_kib:.0f} KiB each")
    note = f"{heard} events, all know the newest, {_AWAY} came back and missed 0, {each_kib:.0f} KiB a stream"
    return Row("an event of 10 values to each of 1,000 streams", used * 1000 / heard, _bare_ms(), 60.0, 0.0, note)


def _bare_ms() -> float:
    """CPU to hand an event of that length to the kernel and take it out again."""
    one, other = socket.socketpair()
    text, times = b"x" * 1100, 2_000
    before = time.process_time()
    for _ in range(times):
        one.send(text)
        other.recv(2048)
    return (time.process_time() - before) * 1000 / times


def _kept(streams: list[int]) -> Row:
    """Flushes of eight writers, with their notification and without it."""
    count, notify = itertools.count(1), readings.notify
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * _PAIRS):
        is_told = number % 4 in (1, 2)  # as the table grows neither side is always the later one
        readings.notify = notify if is_told else lambda: None
        try:
            took[is_told].append(_flushes(streams, count))
        finally:
            readings.notify = notify
    told, silent = (statistics.median(took[which]) for which in (True, False))
    share = silent / told
    return Row(
        f"a flush of {_FLUSH} readings at 8 writers",
        told,
        silent,
        1 / _KEPT_LEAST,
        0.0,
        f"{share:.0%} of commits kept, by the clock",
    )


def _flushes(streams: list[int], count: Iterator[int]) -> float:
    """Milliseconds a flush, all writers together."""
    flushes = 2 * _PAIRS * _WRITERS * _FLUSHES + 2
    jobs = [[next(count) for _ in range(_FLUSHES)] for _ in range(_WRITERS)]

    def write(number: int, job: list[int]) -> None:
        try:
            for one in job:
                _say(streams[number : number + 1], float(one), (flushes - one) * 60_000, _FLUSH)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number, job)) for number, job in enumerate(jobs)]
    start = time.monotonic()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return (time.monotonic() - start) * 1000 / (_WRITERS * _FLUSHES)


add(Bench("values", "Live values of devices", "bare statements, sockets and commits", run))
