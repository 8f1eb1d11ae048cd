"""Periodic work of the portal."""

from __future__ import annotations

from django_tasks import task

from kernel.periodic import PeriodicJob, jobs
from portal import services


@task
def links_prune() -> int:
    """Remove short links that nobody uses; how many."""
    return services.links_prune()


def register() -> None:
    """Daily: the rule counts in years."""
    jobs.add(PeriodicJob("portal.links", every_s=86400, enqueue=lambda: links_prune.enqueue()))
