"""Pure rules of alarms: what is wrong with a reading, and from when on that is an alarm. No Django here."""

from devices.states.alarms import IN_TIME, MOVES, Kind, Pace, Phase, Standing, Step, Verdict, passed, walked
from devices.states.defaults import DEFAULT_RULES, DefaultRule
from devices.states.signals import OF_READINGS, OF_SPANS, Limits, is_code, is_falling, limits, signals, verdicts

__all__ = [
    "DEFAULT_RULES",
    "IN_TIME",
    "MOVES",
    "OF_READINGS",
    "OF_SPANS",
    "DefaultRule",
    "Kind",
    "Limits",
    "Pace",
    "Phase",
    "Standing",
    "Step",
    "Verdict",
    "is_code",
    "is_falling",
    "limits",
    "passed",
    "signals",
    "verdicts",
    "walked",
]
