"""``manage.py worker``: does background work. Any number may run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Take tasks from the queue that the settings name, until SIGTERM or SIGINT."""

    help = "Does background work until SIGTERM or SIGINT; any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--batch``."""
        parser.add_argument("--batch", action="store_true", help="do what waits, then end")

    def handle(self, *args: Any, batch: bool, verbosity: int, **options: Any) -> None:
        """Run the worker of the queue's own package."""
        if settings.TASKS_ON_REDIS:
            call_command("rqworker", burst=batch, verbosity=verbosity)
        else:
            call_command("db_worker", batch=batch, startup_delay=False, reload=False, verbosity=verbosity)
