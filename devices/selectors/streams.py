"""What ingest has to know of all streams, kept in the process as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from devices.models import Datastream
from devices.selectors.watches import Watches, watches_of
from devices.telemetry.batch import Floats, Ints
from layers import ledger

REGISTRY = ("devices.AlarmRule", "devices.Datastream", "devices.DeviceType")
"""What the columns are made of; the change ledger watches them."""


@dataclass(frozen=True, slots=True)
class Streams:
    """All streams of all counties as columns of one length, sorted by number.

    Attributes:
        low, high: limits of what can be true, infinite where there are none.
        past, future: how old a reading may be and by how much ahead of now, microseconds.
        heartbeat: how long the device of the stream may be silent, microseconds.
        watches: which rules of alarms watch them.
    """

    id: Ints
    device: Ints
    is_text: NDArray[np.bool_]
    low: Floats
    high: Floats
    past: Ints
    future: Ints
    heartbeat: Ints
    watches: Watches

    def rows(self, wanted: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Where the streams ``wanted`` stand here, and which of them exist (others point at any row)."""
        if not len(self.id):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
        at = np.minimum(np.searchsorted(self.id, wanted), len(self.id) - 1)
        return at, self.id[at] == wanted


_kept: tuple[object, Streams] | None = None


def streams() -> Streams:
    """All streams as they are now. Cost: one query, from an index alone; two after the registry has changed."""
    global _kept
    version = sorted(ledger.counts(ledger.tables(REGISTRY)).items())
    if _kept is None or _kept[0] != version:
        _kept = (version, _read())
    return _kept[1]


def _read() -> Streams:
    rows = (
        Datastream.objects.order_by("pk")
        .annotate(
            past=F("device__type__past_s"), future=F("device__type__future_s"), beat=F("device__type__heartbeat_s")
        )
        .values_list(
            *("pk", "device_id", "is_text", "valid_min", "valid_max", "past", "future", "beat"),
            *("key", "device__type_id", "device__county_id"),
        )
    )
    columns = list(zip(*rows, strict=True)) or [()] * 11
    pk, device, is_text, low, high, past, future, beat, key, kind, county = columns
    return Streams(
        id=np.array(pk, np.int64),
        device=np.array(device, np.int64),
        is_text=np.array(is_text, np.bool_),
        low=np.array([-np.inf if one is None else one for one in low]),
        high=np.array([np.inf if one is None else one for one in high]),
        past=np.array(past, np.int64) * 1_000_000,
        future=np.array(future, np.int64) * 1_000_000,
        heartbeat=np.array(beat, np.int64) * 1_000_000,
        watches=watches_of(zip(pk, device, county, kind, key, strict=True)),
    )
