"""Dead letters: what was not taken, as it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from devices.models import DeadLetter
from devices.telemetry.batch import Said
from kernel import clock


class Refused(NamedTuple):
    """What could not be taken as readings at all.

    Attributes:
        reason: why; a word of the door that it came in by.
        said: what it was, in three parts: where to, when, what.
        device: key of the device that sent it, where that is known.
    """

    reason: str
    said: Said
    device: int | None = None


def refuse(source: str, what: Iterable[Refused]) -> None:
    """Keep it as dead letters; nothing to keep costs nothing."""
    now = clock.now()
    letters = [letter(source, one.reason, one.said, one.device, now) for one in what]
    if letters:
        DeadLetter.objects.bulk_create(letters)


def letter(source: str, reason: str, said: Said, device: int | None, at: dt.datetime) -> DeadLetter:
    """A dead letter, not saved; what it says is shortened to what is kept.

    Args:
        source: the door it came in by.
        reason: why it was not taken.
        said: stream, moment and value as they were sent.
        device: key of the device that sent it, where that is known.
        at: when it came.
    """
    stream, ts, value = (str(part).replace("\0", "\ufffd") for part in said)
    return DeadLetter(
        at=at, source=source, device_id=device, reason=reason, stream=stream[:40], ts=ts[:40], value=value[:80]
    )
