"""How late an order is, in the three colours that offices use."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

YELLOW_BEFORE = 2
"""Working days before the due time from which an order is yellow."""

RED_AFTER = 5
"""Working days after the due time from which an order is red."""


class Level(StrEnum):
    """Overdue level of an open order."""

    NONE = "none"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


def level_at(now: dt.datetime, *, yellow_at: dt.datetime, due_at: dt.datetime, red_at: dt.datetime) -> Level:
    """The level at ``now``; the three moments are those that the order keeps, all aware."""
    if now > red_at:
        return Level.RED
    if now > due_at:
        return Level.ORANGE
    if now >= yellow_at:
        return Level.YELLOW
    return Level.NONE
