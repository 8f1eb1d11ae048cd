"""Pure rules of work orders: states and moves, who may, how late is late. No Django here."""

from dispatch.states.levels import RED_AFTER, YELLOW_BEFORE, Level, level_at
from dispatch.states.orders import (
    LED_STATES,
    MAX_PAUSES,
    OPEN_STATES,
    SOURCE,
    SYSTEM,
    Asked,
    OrderFacts,
    State,
    machine,
)
from dispatch.states.replies import Check, ReasonCode, template_of
from dispatch.states.shifts import on_shift

__all__ = [
    "LED_STATES",
    "MAX_PAUSES",
    "OPEN_STATES",
    "RED_AFTER",
    "SOURCE",
    "SYSTEM",
    "YELLOW_BEFORE",
    "Asked",
    "Check",
    "Level",
    "OrderFacts",
    "ReasonCode",
    "State",
    "level_at",
    "machine",
    "on_shift",
    "template_of",
]
