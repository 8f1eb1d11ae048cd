"""Background work of the records: the tasks, how often they run, and the channels of the outbox."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django_tasks import task

from kernel import clock
from kernel.outbox import Channel, Message, channels
from kernel.periodic import PeriodicJob, jobs
from records import selectors, services
from records.models import OutboxMessage


@task()
def seal_audit() -> str:
    """Seal the audit; the result keeps the head of the chain outside the sealed tables."""
    seal = services.audit_seal()
    return seal.mac if seal else ""


@task()
def deliver_outbox() -> list[int]:
    """Deliver what waits: [sent, failed]."""
    return list(services.outbox_deliver())


@task()
def clear_old() -> None:
    """Remove sessions that ended and results of tasks that were done (Redis forgets those by itself)."""
    call_command("clearsessions")
    if not settings.TASKS_ON_REDIS:
        call_command("prune_db_task_results", min_age_days=settings.TASK_RESULTS_DAYS, verbosity=0)


def _seal() -> None:
    if not selectors.is_waiting(seal_audit.module_path):
        seal_audit.enqueue()


def _deliver() -> None:
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, due_at__lte=clock.now())
    if due.exists() and not selectors.is_waiting(deliver_outbox.module_path):
        deliver_outbox.enqueue()


def _send_email(message: Message) -> None:
    """By SMTP. The message's id is made of its key, so that a second delivery is recognised as the same message."""
    unique = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{unique}@{domain}>"}
    EmailMessage(message.subject, message.body, to=[message.recipient], headers=headers).send()


def _send_nowhere(message: Message) -> None:
    """For receivers who want no messages: the row says what they would have got."""


def register() -> None:
    """Called once, when all apps are loaded."""
    channels.add(Channel("email", _send_email))
    channels.add(Channel("none", _send_nowhere))
    jobs.add(PeriodicJob("records.seal_audit", 300, _seal))
    jobs.add(PeriodicJob("records.deliver_outbox", 10, _deliver))
    jobs.add(PeriodicJob("records.clear_old", 86_400, clear_old.enqueue))
