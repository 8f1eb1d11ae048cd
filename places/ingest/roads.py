"""Import roads from OpenStreetMap (PBF) or any vector file into the network of a county."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyproj
import shapely
from django.contrib.gis.geos import LineString as GeosLine
from django.db import transaction
from django.db.models import Max

from kernel.errors import Invalid, NotFound
from kernel.viewer import Viewer
from places.ingest.map_files import frame_read, texts_of
from places.ingest.noding import Network, Vertex, join_crossings, node
from places.models import County, Place, Road
from records.services import audit_write

logger = logging.getLogger(__name__)

C = Road.RoadClass
GEOD = pyproj.Geod(ellps="WGS84")

# OpenStreetMap's highway values (wiki: Key:highway), and the grades of Chinese road lists (JTG B01).
CLASSES: dict[str, str] = {
    **dict.fromkeys(("motorway", "trunk", "primary", "高速", "高速公路", "国道", "省道", "main"), C.MAIN),
    **dict.fromkeys(("secondary", "tertiary", "县道"), C.SECONDARY),
    **dict.fromkeys(("unclassified", "residential", "living_street", "service", "road", "minor"), C.MINOR),
    **dict.fromkeys(("乡道", "村道"), C.MINOR),
    **dict.fromkeys(("track", "path", "footway", "cycleway", "pedestrian", "steps", "bridleway", "小路"), C.PATH),
}
NAME_FIELDS = ("name", "NAME", "名称", "路名", "道路名称")
CLASS_FIELDS = ("highway", "fclass", "road_class", "等级", "道路等级", "class")
BRIDGE_TAG = '"bridge"=>"'


@dataclass(frozen=True, slots=True)
class Line:
    """A road as the file has it; points (lon, lat) in degrees, EPSG:4326."""

    points: tuple[Vertex, ...]
    name: str
    road_class: str
    is_bridge: bool


@dataclass
class Report:
    """What an import did. Nothing is left out without being counted here."""

    read: int = 0
    edges: int = 0
    vertices: int = 0
    components: int = 0
    length_km: float = 0.0
    left_out: Counter[str] = field(default_factory=Counter)
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is read.

    Attributes:
        layer: of the file; None takes the first one with lines.
        crs: of a file that does not say it, e.g. "EPSG:4549".
        encoding: of attribute text that the file does not say, e.g. "GBK".
        with_paths: also foot, cycle and field paths, which cars do not use.
        join: join roads that cross without a common vertex.
        anywhere: also roads outside the county.
    """

    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    with_paths: bool = False
    join: bool = False
    anywhere: bool = False


def roads_import(*, by: Viewer, path: Path, options: Options) -> Report:
    """Import the roads of a file into ``by.county``; a second import of the same file replaces the first.

    Raises:
        NotFound: the county or the file is not there.
        Invalid: the file cannot be read, has no coordinate system, or no road of it is wanted; nothing is replaced.
    """
    if not County.objects.filter(pk=by.county).exists():
        raise NotFound(f"There is no county {by.county} in the database.", code="unknown_county", field="county")
    report = Report()
    lines = _wanted(_read(path, options, report), by.county, options, report)
    if not lines:
        reasons = "; ".join(f"{count:,} {why}" for why, count in sorted(report.left_out.items()))
        raise Invalid(f"{path.name} has no road for {by.county}: {reasons or 'it is empty'}.", code="no_roads")
    points = [line.points for line in lines]
    joined = join_crossings(points, [not line.is_bridge for line in lines]) if options.join else points
    origin = path.name[:120]
    with transaction.atomic():
        county = County.objects.select_for_update().get(pk=by.county)
        report.replaced = Road.objects.filter(county=county, origin=origin).delete()[0]
        network = node(joined, first_vertex=_free_vertex(county))
        Road.objects.bulk_create(_roads(county, lines, network, origin), batch_size=2000)
        changes = {"origin": [None, origin], "edges": [report.replaced, len(network.pieces)]}
        audit_write(by=by, action="roads.import", obj=county, changes=changes)
    report.edges, report.vertices, report.components = len(network.pieces), network.vertices, network.components
    report.length_km = round(sum(_length(piece.points) for piece in network.pieces) / 1000, 1)
    return report


def _free_vertex(county: County) -> int:
    """A vertex number that no other edge of the county has."""
    highest = Road.objects.filter(county=county).aggregate(a=Max("source"), b=Max("target"))
    return max(highest["a"] or 0, highest["b"] or 0) + 1


def _roads(county: County, lines: list[Line], network: Network, origin: str) -> list[Road]:
    return [
        Road(
            county=county,
            name=lines[piece.line].name,
            road_class=lines[piece.line].road_class,
            is_bridge=lines[piece.line].is_bridge,
            source=piece.source,
            target=piece.target,
            length_m=round(_length(piece.points), 2),
            origin=origin,
            geom=GeosLine(piece.points, srid=4326),
        )
        for piece in network.pieces
    ]


def _length(points: tuple[Vertex, ...]) -> float:
    lons, lats = zip(*points, strict=True)
    return float(GEOD.line_length(lons, lats))


def _wanted(lines: list[Line], county: str, options: Options, report: Report) -> list[Line]:
    """Without paths and what lies outside, unless asked for."""
    kept = [line for line in lines if options.with_paths or line.road_class != C.PATH]
    report.left_out["paths (--with-paths takes them)"] += len(lines) - len(kept)
    if not options.anywhere:
        outline = Place.objects.get(pk=county).geom
        area = shapely.from_wkb(bytes(outline.wkb))
        shapely.prepare(area)
        inside = [line for line in kept if area.intersects(shapely.LineString(line.points))]
        report.left_out["outside the county (--anywhere takes them)"] += len(kept) - len(inside)
        kept = inside
    report.left_out = Counter({why: count for why, count in report.left_out.items() if count})
    return kept


def _read(path: Path, options: Options, report: Report) -> list[Line]:
    """The lines of a file, in EPSG:4326."""
    said = {"layer": options.layer, "crs": options.crs, "encoding": options.encoding}
    frame = frame_read(path, "LineString", **said)
    names, kinds = texts_of(frame, NAME_FIELDS), texts_of(frame, CLASS_FIELDS)
    is_osm = "other_tags" in frame.columns and "highway" in frame.columns
    tags = texts_of(frame, ("other_tags",))
    lines: list[Line] = []
    for geometry, name, kind, tag in zip(frame.geometry, names, kinds, tags, strict=True):
        report.read += 1
        if is_osm and not kind:
            report.left_out["lines that are no roads"] += 1
            continue
        lines += _lines(geometry, name, kind, BRIDGE_TAG in tag and f"{BRIDGE_TAG}no" not in tag, report)
    return lines


def _lines(geometry: Any, name: str, kind: str, is_bridge: bool, report: Report) -> list[Line]:
    road_class = CLASSES.get(kind.removesuffix("_link"), C.MINOR)
    if geometry is None or geometry.is_empty or "LineString" not in geometry.geom_type:
        report.left_out["rows without a line"] += 1
        return []
    made = []
    for part in shapely.get_parts(shapely.force_2d(geometry)):
        points = tuple((float(lon), float(lat)) for lon, lat in part.coords)
        if not all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in points):
            raise Invalid("A line lies outside the globe: is the coordinate system right?", code="bad_coordinates")
        if part.length == 0:
            report.left_out["lines without length"] += 1
            continue
        made.append(Line(points, name[:80], road_class, is_bridge))
    return made
