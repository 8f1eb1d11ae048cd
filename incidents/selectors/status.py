"""The one word that people see for where a report stands, and how late it is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dispatch.models import STATE_TITLES as ORDER_TITLES
from dispatch.states import OPEN_STATES, Level, level_at
from dispatch.states import State as OrderState
from incidents.models import STATE_TITLES, Report
from incidents.querysets import FROM_ORDER
from incidents.states import State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATUS_TITLES: dict[str, StrOrPromise] = {
    **{state.value: STATE_TITLES[state] for state in (State.SUBMITTED, State.NEED_INFO, State.ACCEPTED)},
    **{status: ORDER_TITLES[OrderState(status)] for status in FROM_ORDER},
    **{state.value: STATE_TITLES[state] for state in State if state not in (State.SUBMITTED, State.NEED_INFO)},
}
"""Every status with its official word, in the order of the loop."""

OPEN_STATUSES = (State.ACCEPTED.value, *FROM_ORDER)
"""Somebody has to do something."""


def status_of(report: Report) -> str:
    """What people see: the state of the open order while there is one, else that of the report.

    Cost: none where ``order`` was selected with the report, else one query.
    """
    if report.state == State.ACCEPTED and report.order is not None and report.order.state in FROM_ORDER:
        return str(report.order.state)
    return str(report.state)


def status_title(status: str) -> str:
    """The official word in the language of the request."""
    return str(STATUS_TITLES[status])


def due_of(report: Report) -> dt.datetime | None:
    """Until when the open order is to be done; None when nothing is open."""
    order = report.order
    is_open = report.state == State.ACCEPTED and order is not None and order.state in OPEN_STATES
    return order.due_at if order is not None and is_open else None


def level_of(report: Report, now: dt.datetime) -> Level:
    """How late the report is at ``now``."""
    order = report.order
    if order is None or due_of(report) is None:
        return Level.NONE
    return level_at(now, yellow_at=order.yellow_at, due_at=order.due_at, red_at=order.red_at)
