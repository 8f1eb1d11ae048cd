"""``manage.py export_points --as USERNAME --out FILE.gpkg``: the change points that somebody may see, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from accounts.models import User
from accounts.selectors import viewer_of
from imagery import services
from imagery.models import STATE_TITLES
from imagery.selectors.exports import SHEET, point_rows, point_tables
from imagery.selectors.queue import queue_filter
from kernel.errors import DomainError
from kernel.whole_file import whole_file
from layers.reports.crs import epsg_named
from layers.reports.files import Form, format_of, layer_write
from layers.reports.shapefile import ENCODINGS
from places.selectors import county_facts


class Command(BaseCommand):
    """Write points with their outlines into a file."""

    help = "Export change points to GeoPackage, Shapefile (.zip) or CSV; what is published: export_layer changepoints."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--as", dest="username", required=True, help="the points of this user; noted in the audit")
        parser.add_argument(
            "--out", type=Path, required=True, metavar="FILE.gpkg", help=".gpkg, .zip (Shapefile), .csv"
        )
        parser.add_argument(
            "--filter", default="", help="as the queue's address has it: kind=building&place=!990521001"
        )
        parser.add_argument("--crs", default="4326", help="4326, 4490, or auto (454x): the county's zone, in metres")
        parser.add_argument("--encoding", choices=ENCODINGS, default=ENCODINGS[1], help="of a Shapefile's texts")
        parser.add_argument("--county", default=settings.COUNTY, help="six digits (the default county)")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of titles")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file and say how many points are in it.

        Raises:
            CommandError: no such user or filter, or a file that cannot be written, in a sentence.
        """
        with translation.override("en" if options["lang"] == "en" else "zh-hans"):
            try:
                self._export(options)
            except DomainError as error:
                raise CommandError(" ".join(str(part) for part in (error.message, error.hint) if part)) from error

    def _export(self, options: dict[str, Any]) -> None:
        out: Path = options["out"]
        kind = format_of(out)
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user “{options['username']}”.")
        viewer = viewer_of(user, options["county"])
        asked = queue_filter(dict(parse_qsl(options["filter"], keep_blank_values=True)), STATE_TITLES)
        center = county_facts(viewer).center
        epsg = epsg_named(options["crs"], center[0] if center else None)
        with whole_file(out) as new, transaction.atomic():
            count = layer_write(
                new, SHEET, point_tables(point_rows(viewer, asked)), Form(kind, epsg, options["encoding"])
            )
            services.points_exported(by=viewer, rows=count, form=kind, asked=options["filter"])
        self.stdout.write(f"{count:,} points in EPSG:{epsg}: {out} ({out.stat().st_size:,} bytes).")
