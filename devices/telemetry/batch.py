"""Readings as columns."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_STREAM = -1
NO_TIME = np.iinfo(np.int64).min
"""Stands where no moment could be read."""

TEXT_LONGEST = 200

_MOST_MS = 2**50
"""Milliseconds that still fit as microseconds: the year 37,648."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Said = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings as columns, all of one length.

    Attributes:
        stream: numbers of streams, ``NO_STREAM`` where none could be read.
        ts: microseconds since 1970-01-01T00:00Z, ``NO_TIME`` where none could be read.
        value: in the unit of the stream, NaN where there is no number.
        text: row → word, where words were sent.
        said: what row i said, as it came: stream, moment, value.
    """

    stream: Ints
    ts: Ints
    value: Floats
    said: Callable[[int], Said]
    text: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many readings."""
        return len(self.stream)


def batch_of(streams: Sequence[Any], moments: Sequence[Any], values: Sequence[Any]) -> Batch:
    """A batch of what was sent.

    Args:
        streams: whole numbers.
        moments: ISO 8601 texts with an offset, or milliseconds since 1970-01-01T00:00Z.
        values: numbers, true and false (1 and 0), or texts.

    Nothing is refused here: what cannot be read stands as ``NO_STREAM``, ``NO_TIME`` or NaN in its row.
    """
    text: dict[int, str] = {}
    return Batch(
        stream=_streams(streams),
        ts=_times(moments),
        value=_values(values, text),
        said=lambda row: (streams[row], moments[row], values[row]),
        text=text,
    )


def _streams(sent: Sequence[Any]) -> Ints:
    if set(map(type, sent)) <= {int}:
        try:
            return np.array(sent, np.int64)
        except OverflowError:
            pass
    is_number = (type(one) is int and 0 <= one < 2**31 for one in sent)
    return np.array([one if ok else NO_STREAM for one, ok in zip(sent, is_number, strict=True)], np.int64)


def _times(sent: Sequence[Any]) -> Ints:
    if set(map(type, sent)) <= {int} and -_MOST_MS < min(sent, default=0) <= max(sent, default=0) < _MOST_MS:
        return np.array(sent, np.int64) * 1000
    return np.array([time_of(one) for one in sent], np.int64)


def time_of(sent: Any) -> int:
    """A moment as microseconds since 1970-01-01T00:00Z, ``NO_TIME`` where it is none."""
    try:
        if isinstance(sent, str):
            moment = dt.datetime.fromisoformat(sent)
            return round(moment.timestamp() * 1e6) if moment.tzinfo else NO_TIME
        if isinstance(sent, int | float) and not isinstance(sent, bool) and abs(sent) < _MOST_MS:
            return round(sent * 1000)
    except (ValueError, OverflowError):
        pass
    return NO_TIME


def us_of(moment: dt.datetime) -> int:
    """A moment as microseconds since 1970-01-01T00:00Z."""
    return round(moment.timestamp() * 1e6)


def moment_of(us: int) -> dt.datetime:
    """The moment of microseconds since 1970-01-01T00:00Z."""
    return dt.datetime.fromtimestamp(us / 1e6, dt.UTC)


def _values(sent: Sequence[Any], text: dict[int, str]) -> Floats:
    if set(map(type, sent)) <= {int, float, bool, type(None)}:
        try:
            return np.array(sent, np.float64)
        except OverflowError:
            pass
    return np.array([_value(row, one, text) for row, one in enumerate(sent)], np.float64)


def _value(row: int, one: Any, text: dict[int, str]) -> float:
    if isinstance(one, str):
        text[row] = one
    elif isinstance(one, int | float):
        try:
            return float(one)
        except OverflowError:
            pass
    return math.nan
