"""One move of one report, while it is being done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from incidents.models import Attachment, Report
from kernel.viewer import Viewer

Data = dict[str, Any]
"""What the history keeps of a move. Texts of people stay out of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """A move that the machine has allowed.

    Attributes:
        report: locked; what an effect changes on it is saved after it.
        part: as what, ``REPORTER`` or ``SYSTEM``, or the role.
        now: when.
        files: what came with it, attached to the report.
        target: of a merge: the other report, locked.
    """

    by: Viewer
    report: Report
    part: str
    now: dt.datetime
    files: list[Attachment] = field(default_factory=list)
    target: Report | None = None
