"""Devices for tests."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.gis.geos import Point

from devices import services, sql
from devices.models import AlarmRule, Datastream, Device, DeviceType
from devices.telemetry.batch import Batch, batch_of
from kernel.search import search_text
from kernel.viewer import Role
from tests.factories import people, places

VILLAGE = "990521003007"
_numbers = itertools.count(1)


def kind(key: str = "manhole", **fields: Any) -> DeviceType:
    """A kind of device; a second call with the same key returns the same."""
    defaults = {"title": "井盖", "title_en": "Manhole", "heartbeat_s": 600, **fields}
    return DeviceType.objects.get_or_create(key=key, defaults=defaults)[0]


def device(village: str = VILLAGE, **fields: Any) -> Device:
    """A device in the middle of a village, or of a county when the code is a county's: then it lies in no village."""
    number = next(_numbers)
    fields.setdefault("type", kind())
    outside = len(village) == 6
    named = {"code": f"D{number:04}", "name": f"设备 {number}"} | fields
    named.setdefault("search_text", search_text(named["name"], named["code"]))
    return Device.objects.create(
        county=places.county(village[:6]),
        village=None if outside else places.village(village),
        **named,
        geom=Point(*places.lonlat(village), srid=4326),
    )


def stream(device_: Device | None = None, key: str = "level", kept: int = 0, **fields: Any) -> Datastream:
    """A stream of numbers in metres."""
    made = {"title": "水位", "unit": "m", "observed_property": key, **fields}
    (number,) = sql.stream_numbers(kept)
    return Datastream.objects.create(id=number, device=device_ or device(), key=key, **made)


def token(of: Device) -> str:
    """A new token of a device."""
    keeper = people.viewer(Role.OFFICIAL, jurisdiction=(of.county_id,))
    return services.token_issue(by=keeper, code=of.code)


def batch(*rows: tuple[Any, Any, Any]) -> Batch:
    """Readings given as (stream, moment, value)."""
    streams, moments, values = zip(*rows, strict=True) if rows else ((), (), ())
    return batch_of([getattr(one, "pk", one) for one in streams], list(moments), list(values))


def take(*rows: tuple[Any, Any, Any], **options: Any) -> services.Outcome:
    """Have them ingested."""
    return services.ingest(batch(*rows), source="http", **options)


def rule(kind_: str = "above", key: str = "level", **fields: Any) -> AlarmRule:
    """A rule of manholes: from 2 m up they are flooding, below 1.5 m they are not."""
    places.county(VILLAGE[:6])
    of = fields.pop("type", None) or kind()
    limits = {"on": 2.0, "off": 1.5} if kind_ == "above" else {}
    made = {"title": "水位过高", "title_en": "Flooding", "level": 3, **limits, **fields}
    return AlarmRule.objects.create(county_id=VILLAGE[:6], type=of, key=key, kind=kind_, **made)
