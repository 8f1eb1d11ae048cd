"""Reads of several tables or with a shaped result."""

from dispatch.selectors.due import (
    DEFAULT_WORKDAYS,
    PAUSE_WORKDAYS,
    Times,
    day_of,
    end_of,
    pause_ends,
    paused_days_of,
    paused_workdays,
    policy_workdays,
    times_from,
    times_of,
)
from dispatch.selectors.facts import DISPATCHERS, leads, order_facts, orders_of

__all__ = [
    "DEFAULT_WORKDAYS",
    "DISPATCHERS",
    "PAUSE_WORKDAYS",
    "Times",
    "day_of",
    "end_of",
    "leads",
    "order_facts",
    "orders_of",
    "pause_ends",
    "paused_days_of",
    "paused_workdays",
    "policy_workdays",
    "times_from",
    "times_of",
]
