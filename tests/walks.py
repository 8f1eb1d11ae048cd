"""Random walks of a machine over the real database; what a walk did is undone at its end."""

from __future__ import annotations

import contextlib
import datetime as dt

from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from kernel import clock

START = dt.datetime(2026, 6, 30, 10, 0, tzinfo=clock.ZONE)

MANY = 10_000
"""Walks of a long run. 500 of reports with their orders took 18 minutes of a fifth of a core, 1,000 of orders 23."""

_TRACES = """
SELECT (SELECT array_agg((id, state, version, followers)::text ORDER BY id) FROM incidents_report),
       (SELECT array_agg((id, state, version, due_at)::text ORDER BY id) FROM dispatch_workorder),
       (SELECT count(*) FROM records_historyevent), (SELECT count(*) FROM records_outboxmessage),
       (SELECT count(*) FROM incidents_comment)"""


class Walk(RuleBasedStateMachine):
    """One sequence in one transaction, with a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = contextlib.ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        self.time = self.undo.enter_context(contextlib.ExitStack())
        self.stop(START)

    def teardown(self) -> None:
        self.undo.close()

    def stop(self, moment: dt.datetime) -> None:
        """Stop the clock at another moment."""
        self.time.close()
        self.now = self.time.enter_context(clock.freeze(moment))

    def pass_time(self, days: int, hour: int) -> None:
        """Stop the clock some days later; it never runs back."""
        self.stop(max(self.now, (self.now + dt.timedelta(days=days)).replace(hour=hour)))


def traces() -> object:
    """What a refused act must leave as it was. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACES)
        return cursor.fetchone()


def walk(machine: type[Walk], examples: int, steps: int) -> None:
    """Take ``examples`` walks of at most ``steps`` steps."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(machine, settings=chosen)
