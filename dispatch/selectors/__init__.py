"""Reads of several tables or with a shaped result."""

from dispatch.selectors.detail import OrderDetail, OrderPublic, order_get, order_moves, order_public
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
from dispatch.selectors.files import file_shown
from dispatch.selectors.forms import OrderChoice, OrderOptions, order_options
from dispatch.selectors.lists import OrderFilter, OrderPage, OrderRow, level_of, order_page, order_row, orders_found
from dispatch.selectors.outcomes import Outcome
from dispatch.selectors.statistics import Grouping, order_statistics

__all__ = [
    "DEFAULT_WORKDAYS",
    "DISPATCHERS",
    "PAUSE_WORKDAYS",
    "Grouping",
    "OrderChoice",
    "OrderDetail",
    "OrderFilter",
    "OrderOptions",
    "OrderPage",
    "OrderPublic",
    "OrderRow",
    "Outcome",
    "Times",
    "day_of",
    "end_of",
    "file_shown",
    "leads",
    "level_of",
    "order_facts",
    "order_get",
    "order_moves",
    "order_options",
    "order_page",
    "order_public",
    "order_row",
    "order_statistics",
    "orders_found",
    "orders_of",
    "pause_ends",
    "paused_days_of",
    "paused_workdays",
    "policy_workdays",
    "times_from",
    "times_of",
]
