"""Periodic work of the devices."""

from __future__ import annotations

from django_tasks import task

from devices import services, sql
from kernel.periodic import PeriodicJob, jobs

ROLLUPS_S = 30
"""The curve of an hour is at most half a minute behind; the latest readings are never."""

PARTITIONS_S = 21_600
"""Four times a day: weeks are made three weeks ahead, and dropped within hours of their time."""

OFFLINE_S = 10
"""With the heartbeat this is how late the map may say that a device is silent."""


@task()
def refresh_rollups() -> int:
    """Count marked hours anew; how many."""
    return services.rollups_refresh()


@task()
def look_after_partitions() -> list[str]:
    """Make the weeks ahead, and drop the old ones; the names of all of them."""
    return services.partitions_make() + services.partitions_drop()


@task()
def settle_orders() -> int:
    """Open the orders of alarms, and tell those whose alarm is over; how many."""
    return services.orders_settle()


def _sweep() -> None:
    """A dozen statements, done here as silence is; orders are work for a worker."""
    services.alarms_pass()
    if services.orders_due():
        settle_orders.enqueue()


def _refresh() -> None:
    if sql.is_dirty():
        refresh_rollups.enqueue()


def register() -> None:
    """Have it done."""
    jobs.add(PeriodicJob("devices-rollups", ROLLUPS_S, _refresh))
    jobs.add(PeriodicJob("devices-offline", OFFLINE_S, services.silence_note))
    jobs.add(PeriodicJob("devices-alarms", OFFLINE_S, _sweep))
    jobs.add(PeriodicJob("devices-partitions", PARTITIONS_S, look_after_partitions.enqueue))
