"""``manage.py telemetry_status``: how the telemetry fares."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from devices import selectors, sql


class Command(BaseCommand):
    """Print rows a second, MB a day, lag, what waits, dead letters, and when the disk is full."""

    help = "Shows how the telemetry fares: rows a second, MB a day, lag, dead letters, days until the disk is full."

    def add_arguments(self, parser: CommandParser) -> None:
        """How long to count rows for the rate."""
        parser.add_argument("--seconds", type=float, default=5.0, help="count rows for so long (default 5)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, wait, look again, and print."""
        before = sql.intake()
        time.sleep(options["seconds"])
        now = selectors.telemetry_status()
        rate = (sql.intake() - before) / options["seconds"] if options["seconds"] else 0.0
        oldest = f", the oldest {now.oldest:%Y-%m-%d %H:%M}" if now.oldest else ""
        letters = ", ".join(f"{reason} {n}" for reason, n in now.letters.items()) or "none"
        for name, value in (
            ("readings a second", f"{rate:.1f}"),
            ("readings stored", f"{now.rows:,}"),
            ("size", f"{now.bytes / 1e6:.1f} MB"),
            ("growth", "no readings today" if now.mb_per_day is None else f"{now.mb_per_day:.1f} MB a day"),
            ("newest reading", "none" if now.lag_s is None else f"{now.lag_s:.0f} s old"),
            ("hours to count anew", f"{now.dirty:,}{oldest}"),
            ("dead letters today", letters),
            ("disk is full in", "unknown" if now.days_left is None else f"{now.days_left:,.0f} days"),
        ):
            self.stdout.write(f"{name:>20}  {value}")
