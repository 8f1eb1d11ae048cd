"""Periodic work with files."""

from __future__ import annotations

from django_tasks import task

from kernel.periodic import PeriodicJob, jobs
from media import services


@task
def leftovers_remove() -> int:
    """Remove files whose row never came to be; of how many uploads."""
    return services.leftovers_remove()


def register() -> None:
    """Have leftovers removed once an hour; they are rare, and nobody can open them meanwhile."""
    jobs.add(PeriodicJob("media.leftovers", every_s=3600, enqueue=lambda: leftovers_remove.enqueue()))
