"""Background work of the accounts."""

from __future__ import annotations

import io

from django.core.management import call_command
from django_tasks import task

from kernel.periodic import PeriodicJob, jobs

KEPT_DAYS = 30
"""Who signed in from where, and who tried to: personal data, kept for as long as an inquiry may need it."""


@task()
def forget_sign_ins() -> None:
    """Remove addresses and browsers of sign-ins older than ``KEPT_DAYS``."""
    call_command("axes_reset_logs", age=KEPT_DAYS, stdout=io.StringIO())


def register() -> None:
    """Called once, when all apps are loaded."""
    jobs.add(PeriodicJob("accounts.forget_sign_ins", 86_400, forget_sign_ins.enqueue))
