"""The table of moves of change points, and what it is made of. No Django here."""

from imagery.states.kinds import Kind
from imagery.states.points import (
    BY_HAND,
    CLOSED,
    ORDERED,
    QUEUE,
    SHOWABLE,
    STAGES,
    SYSTEM,
    PointFacts,
    Stage,
    State,
    machine,
)
from imagery.states.priority import Gone, PriorityFacts, Why, Zone, priority
from imagery.states.reasons import DEFAULT_REASONS, DefaultReason
from imagery.states.rounds import DECISIVE, Finding, Flag, Verdict, is_sampled, needs_second

__all__ = [
    "BY_HAND",
    "CLOSED",
    "DECISIVE",
    "DEFAULT_REASONS",
    "ORDERED",
    "QUEUE",
    "SHOWABLE",
    "STAGES",
    "SYSTEM",
    "DefaultReason",
    "Finding",
    "Flag",
    "Gone",
    "Kind",
    "PointFacts",
    "PriorityFacts",
    "Stage",
    "State",
    "Verdict",
    "Why",
    "Zone",
    "is_sampled",
    "machine",
    "needs_second",
    "priority",
]
