"""``manage.py export_map --village CODE --out FILE.html``: a briefing that opens without network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from kernel.errors import DomainError
from kernel.viewer import Viewer
from kernel.whole_file import whole_file
from portal.reports.briefing import briefing_of
from portal.reports.briefing_map import briefing_html


class Command(BaseCommand):
    """Write what everybody may know of a place into one HTML file."""

    help = "Export a village or township as one HTML file: map, photos, figures and phones; it opens without network."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--village", metavar="CODE", help="twelve digits")
        what.add_argument("--township", metavar="CODE", help="nine digits")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.html")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file and say how large it is."""
        level = "village" if options["village"] else "township"
        code: str = options[level]
        with translation.override("en" if options["lang"] == "en" else "zh-hans"):
            try:
                self._export(code, level, options["out"])
            except DomainError as error:
                raise CommandError(" ".join(str(part) for part in (error.message, error.hint) if part)) from error

    def _export(self, code: str, level: str, out: Path) -> None:
        if out.suffix.lower() not in (".html", ".htm"):
            raise CommandError(f"The file must end in .html, not “{out.name}”.")
        briefing = briefing_of(Viewer(county=code[:6]), code, level)
        with whole_file(out) as new:
            new.write_text(briefing_html(briefing), encoding="utf-8")
        photos = sum(map(len, briefing.photos.values()))
        self.stdout.write(
            f"{briefing.place['name']}: {len(briefing.projects)} projects, {photos} photos, "
            f"{len(briefing.facilities)} facilities in {out} ({out.stat().st_size / 1e6:.1f} MB)."
        )
