"""Devices and streams as messages name them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from devices.models import Datastream, Device


class Named(NamedTuple):
    """A device: its key, and the key of its kind."""

    pk: int
    kind: str


def devices_by_code(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Named]:
    """The devices of these counties and codes, those that are there. Cost: one query."""
    rows = Device.objects.filter(
        county__in={county for county, _code in wanted}, code__in={code for _county, code in wanted}
    ).order_by()
    return {
        (county, code): Named(pk, kind)
        for county, code, pk, kind in rows.values_list("county_id", "code", "pk", "type_id")
    }


def streams_by_key(devices: Iterable[int]) -> dict[tuple[int, str], int]:
    """The streams of these devices, by device and by what the device calls them. Cost: one query."""
    rows = Datastream.objects.filter(device__in=list(devices)).order_by()
    return {(device, key): pk for device, key, pk in rows.values_list("device_id", "key", "pk")}
