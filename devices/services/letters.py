"""Dead letters: what was not taken, as it came."""

from __future__ import annotations

import datetime as dt

from devices.models import DeadLetter
from devices.telemetry.batch import Said


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
