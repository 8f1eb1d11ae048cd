"""Vector tiles of a layer (Mapbox Vector Tile 2.1), written by PostGIS."""

from __future__ import annotations

import math
from dataclasses import replace

from kernel.geo import WEB_MERCATOR, Bbox
from kernel.layerspec import LayerSpec
from kernel.viewer import Viewer
from layers.compiler import GEOM, PK, Rows, rows, where
from layers.query import Query
from layers.statements import Statement

EXTENT, BUFFER = 4096, 64
"""Units of a tile's side, and how many of them features reach over its edge (what ST_AsMVT and its readers expect)."""

ZOOM_MOST = 22


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


def mvt_geometry(geometry: str) -> str:
    """``geometry`` (SQL, EPSG:4326) in units of the tile; NULL where nothing of it is left. Takes z, x, y as values.

    Values are sent as literals: a generic plan costs 1.5 times as much.
    """
    return (
        f"ST_AsMVTGeom(ST_Transform({geometry}, {WEB_MERCATOR}), ST_TileEnvelope(%s, %s, %s), {EXTENT}, {BUFFER}, true)"
    )


def tile_statement(spec: LayerSpec, viewer: Viewer, query: Query, z: int, x: int, y: int) -> Statement | None:
    """One row with one tile; None when there can be nothing in it."""
    if z < spec.zooms[0]:
        return None
    fields = tuple(field for field in spec.fields_for(viewer) if field.tile)
    found = rows(spec, viewer, fields, query)
    if found is None:
        return None
    wanted = where(found, replace(query, bbox=tile_bbox(z, x, y)))
    shown = Rows(found.sql, found.params, fields)
    values = f", {shown.as_tile()}" if fields else ""
    # The id of a feature in a tile is an unsigned integer; place codes are digits.
    sql = f"""
        SELECT ST_AsMVT(t, %s, {EXTENT}, '{GEOM}', '{PK}')
        FROM (SELECT q.{PK}::bigint AS {PK}, {mvt_geometry(f"q.{GEOM}")} AS {GEOM}{values}
              FROM ({found.sql}) q WHERE {wanted.sql} ORDER BY q.{PK}) t"""
    return Statement(sql, (spec.key, z, x, y, *found.params, *wanted.params))


def tile(spec: LayerSpec, viewer: Viewer, query: Query, z: int, x: int, y: int) -> bytes:
    """One tile; no bytes when nothing is in it. Below the lowest zoom of the layer every tile is empty.

    Cost: one query.
    """
    statement = tile_statement(spec, viewer, query, z, x, y)
    return bytes(statement.row()[0]) if statement else b""
