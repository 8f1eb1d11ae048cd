"""``manage.py import_calendar FILE.csv``: a year's holidays and make-up days before the package knows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.errors import Invalid
from kernel.viewer import Viewer
from records import ingest, services


class Command(BaseCommand):
    """Import days that differ from Monday-to-Friday, as the State Council's notice says."""

    help = "Imports a CSV file: day,is_workday,name[,source]."

    def add_arguments(self, parser: CommandParser) -> None:
        """``FILE``."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the whole file, then write all of it or nothing.

        Raises:
            CommandError: the file cannot be read.
        """
        try:
            days = ingest.calendar_days(options["file"])
        except Invalid as error:
            raise CommandError(str(error)) from error
        count = services.calendar_import(by=Viewer(county=settings.COUNTY, label="command line"), days=days)
        self.stdout.write(f"{count} days imported")
