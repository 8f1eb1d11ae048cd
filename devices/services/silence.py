"""Devices that have stopped speaking."""

from __future__ import annotations

import datetime as dt

from devices import sql
from kernel import clock

GRACE = dt.timedelta(seconds=5)
"""After the heartbeat: for the way of the message."""


def silence_note() -> int:
    """Note which devices are silent for longer than their heartbeat and ``GRACE``; how many became so.

    Cost: one statement over all devices that are online.
    """
    return sql.silence(clock.now(), GRACE)
