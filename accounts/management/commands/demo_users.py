"""``manage.py demo_users``: the demo accounts, for the terminal. Says nothing outside demo mode."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts import selectors, services


class Command(BaseCommand):
    """List the demo accounts: one of each role, or all."""

    help = "Lists the demo accounts (one of each role; --all for all) and their password."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--all``."""
        parser.add_argument("--all", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """List them.

        Raises:
            CommandError: outside demo mode.
        """
        if not settings.DEMO:
            raise CommandError("Demo accounts exist in demo mode only (DEMO=1).")
        with translation.override("zh-hans"):
            rows = selectors.demo_accounts(settings.COUNTY, one_per_role=not options["all"])
        if not rows:
            self.stdout.write("There are no demo accounts; load_demo makes them.")
            return
        self.stdout.write(f"Demo accounts, all with the password  {services.demo_password_settle()}")
        for row in rows:
            self.stdout.write(f"  {row.username:<12} {row.role_title}  {row.name}  {row.unit}".rstrip())
