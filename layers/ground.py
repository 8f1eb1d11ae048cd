"""The base map of a small area as GeoJSON, for a map that is one file: cut at a box, simplified, joined by kind.

Everything of a kind is one feature, so that a browser draws some twenty paths and not thousands.
"""

from __future__ import annotations

import json
from typing import Any

from kernel.geo import Bbox
from kernel.language import is_english
from kernel.viewer import Viewer
from layers.statements import Statement, quote
from places.models import BaseFeature, Road

DIGITS = 5
"""Decimals of a degree: 1 m, a third of a pixel at zoom 16."""

METRES_OF_DEGREE = 111_320
"""Of latitude, on the sphere of web mercator."""

_SQL = """
WITH box AS (SELECT ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326) AS box), found AS (
    SELECT f.layer, f.kind, CASE WHEN f.layer = 'label' THEN {name} ELSE '' END AS name, f.rank, f.geom
    FROM {features} f, box
    WHERE f.county_id = %(county)s AND f.layer = ANY(%(layers)s) AND f.geom && box
    UNION ALL
    SELECT 'road', r.road_class, '', 5, r.geom FROM {roads} r, box WHERE r.county_id = %(county)s AND r.geom && box
), cut AS (
    SELECT layer, kind, name, rank,
           ST_ClipByBox2D(CASE WHEN layer = 'label' THEN geom ELSE ST_SimplifyPreserveTopology(geom, %(step)s) END, box)
           AS geom
    FROM found, box
)
SELECT layer, kind, name, min(rank), ST_AsGeoJSON(ST_Collect(geom), {digits})
FROM (SELECT layer, kind, name, rank, (ST_Dump(geom)).geom FROM cut) parts
GROUP BY layer, kind, name ORDER BY layer, kind, name"""


def ground(viewer: Viewer, bbox: Bbox, layers: tuple[str, ...], tolerance_m: float) -> list[dict[str, Any]]:
    """Features with the properties layer, kind, name (of labels only) and rank; roads are the layer "road".

    It is reference geography, the same for every viewer of the county.

    Args:
        viewer: says which county.
        bbox: the part that is wanted, EPSG:4326.
        layers: layers of the base map (``places.models.BaseFeature.Layer``).
        tolerance_m: how far a simplified line may lie from the stored one, metres.

    Cost: one query.
    """
    name = "coalesce(nullif(f.name_en, ''), f.name)" if is_english() else "f.name"
    sql = _SQL.format(
        name=name,
        features=quote(BaseFeature._meta.db_table),
        roads=quote(Road._meta.db_table),
        digits=DIGITS,
    )
    west, south, east, north = bbox
    values = {"w": west, "s": south, "e": east, "n": north, "step": tolerance_m / METRES_OF_DEGREE}
    rows = Statement(sql, {**values, "county": viewer.county, "layers": list(layers)}).rows()
    return [
        {
            "type": "Feature",
            "properties": {"layer": layer, "kind": kind, "name": label, "rank": rank},
            "geometry": json.loads(geometry),
        }
        for layer, kind, label, rank, geometry in rows
    ]
