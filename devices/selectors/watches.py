"""Which rules of alarms watch which streams, as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.models import AlarmRule
from devices.states import OF_READINGS, OF_SPANS, Kind, Pace, is_falling, limits
from devices.telemetry.batch import Floats, Ints

SECOND_US = 1_000_000

Named = tuple[int, int, str, str, str]
"""A stream: its number, its device, the county, the kind of device, its key."""


@dataclass(frozen=True, slots=True)
class WatchRule:
    """What the evaluation asks of a rule."""

    pk: int
    kind: Kind
    level: int
    pace: Pace
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Watches:
    """Every pair of a stream and a rule that watches it, as columns of one length, sorted by stream, then rule.

    Attributes:
        rule: where the rule stands in ``rules``, and in the columns of rules below.
        kind, on, off, is_turned: of each rule; see ``devices.states.signals``.
    """

    stream: Ints
    device: Ints
    rule: Ints
    rules: tuple[WatchRule, ...]
    kind: NDArray[np.str_]
    on: Floats
    off: Floats
    is_turned: NDArray[np.bool_]

    def watched(self, streams: Ints) -> NDArray[np.bool_]:
        """Which of ``streams`` some rule watches."""
        if not len(self.stream):
            return np.zeros(len(streams), np.bool_)
        at = np.minimum(np.searchsorted(self.stream, streams), len(self.stream) - 1)
        found: NDArray[np.bool_] = self.stream[at] == streams
        return found


def watches_of(streams: Iterable[Named]) -> Watches:
    """The pairs of ``streams``, sorted by number, and the rules in use that readings decide. Cost: one query."""
    rows = list(AlarmRule.objects.filter(is_active=True, kind__in=OF_READINGS).order_by("pk"))
    by_name: dict[tuple[str, str, str], list[int]] = {}
    for place, row in enumerate(rows):
        by_name.setdefault((row.county_id, row.type_id, row.key), []).append(place)
    pairs = [
        (stream, device, place)
        for stream, device, *name in streams
        for place in (by_name.get((name[0], name[1], name[2]), ()) if by_name else ())
        if rows[place].device_id in (None, device)
    ]
    stream, device, rule = list(zip(*pairs, strict=True)) or [(), (), ()]
    bounds = [limits(Kind(row.kind), row.on, row.off) for row in rows]
    return Watches(
        stream=np.array(stream, np.int64),
        device=np.array(device, np.int64),
        rule=np.array(rule, np.int64),
        rules=tuple(map(_rule, rows)),
        kind=np.array([row.kind for row in rows], np.str_),
        on=np.array([one.on for one in bounds], np.float64),
        off=np.array([one.off for one in bounds], np.float64),
        is_turned=np.array([is_falling(Kind(row.kind), row.on) for row in rows], np.bool_),
    )


def pace_of(row: AlarmRule) -> Pace:
    """How long a rule waits; for STUCK the threshold itself is a time."""
    wait = round((row.on or 0) if row.kind == Kind.STUCK else row.for_s)
    return Pace(wait * SECOND_US, row.clear_s * SECOND_US, by_clock=row.kind not in OF_SPANS)


def _rule(row: AlarmRule) -> WatchRule:
    return WatchRule(row.pk, Kind(row.kind), row.level, pace_of(row), frozenset(row.codes))
