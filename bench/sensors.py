"""Devices for benches of the telemetry, in the demonstration county as long as one measures, and unpublished."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.gis.geos import Point

from bench.limit import Limit
from devices import services, sql
from devices.models import Datastream, Device, Retention
from kernel import clock
from places.models import County, Place

KIND, KEYS = "manhole", ("level", "tilt", "battery")
"""A kind whose default rules watch two of the three: alarms are on."""


@dataclass(frozen=True)
class Sensors:
    """The devices by code, and the numbers of their streams, device by device in the order of ``KEYS``."""

    county: str
    codes: list[str]
    streams: list[int]


@contextmanager
def sensors(count: int, kind: str = KIND) -> Iterator[Sensors]:
    """``count`` devices of three streams; they and what they measured are gone afterwards."""
    county = County.objects.filter(is_demo=True).earliest("code")
    where = Place.objects.filter(county=county, level="village").earliest("code")
    at = Point(where.center.x, where.center.y, srid=4326)
    services.partitions_make(clock.now() - dt.timedelta(days=31))
    services.rules_default(county.pk)
    devices = Device.objects.bulk_create(
        Device(county=county, type_id=kind, village=where, code=f"bench{n}", name="bench", is_published=False, geom=at)
        for n in range(count)
    )
    numbers = sql.stream_numbers(int(Retention.MONTHS), count * len(KEYS))
    pairs = [(device, key) for device in devices for key in KEYS]
    Datastream.objects.bulk_create(
        Datastream(id=number, device=device, key=key, title=key, observed_property=key, unit="cm")
        for number, (device, key) in zip(numbers, pairs, strict=True)
    )
    try:
        yield Sensors(county.pk, [device.code for device in devices], numbers)
    finally:
        sql.forget(numbers)
        Device.objects.filter(pk__in=[device.pk for device in devices]).delete()


def cpu_of(run: Callable[[], object], limit: Limit | None) -> float:
    """CPU ms of this process, and with ``limit`` of the whole cluster, for one run."""
    before = time.process_time() + (limit.cpu_s() if limit else 0.0)
    run()
    return (time.process_time() + (limit.cpu_s() if limit else 0.0) - before) * 1000
