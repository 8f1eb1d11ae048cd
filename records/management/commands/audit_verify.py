"""``manage.py audit_verify``: whether the audit is what was sealed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from records import selectors


class Command(BaseCommand):
    """Compute all seals and chains again; exit status 1 when a row was altered, inserted or removed."""

    help = "Checks that no sealed audit row and no step of a history was altered, inserted or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--head``."""
        parser.add_argument("--head", default="", help="code of a seal that was noted elsewhere and must be there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and report.

        Raises:
            CommandError: the audit is not what was sealed.
        """
        report = selectors.audit_report(options["head"])
        findings = [*report.findings, *selectors.history_findings()]
        self.stdout.write(f"{report.seals} seals over {report.rows} rows; {report.unsealed} rows not sealed yet")
        if report.sealed_at:
            age = clock.now() - report.sealed_at
            minutes = int(age.total_seconds() // 60)
            self.stdout.write(f"last seal {minutes // 60} h {minutes % 60} min ago, head {report.head}")
        if findings:
            raise CommandError("\n".join(["the audit was tampered with:", *findings]))
        self.stdout.write("whole up to the last seal" if report.seals else "no seal yet")
