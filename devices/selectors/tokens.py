"""Who speaks with a token, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from devices.models import Device, DeviceToken
from kernel import clock, sealed


@dataclass(frozen=True, slots=True)
class Speaker:
    """A device or gateway that has shown a good token.

    Attributes:
        device: its key.
        devices: keys of the devices whose streams it writes: its own, and of those it is the gateway of.
    """

    device: int
    devices: frozenset[int]


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return sealed.digest(token, "device token")


def speaker_of(token: str) -> Speaker | None:
    """Who speaks with ``token``; None when it is unknown or has ended. Cost: two queries."""
    good = Q(ends_at=None) | Q(ends_at__gt=clock.now())
    device = DeviceToken.objects.filter(good, hash=token_hash(token)).values_list("device_id", flat=True).first()
    if device is None:
        return None
    served = Device.objects.filter(Q(pk=device) | Q(gateway_id=device)).order_by().values_list("pk", flat=True)
    return Speaker(device, frozenset(served))
