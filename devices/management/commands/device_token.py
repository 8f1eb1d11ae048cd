"""``manage.py device_token CODE``: a new token for a device or gateway."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import COMMAND_LINE
from devices import services
from devices.mqtt.accounts import password_line
from kernel.errors import DomainError
from kernel.viewer import Viewer


class Command(BaseCommand):
    """Print a new token; the old ones end after the hand-over."""

    help = "Makes a new token for a device or gateway and prints it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which device, and how long the old tokens stay good."""
        parser.add_argument("code", help="the device's code")
        parser.add_argument("--county", default=settings.COUNTY, help="code of the county (default: the setting)")
        parser.add_argument("--broker", action="store_true", help="also print its line for Mosquitto's password file")
        parser.add_argument("--hours", type=float, default=24.0, help="how long old tokens stay good (default 24)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue it."""
        by = Viewer(county=options["county"], label=COMMAND_LINE)
        try:
            token = services.token_issue(by=by, code=options["code"], handover=dt.timedelta(hours=options["hours"]))
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(token)
        if options["broker"]:
            self.stdout.write(password_line(by.county, options["code"], token))
