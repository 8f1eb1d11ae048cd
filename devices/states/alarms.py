"""The life of an alarm, for one rule and one thing that it watches: a table, and one function that walks it.

Two things move it: what a reading says (``Verdict``), and time that has passed. Whatever time does by itself happens at
its own moment, whoever notices it and when: readings in one batch or in many, with sweeps in between or none, end the
same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What a rule looks for."""

    ABOVE = "above"
    BELOW = "below"
    RATE = "rate"
    STUCK = "stuck"
    CODE = "code"
    MOVED = "moved"
    MISSING = "missing"
    OFFLINE = "offline"
    VILLAGE = "village"


class Phase(StrEnum):
    """Where an alarm stands. ``OK`` is no row at all; ``CLEARED`` is what remains of one that was raised."""

    OK = "ok"
    PENDING = "pending"
    ACTIVE = "active"
    CLEARING = "clearing"
    CLEARED = "cleared"


class Verdict(IntEnum):
    """What a reading says: right, between the two thresholds (so nothing), wrong."""

    CLEAR = -1
    HOLD = 0
    RAISE = 1


MOVES: Mapping[tuple[Phase, Verdict], Phase] = {
    (Phase.OK, Verdict.RAISE): Phase.PENDING,
    (Phase.PENDING, Verdict.CLEAR): Phase.OK,
    (Phase.ACTIVE, Verdict.CLEAR): Phase.CLEARING,
    (Phase.CLEARING, Verdict.RAISE): Phase.ACTIVE,
}
"""By a reading; whatever is not here changes nothing."""

IN_TIME: Mapping[Phase, Phase] = {Phase.PENDING: Phase.ACTIVE, Phase.CLEARING: Phase.OK}
"""When the phase has lasted as long as the rule asks."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long it takes, in microseconds.

    Attributes:
        raise_us: it has to be wrong for so long; ``clear_us`` right for so long.
        by_clock: whether silence counts as more of the same. Where not (``OF_SPANS``), only another reading raises.
    """

    raise_us: int = 0
    clear_us: int = 0
    by_clock: bool = True

    def ends(self, phase: Phase, since: int, *, is_raised: bool = False) -> int | None:
        """When the phase ends by itself; None when it does not.

        Args:
            phase: one of an alarm.
            since: microseconds since 1970.
            is_raised: whether a reading says just now that it is wrong.
        """
        if phase is Phase.PENDING and (self.by_clock or is_raised):
            return since + self.raise_us
        return since + self.clear_us if phase is Phase.CLEARING else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A phase, and since when, in microseconds since 1970."""

    phase: Phase = Phase.OK
    since: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A change of phase.

    Attributes:
        at: microseconds since 1970.
        row: of the reading that was looked at then.
    """

    at: int
    frm: Phase
    to: Phase
    row: int


def passed(standing: Standing, pace: Pace, at: int, row: int = 0, *, is_raised: bool = False) -> list[Step]:
    """What time alone has done until ``at``: one step or none. See ``Pace.ends`` for ``is_raised``."""
    ends = pace.ends(standing.phase, standing.since, is_raised=is_raised)
    if ends is None or ends > at:
        return []
    return [Step(ends, standing.phase, IN_TIME[standing.phase], row)]


def walked(
    standing: Standing, pace: Pace, moments: Iterable[int], verdicts: Iterable[int], begins: Iterable[int]
) -> list[Step]:
    """By which steps a series of readings leads on from ``standing``.

    Args:
        standing: before it.
        pace: of the rule.
        moments: of the readings, ascending, microseconds since 1970.
        verdicts: of each (``Verdict``).
        begins: since when it is so; earlier than the moment where a reading speaks for the time before it.
    """
    steps: list[Step] = []

    def take(found: list[Step]) -> None:
        nonlocal standing
        for step in found:
            steps.append(step)
            standing = Standing(step.to, step.at)

    for row, (at, said, begin) in enumerate(zip(moments, verdicts, begins, strict=True)):
        is_raised = said == Verdict.RAISE
        take(passed(standing, pace, at, row, is_raised=is_raised))
        to = MOVES.get((standing.phase, Verdict(said)))
        if to is not None:
            take([Step(begin if to is Phase.PENDING else at, standing.phase, to, row)])
            take(passed(standing, pace, at, row, is_raised=is_raised))
    return steps
