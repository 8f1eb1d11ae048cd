"""Background work of the accounts."""

from __future__ import annotations

import io
from dataclasses import replace

from django.core.management import call_command
from django_tasks import task

from accounts.models import User
from accounts.services import inbox_put
from kernel.live import LiveTopic, live_topics
from kernel.outbox import Channel, Message, channels
from kernel.periodic import PeriodicJob, jobs

KEPT_DAYS = 30
"""Who signed in from where, and who tried to: personal data, kept for as long as an inquiry may need it."""


@task()
def forget_sign_ins() -> None:
    """Remove addresses and browsers of sign-ins older than ``KEPT_DAYS``."""
    call_command("axes_reset_logs", age=KEPT_DAYS, stdout=io.StringIO())


def _send_to_phone(message: Message) -> None:
    """Through the gateway for telephones; the number stays in the user's row until the moment of sending."""
    mobile = User.objects.filter(pk=message.recipient).values_list("mobile", flat=True).first()
    if mobile:
        channels["webhook"].send(replace(message, recipient=mobile))


def register() -> None:
    """Called once, when all apps are loaded."""
    channels.add(Channel("inbox", inbox_put))
    if "webhook" in channels:
        channels.add(Channel("staff_phone", _send_to_phone))
    live_topics.add(
        LiveTopic(
            key="inbox",
            models=("accounts.InboxItem",),
            listens=lambda viewer: viewer.is_signed_in,
            column="recipient_id",
            part=lambda viewer: str(viewer.user_id),
        )
    )
    jobs.add(PeriodicJob("accounts.forget_sign_ins", 86_400, forget_sign_ins.enqueue))
