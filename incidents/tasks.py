"""Periodic work with reports, and the channel that reaches reporters."""

from __future__ import annotations

from django_tasks import task

from incidents import services
from incidents.services import messages
from kernel.outbox import Channel, channels
from kernel.periodic import PeriodicJob, jobs


@task
def uploads_prune() -> int:
    """Remove photos whose form was never sent; how many."""
    return services.uploads_prune()


def register() -> None:
    """Called once, when all apps are loaded."""
    channels.add(Channel(messages.CHANNEL, messages.send))
    jobs.add(PeriodicJob("incidents.uploads", every_s=3600, enqueue=uploads_prune.enqueue))
