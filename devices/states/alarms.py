"""The life of an alarm, for one rule and one thing that it watches."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a rule looks for."""

    ABOVE = "above"
    BELOW = "below"
    RATE = "rate"
    STUCK = "stuck"
    CODE = "code"
    MOVED = "moved"
    MISSING = "missing"
    OFFLINE = "offline"
    VILLAGE = "village"


class Phase(StrEnum):
    """Where an alarm stands. ``OK`` is no row at all; ``CLEARED`` is what remains of one that was raised."""

    OK = "ok"
    PENDING = "pending"
    ACTIVE = "active"
    CLEARING = "clearing"
    CLEARED = "cleared"
