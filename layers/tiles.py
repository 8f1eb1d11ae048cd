"""Vector tiles of a layer (Mapbox Vector Tile 2.1), written by PostGIS."""

from __future__ import annotations

import math

from django.db.models import F, Func, TextField, Value

from kernel.geo import Bbox
from kernel.layerspec import LayerSpec
from kernel.viewer import Viewer
from layers.compiler import PK, columns, compiled, selected
from layers.query import Query
from layers.statements import Statement, quote

EXTENT, BUFFER = 4096, 64
"""Units of a tile's side, and how many of them features reach over its edge (what ST_AsMVT and its readers expect)."""

ZOOM_MOST = 22

WEB_MERCATOR = 3857

GEOMETRY = "_geom"


def tile_bbox(z: int, x: int, y: int, buffer: int = BUFFER) -> Bbox:
    """The area of a tile with ``buffer`` units around it: west, south, east, north in degrees, EPSG:4326.

    Source: OGC Two Dimensional Tile Matrix Set, WebMercatorQuad.
    """
    across, margin = 2.0**z, buffer / EXTENT

    def lon(column: float) -> float:
        return max(-180.0, min(180.0, column / across * 360 - 180))

    def lat(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / across))))

    return lon(x - margin), lat(y + 1 + margin), lon(x + 1 + margin), lat(y - margin)


def mvt_geometry(path: str, z: int, x: int, y: int) -> Func:
    """The geometry at ``path`` in units of the tile, as an ORM expression; NULL where nothing of it is left.

    The tile's bounds are literals: a generic plan costs 1.5 times as much.
    """
    mercator = Func(F(path), Value(WEB_MERCATOR), function="ST_Transform", output_field=TextField())
    bounds = Func(Value(z), Value(x), Value(y), function="ST_TileEnvelope", output_field=TextField())
    parts = (mercator, bounds, Value(EXTENT), Value(BUFFER), Value(True))
    return Func(*parts, function="ST_AsMVTGeom", output_field=TextField())


def tile_statement(spec: LayerSpec, viewer: Viewer, query: Query, z: int, x: int, y: int) -> Statement | None:
    """One row with one tile; None when there can be nothing in it."""
    if z < spec.zooms[0]:
        return None
    fields = tuple(field for field in spec.fields_for(viewer) if field.tile)
    shown = columns(spec, viewer, fields)
    boxed = Query(bbox=tile_bbox(z, x, y), filters=query.filters)
    rows = selected(spec, viewer, boxed).order_by("pk")
    inner = compiled(rows, **{GEOMETRY: mvt_geometry(spec.geom, z, x, y)}, **shown.expressions)
    if inner is None:
        return None
    more = f", {shown.as_tile()}" if fields else ""
    # The id of a feature in a tile is an unsigned integer; place codes are digits.
    sql = f"""
        SELECT ST_AsMVT(t, %s, {EXTENT}, '{GEOMETRY}', '{PK}')
        FROM (SELECT q.{quote(PK)}::bigint AS {quote(PK)}, q.{quote(GEOMETRY)}{more} FROM ({inner.sql}) q) t"""
    return Statement(sql, (spec.key, *inner.params))


def tile(spec: LayerSpec, viewer: Viewer, query: Query, z: int, x: int, y: int) -> bytes:
    """One tile; no bytes when nothing is in it. Below the lowest zoom of the layer every tile is empty.

    Cost: one query.
    """
    statement = tile_statement(spec, viewer, query, z, x, y)
    return bytes(statement.row()[0]) if statement else b""
