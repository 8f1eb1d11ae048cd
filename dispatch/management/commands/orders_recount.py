"""``manage.py orders_recount``: count provisional due times anew after a calendar was imported."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dispatch import services


class Command(BaseCommand):
    """Count the due times anew that were counted in a year without a published calendar."""

    help = "Counts due times anew that were counted in a year whose calendar was not published yet."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say of how many orders something has changed; the history of each says what."""
        self.stdout.write(f"{services.orders_recount()} orders changed")
