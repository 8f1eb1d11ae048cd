"""``manage.py media_tidy``: remove files whose row never came to be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from media.services import leftovers_remove


class Command(BaseCommand):
    """Removes what crashed or failed uploads left behind; run daily by the scheduler, harmless at any time."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and say how many."""
        self.stdout.write(f"media_tidy: removed the files of {leftovers_remove()} unfinished uploads")
