"""Tiles of the base map: one query makes one tile that holds all layers of the ground, the ways and the names.

Its features are reference geography of the county that is looked at and the same for every viewer, so a tile may be
kept by every cache.
"""

from __future__ import annotations

from kernel.geo import WEB_MERCATOR
from kernel.viewer import Viewer
from layers.statements import Statement, quote
from layers.tiles import BUFFER, EXTENT, tile_bbox
from places.models import BaseFeature, Road

LAYERS: dict[str, str] = {
    "land": "kind",
    "relief": "kind, nullif(regexp_replace(kind, '[^0-9]', '', 'g'), '')::int AS level",
    "field": "kind, nullif(regexp_replace(kind, '[^0-9]', '', 'g'), '')::int AS variant",
    "built": "kind",
    "water": "kind, name, name_en, rank",
    # rank 1 is the largest river; readers want a width that grows
    "river": "kind, name, name_en, rank, greatest(1, least(3, 4 - rank)) AS width",
    "rail": "kind",
    "building": "kind",
    "boundary": "kind, kind AS level, rank",
    "label": "kind, name, name_en, rank",
}
"""Layer of the tile → its values. Together with ``road`` these are all layers; readers draw them in their own order."""

ROAD_ZOOM = {"main": 7, "secondary": 8, "minor": 10, "path": 14}
"""Lowest zoom at which a class of roads is in the tile: below it its lines would cover the map (FRONTEND: ROADS)."""

FINEST_SIMPLIFIED_ZOOM = 13
"""From the next zoom on a unit of the tile is below 2 m and lines are sent as they are."""

_FOUND = """
f AS MATERIALIZED (
    SELECT id, layer, kind, name, name_en, rank, {geom} AS geom FROM {features}
    WHERE county_id = %(county)s AND min_zoom <= %(z)s AND geom && {box}
), r AS MATERIALIZED (
    SELECT id, road_class AS cls, road_class AS kind, nullif(name, '') AS name, nullif(name_en, '') AS name_en,
           is_bridge AS bridge, is_closed AS closed, {geom} AS geom
    FROM {roads} WHERE county_id = %(county)s AND road_class = ANY(%(classes)s) AND geom && {box}
)"""

_BOX = "ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326)"


def _geometry(z: int) -> str:
    """The geometry in units of the tile. Simplified first where that saves more than it costs: half a unit of it."""
    plain = f"ST_Transform(geom, {WEB_MERCATOR})"
    if z <= FINEST_SIMPLIFIED_ZOOM:
        plain = f"ST_Simplify({plain}, %(half)s, true)"
    return f"ST_AsMVTGeom({plain}, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), {EXTENT}, {BUFFER}, true)"


def basemap_statement(viewer: Viewer, z: int, x: int, y: int) -> Statement:
    """One row with one tile."""
    west, south, east, north = tile_bbox(z, x, y)
    found = _FOUND.format(
        geom=_geometry(z), box=_BOX, features=quote(BaseFeature._meta.db_table), roads=quote(Road._meta.db_table)
    )
    layers = [
        f"(SELECT ST_AsMVT(t, '{name}', {EXTENT}, 'geom') FROM"
        f" (SELECT {values}, geom FROM f WHERE layer = '{name}' AND geom IS NOT NULL ORDER BY id) t)"
        for name, values in LAYERS.items()
    ]
    layers.append(
        f"(SELECT ST_AsMVT(t, 'road', {EXTENT}, 'geom') FROM"
        " (SELECT cls, kind, name, name_en, bridge, closed, geom FROM r WHERE geom IS NOT NULL ORDER BY id) t)"
    )
    values = {
        "county": viewer.county,
        "classes": [cls for cls, lowest in ROAD_ZOOM.items() if z >= lowest],
        "half": 40_075_016.685578488 / 2**z / EXTENT / 2,
        **{"z": z, "x": x, "y": y, "w": west, "s": south, "e": east, "n": north},
    }
    return Statement(f"WITH {found} SELECT {' || '.join(layers)}", values)


def basemap_tile(viewer: Viewer, z: int, x: int, y: int) -> bytes:
    """One tile with the layers land, relief, field, built, water, river, rail, building, boundary, label and road.

    A layer without features is left out. Names are there in both languages, so a tile does not depend on the reader.

    Cost: one query.
    """
    return bytes(basemap_statement(viewer, z, x, y).row()[0])
