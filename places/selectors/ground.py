"""The ground of a map that is drawn at once (print, export), where tiles would be drawn piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.db.models.functions import AsWKB, Transform
from django.contrib.gis.geos import Polygon
from django.db.models import Subquery

from kernel.geo import WEB_MERCATOR, Bbox
from kernel.language import named
from kernel.viewer import Viewer
from places.models import BaseFeature, Level, Place, Road
from places.selectors.geography import PlaceLine


@dataclass(frozen=True, slots=True)
class GroundFeature:
    """Something that the base map draws.

    Attributes:
        layer: a layer of the base map, or "road".
        kind: variant within the layer; the class of a road.
        rank: importance of a name, width class of a river; 1 is most important.
        min_zoom: not drawn below this zoom of web mercator.
        wkb: geometry, EPSG:3857.
    """

    layer: str
    kind: str
    name: str
    rank: int
    min_zoom: int
    wkb: bytes


def ground_in(viewer: Viewer, bbox: Bbox) -> list[GroundFeature]:
    """What the base map draws of the county within a box (EPSG:4326), roads last; nothing is cut at its edge.

    It is reference geography, the same for every viewer. Cost: two queries.
    """
    box = Polygon.from_bbox(bbox)
    shape = AsWKB(Transform("geom", WEB_MERCATOR))
    here = {"county_id": viewer.county, "geom__bboverlaps": box}
    features = BaseFeature.objects.filter(**here).order_by("pk").annotate(wkb=shape)
    found = [
        GroundFeature(layer, kind, named(name, name_en), rank, min_zoom, bytes(wkb))
        for layer, kind, name, name_en, rank, min_zoom, wkb in features.values_list(
            "layer", "kind", "name", "name_en", "rank", "min_zoom", "wkb"
        )
    ]
    roads = Road.objects.filter(**here).order_by("pk").annotate(wkb=shape).values_list("road_class", "wkb")
    return found + [GroundFeature("road", kind, "", 5, 0, bytes(wkb)) for kind, wkb in roads]


def outline_of(viewer: Viewer, code: str) -> bytes:
    """The area of a place as WKB, EPSG:3857. Cost: one query."""
    area = Place.objects.visible_to(viewer).filter(code=code).annotate(wkb=AsWKB(Transform("geom", WEB_MERCATOR)))
    return bytes(area.values_list("wkb", flat=True).get())


def neighbours_of(viewer: Viewer, code: str) -> list[PlaceLine]:
    """The places of the same level that touch a township or village, by code. Cost: one query."""
    me = Place.objects.filter(code=code)
    rows = Place.objects.visible_to(viewer).filter(level=Subquery(me.values("level")[:1])).exclude(code=code)
    rows = rows.exclude(level=Level.COUNTY).filter(geom__intersects=Subquery(me.values("geom")[:1]))
    rows = rows.order_by("code").only("code", "name", "name_en", "level")
    return [PlaceLine(row.code, named(row.name, row.name_en), row.level) for row in rows]
