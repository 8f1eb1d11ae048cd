"""Pure rules of work orders: states and moves, who may, how late is late. No Django here."""

from dispatch.states.levels import RED_AFTER, YELLOW_BEFORE, Level, level_at
from dispatch.states.orders import OPEN_STATES, SOURCE, SYSTEM, OrderFacts, State, machine
from dispatch.states.shifts import on_shift

__all__ = [
    "OPEN_STATES",
    "RED_AFTER",
    "SOURCE",
    "SYSTEM",
    "YELLOW_BEFORE",
    "Level",
    "OrderFacts",
    "State",
    "level_at",
    "machine",
    "on_shift",
]
