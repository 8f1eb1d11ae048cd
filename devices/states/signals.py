"""What readings say to rules, as columns: each kind makes a signal of them that is wrong from a threshold upwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.states.alarms import Kind, Verdict

HOUR_US = 3_600_000_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OF_READINGS = (Kind.ABOVE, Kind.BELOW, Kind.RATE, Kind.STUCK, Kind.CODE, Kind.MOVED)
"""Kinds that a reading decides; the others are decided by what is there, or not, at a moment."""

OF_SPANS = (Kind.RATE, Kind.STUCK)
"""Kinds whose readings speak for the time since the reading before, and so for none after: that a river rose for two
minutes does not say that it goes on rising until it is heard of again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a signal is wrong, and below what it is right again."""

    on: float
    off: float


def limits(kind: Kind, on: float | None, off: float | None) -> Limits:
    """The limits of a rule's signal, whichever way its own thresholds lie."""
    if kind in (Kind.CODE, Kind.STUCK):
        return Limits(1.0, 1.0)
    if on is None:
        raise ValueError(f"a rule of kind {kind} needs a threshold")
    back = on if off is None else off
    if kind is Kind.BELOW:
        return Limits(-on, -back)
    if kind is Kind.RATE:
        return Limits(abs(on), min(abs(back), abs(on)))
    return Limits(on, back)


def is_falling(kind: Kind, on: float | None) -> bool:
    """Whether small is wrong: the signal is turned around."""
    return kind is Kind.BELOW or (kind is Kind.RATE and (on or 0) < 0)


def signals(
    kind: NDArray[np.str_], is_turned: NDArray[np.bool_], value: Floats, ts: Ints, before: Floats, before_ts: Ints
) -> Floats:
    """The signal of each row; NaN where the row says nothing.

    Args:
        kind: of the rule of each row (``OF_READINGS``).
        is_turned: ``is_falling`` of the rule.
        value: of CODE whether it is such a code (1, 0); of MOVED degrees or metres; else in the unit of the stream.
        ts: microseconds since 1970.
        before: the value before this one in its stream, NaN where there is none.
        before_ts: its moment.
    """
    found = value.copy()
    moved, rate, stuck = (kind == one for one in (Kind.MOVED, Kind.RATE, Kind.STUCK))
    found[moved] = np.abs(found[moved])
    found[rate] = (value[rate] - before[rate]) / (ts[rate] - before_ts[rate]) * HOUR_US
    found[stuck] = np.where(np.isnan(before[stuck]), np.nan, value[stuck] == before[stuck])
    return np.where(is_turned, -found, found)


def verdicts(signal: Floats, on: Floats, off: Floats) -> NDArray[np.int8]:
    """The ``Verdict`` of each signal."""
    said = np.full(len(signal), Verdict.HOLD, np.int8)
    said[signal < off] = Verdict.CLEAR
    said[signal >= on] = Verdict.RAISE
    return said


def is_code(value: Floats, codes: Collection[str]) -> Floats:
    """1 where a number is one of ``codes``, else 0."""
    numbers = [float(code) for code in codes if _is_number(code)]
    return np.isin(value, numbers).astype(np.float64)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
