"""Background work of the records: the tasks, how often they run, and the channels of the outbox."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.request
from typing import Any

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
    """By SMTP. The message's id is made of its key, so that a second delivery is recognised as the same message.

    ``data["unsubscribe"]`` is the address where a POST stops such messages, if there is one.
    """
    unique = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{unique}@{domain}>"}
    if stop := message.data.get("unsubscribe"):  # RFC 8058: the button of the mail program
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    EmailMessage(message.subject, message.body, to=[message.recipient], headers=headers).send()


def _send_nowhere(message: Message) -> None:
    """For receivers who want no messages: the row says what they would have got."""


WEBHOOK_S = 10
"""Longest answer of the gateway, seconds; well within the lease of a message."""


def _send_webhook(message: Message) -> None:
    """POST to the gateway of the county's text messages or WeChat, signed; anything but 2xx is a failed attempt.

    ``X-Geogov-Signature`` is ``sha256=`` and the HMAC-SHA256 (hex) of the timestamp, a dot and the body.
    ``Idempotency-Key`` is the same for a second delivery.
    """
    body = json.dumps(
        {"recipient": message.recipient, "subject": message.subject, "body": message.body}, ensure_ascii=False
    ).encode()
    stamp = str(int(clock.now().timestamp()))
    mac = hmac.new(settings.WEBHOOK_KEY.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": message.key,
        "X-Geogov-Timestamp": stamp,
        "X-Geogov-Signature": f"sha256={mac}",
    }
    request = urllib.request.Request(settings.WEBHOOK_URL, body, headers, method="POST")  # noqa: S310 - checked at start
    with _gateway.open(request, timeout=WEBHOOK_S):
        pass


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed message goes where it was addressed, nowhere else."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        """None: the redirect is an error."""


_gateway = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def register() -> None:
    """Called once, when all apps are loaded."""
    channels.add(Channel("email", _send_email))
    if settings.WEBHOOK_URL:
        channels.add(Channel("webhook", _send_webhook))
    channels.add(Channel("none", _send_nowhere))
    jobs.add(PeriodicJob("records.seal_audit", 300, _seal))
    jobs.add(PeriodicJob("records.deliver_outbox", 10, _deliver))
    jobs.add(PeriodicJob("records.clear_old", 86_400, clear_old.enqueue))
