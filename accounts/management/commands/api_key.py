"""``manage.py api_key LABEL``: a key for a program that sends reports over Open311."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import selectors, services
from kernel.viewer import Viewer


class Command(BaseCommand):
    """Make a key and print it."""

    help = "Makes a key for a program of somebody else's (Open311) and prints it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """``LABEL [--county] [--read-only] [--rate]``."""
        parser.add_argument("label", help="whose program it is, at most 60 characters")
        parser.add_argument("--county", default=settings.COUNTY, help="code of the county (default: the setting)")
        parser.add_argument("--read-only", action="store_true", help="a pace of its own, but no reports")
        parser.add_argument("--rate", type=int, default=3600, help="requests an hour (default: 3600)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it.

        Raises:
            CommandError: no such county, an over-long label, no rate.
        """
        if not selectors.county_exists(options["county"]):
            raise CommandError(f"There is no county {options['county']} in this database.")
        if not 0 < len(options["label"]) <= 60:
            raise CommandError("The label has 1 to 60 characters.")
        if options["rate"] < 1:
            raise CommandError("The rate is 1 or more.")
        by = Viewer(county=options["county"], label=services.COMMAND_LINE)
        may_write = not options["read_only"]
        _row, key = services.api_key_create(by=by, label=options["label"], may_write=may_write, rate=options["rate"])
        self.stdout.write(key)
