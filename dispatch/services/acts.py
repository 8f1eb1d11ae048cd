"""One move of one order, while it is being done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dispatch.models import WorkOrder
from dispatch.selectors import Times
from kernel.clock import ZONE
from kernel.viewer import Viewer

Data = dict[str, Any]
"""What the history keeps of a move, and the source is told."""


@dataclass(frozen=True, slots=True)
class Act:
    """A move that the machine has allowed.

    Attributes:
        order: locked; what an effect changes on it is saved after it.
        now: when.
    """

    by: Viewer
    order: WorkOrder
    now: dt.datetime


def due_put(order: WorkOrder, times: Times) -> Data:
    """Give the order its moments; what the history says of it (nothing where it stays)."""
    before = order.due_at if order.pk else None
    order.yellow_at, order.due_at, order.red_at = times.yellow_at, times.due_at, times.red_at
    order.is_provisional = times.is_provisional
    if before == times.due_at:
        return {}
    order.level_told = ""
    return due_told(before, times.due_at)


def due_told(before: dt.datetime | None, after: dt.datetime) -> Data:
    """How the history says that the due time moved: in the county's time, whether a row or a calendar gave it."""
    return {"due": [before and before.astimezone(ZONE), after.astimezone(ZONE)]}
