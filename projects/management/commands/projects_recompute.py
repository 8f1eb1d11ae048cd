"""``manage.py projects_recompute``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from projects.services import projects_recompute


class Command(BaseCommand):
    """Compute status and summary of projects anew from stage, dates and monthly progress."""

    help = "Compute status and summary of projects anew from stage, dates and monthly progress."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--county``."""
        parser.add_argument("--county", default="", help="six-digit code; all counties without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many projects changed; 0 is what is expected during the day."""
        changed = projects_recompute(options["county"])
        self.stdout.write(f"{len(changed)} projects changed")
