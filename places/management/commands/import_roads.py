"""``manage.py import_roads FILE --county CODE``: the road network of a county."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.errors import DomainError
from kernel.viewer import Viewer
from places.ingest.roads import Options, roads_import


class Command(BaseCommand):
    """Import roads from OpenStreetMap (.osm.pbf) or any vector file that GDAL reads."""

    help = "Import roads from an OSM PBF or vector file into a county; the same file again replaces itself."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", default=settings.COUNTY, help="six digits (the default county)")
        parser.add_argument("--layer", help="layer of the file (the first one with lines)")
        parser.add_argument("--crs", help="coordinate system of a file that does not say it, e.g. EPSG:4549")
        parser.add_argument("--encoding", help="of attribute text, e.g. GBK")
        parser.add_argument("--with-paths", action="store_true", help="also foot, cycle and field paths")
        parser.add_argument("--join-crossings", action="store_true", help="join roads that cross without a vertex")
        parser.add_argument("--anywhere", action="store_true", help="also roads outside the county")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and say what came of it."""
        chosen = Options(
            options["layer"],
            options["crs"],
            options["encoding"],
            options["with_paths"],
            options["join_crossings"],
            options["anywhere"],
        )
        by = Viewer(county=options["county"], label="import_roads")
        try:
            report = roads_import(by=by, path=options["file"], options=chosen)
        except DomainError as error:
            raise CommandError(" ".join(str(part) for part in (error.message, error.hint) if part)) from error
        self.stdout.write(
            f"{report.read:,} lines read; {report.edges:,} edges ({report.length_km:,} km), "
            f"{report.vertices:,} vertices, {report.components:,} connected components."
        )
        for why, count in sorted(report.left_out.items()):
            self.stdout.write(f"  left out: {count:,} {why}")
        if report.replaced:
            self.stdout.write(f"  {report.replaced:,} edges of an earlier import of this file were replaced.")
