"""``manage.py outbox``: what waits, what was tried, what was given up; and try the given up again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Min

from kernel.clock import ZONE
from records import services
from records.models import OutboxMessage


class Command(BaseCommand):
    """Messages by channel and state; the last dead ones with their errors."""

    help = "Shows messages by channel and state, and those that were given up. --retry tries these again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --retry and --most."""
        parser.add_argument("--retry", action="store_true", help="put what was given up back among what waits")
        parser.add_argument("--most", type=int, default=20, help="how many given up ones to show")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say it; neither texts nor telephone numbers, only keys and errors."""
        counts = OutboxMessage.objects.values("channel", "state").annotate(n=Count("pk"), oldest=Min("created_at"))
        for row in counts.order_by("channel", "state"):
            oldest = f"{row['oldest'].astimezone(ZONE):%Y-%m-%d %H:%M}"
            self.stdout.write(f"{row['channel']:12} {row['state']:8} {row['n']:6}  since {oldest}")
        dead = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD)
        for one in dead.order_by("-pk")[: options["most"]]:
            self.stdout.write(f"given up: {one.dedupe_key} after {one.attempts}: {one.last_error}")
        if options["retry"]:
            self.stdout.write(f"{services.outbox_retry()} will be tried again")
