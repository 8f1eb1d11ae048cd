"""``manage.py import_redlines FILE --kind farmland``: control lines of planning (三区三线) into a county."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.management.base import BaseCommand, CommandError, CommandParser

from imagery import services
from imagery.models import RedLine
from kernel.errors import DomainError
from kernel.viewer import Viewer
from places.ingest.map_files import frame_read, texts_of
from places.models import Place

CODE_FIELDS = ("code", "编号", "BSM", "标识码")
"""BSM is the identifier that every layer of a Chinese land database has."""


class Command(BaseCommand):
    """Import permanent farmland, ecological red lines or bounds of towns."""

    help = "Import control lines from GeoPackage, Shapefile or GeoJSON; the same file again replaces itself."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what it does not say itself."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=RedLine.Kind.values, help="of all areas of the file")
        parser.add_argument("--county", default=settings.COUNTY, help="six digits (the default county)")
        parser.add_argument("--layer", help="layer of the file (the first one with areas)")
        parser.add_argument("--crs", help="coordinate system of a file that does not say it, e.g. EPSG:4549")
        parser.add_argument("--encoding", help="of attribute text, e.g. GBK")
        parser.add_argument("--code-field", help=f"column of their codes (else {', '.join(CODE_FIELDS)})")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and say what came of it.

        Raises:
            CommandError: no such file or county, no areas, or no coordinate system, in a sentence.
        """
        path, by = options["file"], Viewer(county=options["county"], label="import_redlines")
        left_out: Counter[str] = Counter()
        try:
            said = {name: options[name] for name in ("layer", "crs", "encoding")}
            frame = frame_read(path, "Polygon", **said)
            fields = (options["code_field"],) if options["code_field"] else CODE_FIELDS
            lines = list(_lines(frame, texts_of(frame, fields), by.county, left_out))
            kept = services.redlines_put(by=by, kind=RedLine.Kind(options["kind"]), origin=path.name, lines=lines)
        except DomainError as error:
            raise CommandError(" ".join(str(part) for part in (error.message, error.hint) if part)) from error
        self.stdout.write(
            f"{len(frame):,} rows read; {kept.lines:,} areas kept, {kept.replaced:,} of an earlier import replaced; "
            f"{kept.moved:,} waiting points have another place in the queue."
        )
        for why, count in sorted(left_out.items()):
            self.stdout.write(f"  left out: {count:,} {why}")


def _lines(
    frame: geopandas.GeoDataFrame, codes: list[str], county: str, left_out: Counter[str]
) -> Iterator[services.GivenLine]:
    """Each area of the file by itself, as far as it touches the county: a huge one would be tested for every point."""
    place = Place.objects.filter(pk=county).first()
    outline = shapely.from_wkb(bytes(place.geom.wkb)) if place and place.geom else None
    if outline is not None:
        shapely.prepare(outline)
    for shape, code in zip(frame.geometry, codes, strict=True):
        areas = [] if shape is None else [one for one in _areas(shape) if one.area > 0]
        left_out["rows without an area"] += not areas
        for area in areas:
            if outline is not None and not outline.intersects(area):
                left_out["areas outside the county"] += 1
                continue
            geom = GEOSGeometry(memoryview(shapely.to_wkb(area)), srid=4326)
            yield services.GivenLine(MultiPolygon(geom, srid=4326), code)
    for why in [why for why, count in left_out.items() if not count]:
        del left_out[why]


def _areas(shape: Any) -> Iterator[Any]:
    for part in shapely.get_parts(shapely.make_valid(shapely.force_2d(shape))):
        for one in shapely.get_parts(part):
            if one.geom_type == "Polygon":
                yield one
