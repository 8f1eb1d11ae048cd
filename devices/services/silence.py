"""Devices that have stopped speaking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from devices import sql
from devices.sql.readings import rouse, see
from kernel import clock

GRACE = dt.timedelta(seconds=5)
"""After the heartbeat: for the way of the message."""


def silence_note() -> int:
    """Note which devices are silent for longer than their heartbeat and ``GRACE``; how many became so.

    Cost: one statement over all devices that are online.
    """
    return sql.silence(clock.now(), GRACE)


def presence_note(*, present: Mapping[int, dt.datetime], gone: Mapping[int, dt.datetime]) -> None:
    """Note devices that said that they are there, and those of which the broker said that they are gone.

    A device that is gone is offline until it writes a later time, whatever comes in late; so the order in which
    readings and last words arrive changes nothing.

    Args:
        present: keys → when they said so.
        gone: likewise.
    """
    if present:
        pairs = sorted(present.items())
        moments = [round(at.timestamp() * 1e6) for _device, at in pairs]
        devices = [device for device, _at in pairs]
        with transaction.atomic():
            see(devices, moments)
            rouse(devices, clock.now())
    if gone:
        pairs = sorted(gone.items())
        sql.leave([device for device, _at in pairs], [at for _device, at in pairs])
