"""Who speaks with a token, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from devices.models import Device, DeviceToken
from devices.telemetry.batch import Ints
from kernel import clock, sealed


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who sent which reading of a batch. A device writes its own streams, a gateway those of its devices as well.

    Attributes:
        device: for each reading the key of the device or gateway that sent it.
        served: gateway → keys of the devices that it speaks for.
    """

    device: Ints
    served: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def may_write(self, owner: Ints) -> NDArray[np.bool_]:
        """For each reading whether its sender may write the streams of the device ``owner`` of that reading."""
        allowed: NDArray[np.bool_] = self.device == owner
        if self.served:
            for row in np.flatnonzero(~allowed).tolist():
                allowed[row] = int(owner[row]) in self.served.get(int(self.device[row]), ())
        return allowed


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return sealed.digest(token, "device token")


def speaker_of(token: str) -> int | None:
    """Key of the device or gateway that speaks with ``token``; None when it is unknown or has ended."""
    good = Q(ends_at=None) | Q(ends_at__gt=clock.now())
    return DeviceToken.objects.filter(good, hash=token_hash(token)).values_list("device_id", flat=True).first()


def served_by(devices: Iterable[int]) -> dict[int, frozenset[int]]:
    """For those of ``devices`` that are gateways the keys of the devices they speak for. Cost: one query."""
    found: dict[int, set[int]] = {}
    served = Device.objects.filter(gateway__in=set(devices)).order_by().values_list("gateway_id", "pk")
    for gateway, device in served:
        found.setdefault(int(gateway), set()).add(device)
    return {gateway: frozenset(devices) for gateway, devices in found.items()}
