"""One move of one point, while it is being done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from imagery.models import ChangePoint
from kernel.viewer import Viewer

Data = dict[str, Any]
"""What the history keeps of a move."""


@dataclass(frozen=True, slots=True)
class Act:
    """A move that the machine has allowed.

    Attributes:
        point: locked; what an effect changes on it is saved after it.
        now: when.
        target: of a duplicate: the earlier point.
    """

    by: Viewer
    point: ChangePoint
    now: dt.datetime
    target: ChangePoint | None = None
