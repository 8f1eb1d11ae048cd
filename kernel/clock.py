"""The one clock. Time passes in tests by ``freeze``, never by waiting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import overload
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen", default=None)
_frozen_everywhere: dt.datetime | None = None


def now() -> dt.datetime:
    """This moment, aware, in Asia/Shanghai."""
    return _frozen.get() or _frozen_everywhere or dt.datetime.now(ZONE)


def today() -> dt.date:
    """Today's date in Asia/Shanghai."""
    return now().date()


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins."""
    return dt.datetime.combine(day, dt.time(), ZONE)


@overload
def written(moment: dt.datetime) -> str: ...


@overload
def written(moment: dt.datetime | None) -> str | None: ...


def written(moment: dt.datetime | None) -> str | None:
    """A moment as APIs write it: ISO 8601 in Asia/Shanghai, to the second; None for none."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds") if moment else None


def _aware(moment: dt.datetime | dt.date | str) -> dt.datetime:
    if isinstance(moment, str):
        kind = dt.date if len(moment) == len("2026-06-30") else dt.datetime
        moment = kind.fromisoformat(moment)
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(10, 20))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


@contextmanager
def freeze(moment: dt.datetime | dt.date | str, *, everywhere: bool = False) -> Iterator[dt.datetime]:
    """Stop the clock at ``moment`` (a bare date means 10:20 of it) for the block.

    Args:
        moment: aware, or naive and then in Asia/Shanghai.
        everywhere: in all threads of the process (a live server in a test), not only in this context.
    """
    global _frozen_everywhere
    at = _aware(moment)
    before = _frozen_everywhere
    token = _frozen.set(at)
    if everywhere:
        _frozen_everywhere = at
    try:
        yield at
    finally:
        _frozen.reset(token)
        _frozen_everywhere = before
