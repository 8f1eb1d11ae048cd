"""Periodic work of dispatch."""

from __future__ import annotations

from django_tasks import task

from dispatch.querysets import OVERSEERS
from dispatch.services.passing import digests_send, is_morning, levels_tell, orders_recount, pauses_end
from dispatch.services.waiting import orders_retry, orders_waiting
from kernel.live import LiveTopic, live_topics
from kernel.periodic import PeriodicJob, jobs
from kernel.viewer import Role, Viewer

RETRY_S = 60
"""A crew that has become free, or whose shift begins, is asked within a minute."""


@task()
def retry_orders() -> int:
    """Give waiting orders to crews that have become free; how many."""
    return orders_retry()


def _retry() -> None:
    if orders_waiting():
        retry_orders.enqueue()


PASSING_S = 300
"""People are told of a level, and a pause ends, within five minutes; due times end at midnight."""

DIGEST_S = 1800
"""Who could not be told at eight is told within half an hour; nobody twice (the outbox keeps the day)."""

RECOUNT_S = 21_600
"""A calendar that somebody imported counts within six hours; ``manage.py orders_recount`` does it at once."""


@task()
def time_passes() -> list[int]:
    """End pauses, tell of levels: [pauses, orders told of]."""
    return [pauses_end(), levels_tell()]


@task()
def send_digests() -> int:
    """Tell people what their day holds; how many people."""
    return digests_send()


@task()
def recount_orders() -> int:
    """Count provisional due times anew; how many have changed."""
    return orders_recount()


def _listens(viewer: Viewer) -> bool:
    return viewer.has_role(*OVERSEERS, Role.GRID_MANAGER, Role.HANDLER)


def _digests() -> None:
    if is_morning():
        send_digests.enqueue()


def register() -> None:
    """Called once, when all apps are loaded."""
    jobs.add(PeriodicJob("dispatch.retry_orders", RETRY_S, _retry))
    jobs.add(PeriodicJob("dispatch.time_passes", PASSING_S, time_passes.enqueue))
    jobs.add(PeriodicJob("dispatch.digests", DIGEST_S, _digests))
    jobs.add(PeriodicJob("dispatch.recount", RECOUNT_S, recount_orders.enqueue))
    live_topics.add(LiveTopic("orders", ("dispatch.WorkOrder",), _listens))
