"""Periodic work of dispatch."""

from __future__ import annotations

from django_tasks import task

from dispatch.services.waiting import orders_retry, orders_waiting
from kernel.periodic import PeriodicJob, jobs

RETRY_S = 60
"""A crew that has become free, or whose shift begins, is asked within a minute."""


@task()
def retry_orders() -> int:
    """Give waiting orders to crews that have become free; how many."""
    return orders_retry()


def _retry() -> None:
    if orders_waiting():
        retry_orders.enqueue()


def register() -> None:
    """Called once, when all apps are loaded."""
    jobs.add(PeriodicJob("dispatch.retry_orders", RETRY_S, _retry))
