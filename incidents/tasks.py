"""Periodic work with reports, and the channel that reaches reporters."""

from __future__ import annotations

from django_tasks import task

from incidents import services
from incidents.services import messages
from kernel.outbox import Channel, channels
from kernel.periodic import PeriodicJob, jobs
from records.selectors import is_waiting


@task
def uploads_prune() -> int:
    """Remove photos whose form was never sent, and addresses that nobody confirmed; how many."""
    return services.uploads_prune() + services.follows_lapse()


@task
def time_passes() -> list[int]:
    """What time does to reports: [accepted themselves, lapsed, closed by silence]."""
    return [services.overdue_accept(), services.silent_lapse(), services.silent_expire()]


def _pass() -> None:
    if not is_waiting(time_passes.module_path):
        time_passes.enqueue()


def register() -> None:
    """Called once, when all apps are loaded."""
    channels.add(Channel(messages.CHANNEL, messages.send))
    jobs.add(PeriodicJob("incidents.uploads", every_s=3600, enqueue=uploads_prune.enqueue))
    jobs.add(PeriodicJob("incidents.time", every_s=60, enqueue=_pass))
