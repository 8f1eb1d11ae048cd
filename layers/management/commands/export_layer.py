"""``manage.py export_layer KEY --out FILE.gpkg``: a layer as GeoPackage, Shapefile or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from accounts.models import User
from accounts.selectors import viewer_of
from kernel.errors import DomainError, Invalid
from kernel.viewer import Viewer
from kernel.whole_file import whole_file
from layers.catalogue import layer_for
from layers.collections import table
from layers.query import Query
from layers.reports.crs import epsg_named
from layers.reports.files import Form, format_of, layer_write
from layers.reports.shapefile import ENCODINGS
from places.selectors import county_facts, place_get
from records.services import audit_write


class Command(BaseCommand):
    """Write what a viewer sees of a layer into a file."""

    help = "Export a layer to a file: the rows and fields that everybody sees, or those of --as USERNAME."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("layer", help="key of the layer, e.g. projects")
        parser.add_argument(
            "--out", type=Path, required=True, metavar="FILE.gpkg", help=".gpkg, .zip (Shapefile) or .csv"
        )
        parser.add_argument("--crs", default="4326", help="4326, 4490, or auto (454x): the county's zone, in metres")
        parser.add_argument("--encoding", choices=ENCODINGS, default=ENCODINGS[1], help="of a Shapefile's texts")
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--village", metavar="CODE", help="only rows of a village")
        where.add_argument("--township", metavar="CODE", help="only rows of a township")
        parser.add_argument("--county", help="six digits (the county of the place, else the default county)")
        parser.add_argument("--as", dest="username", help="the rows and fields of this user; noted in the audit")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of titles")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file and say what is in it."""
        with translation.override("en" if options["lang"] == "en" else "zh-hans"):
            try:
                self._export(options)
            except DomainError as error:
                raise CommandError(" ".join(str(part) for part in (error.message, error.hint) if part)) from error

    def _export(self, options: dict[str, Any]) -> None:
        out: Path = options["out"]
        kind = format_of(out)
        place = options["village"] or options["township"] or ""
        viewer = _viewer(options["county"] or place[:6] or settings.COUNTY, options["username"])
        spec = layer_for(viewer, options["layer"])
        facts = county_facts(viewer)
        if place:
            _check_level(viewer, place, "village" if options["village"] else "township")
        epsg = epsg_named(options["crs"], facts.center[0] if facts.center else None)
        found = table(spec, viewer, Query(), place)
        with whole_file(out) as new, transaction.atomic():
            layer_write(new, spec, [found], Form(kind, epsg, options["encoding"]))
            if viewer.is_signed_in:
                said = {"rows": [None, len(found.rows)], "place": [None, place or viewer.county], "crs": [None, epsg]}
                audit_write(by=viewer, action="layer.export", obj=("layers.layer", spec.key), changes=said)
        size = out.stat().st_size
        self.stdout.write(f"{len(found.rows):,} rows of {spec.key} in EPSG:{epsg}: {out} ({size:,} bytes).")


def _viewer(county: str, username: str | None) -> Viewer:
    if not username:
        return Viewer(county=county)
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user “{username}”.")
    return viewer_of(user, county)


def _check_level(viewer: Viewer, code: str, level: str) -> None:
    """Raise Invalid for a code of another level, NotFound for one that is not there."""
    found = place_get(viewer, code)
    if found.level != level:
        raise Invalid(f"{found.name} ({code}): {found.level}, not {level}.")
