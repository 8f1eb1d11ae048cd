"""Periodic work of projects."""

from __future__ import annotations

from django_tasks import task

from kernel.periodic import PeriodicJob, jobs
from projects.services import projects_recompute


@task
def projects_recompute_daily() -> int:
    """Tell anew what the calendar made late over night; how many projects changed."""
    return len(projects_recompute())


def register() -> None:
    """Hourly, so that a server that slept over midnight is right within the hour; it costs one read of the rows."""
    jobs.add(PeriodicJob("projects.recompute", every_s=3600, enqueue=lambda: projects_recompute_daily.enqueue()))
