"""Periodic work of the engine."""

from __future__ import annotations

from django_tasks import task

from kernel import clock
from kernel.periodic import PeriodicJob, jobs
from layers import ledger


@task
def change_ledger_prune() -> int:
    """Join old rows of the change ledger; how many were removed."""
    return ledger.prune(clock.now() - ledger.KEPT)


def register() -> None:
    """Have the ledger pruned: readers sum its rows, so it has to stay short."""
    jobs.add(PeriodicJob("layers.prune", every_s=600, enqueue=lambda: change_ledger_prune.enqueue()))
