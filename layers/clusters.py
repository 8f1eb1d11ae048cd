"""Server-side clusters: rows counted in the cells of a grid on the Web Mercator plane (EPSG:3857)."""

from __future__ import annotations

from kernel.layerspec import LayerSpec
from kernel.viewer import Viewer
from layers.compiler import field_named, has_integer_key, rows, where
from layers.query import Query
from layers.statements import Statement

CELL_PX = 80
"""Side of a cell in pixels of the screen: two round marks of 40 px beside each other do not touch."""

CLUSTERS_MOST = 400
"""Clusters of one answer. Where more cells hold rows, cells are joined two by two until no more than these are left."""

TILE_PX = 256
WORLD_M = 40_075_016.685_578_488
"""Circumference of the sphere of EPSG:3857, metres."""

RADIUS_M = 6_378_137.0

POLAR_DEG = 85.06
"""The plane ends here; a position beyond it would lie at infinity."""

EMPTY = b'{"clusters":[],"total":0}'

_JOINED = """
WITH fine AS MATERIALIZED (
    SELECT floor(radians(q._lon) * {radius} / %s)::int AS cx,
           floor(ln(tan(pi() / 4 + radians(greatest(-{polar}, least({polar}, q._lat))) / 2))
                 * {radius} / %s)::int AS cy,
           q.style, count(*) AS n, sum(q._lon) AS lon, sum(q._lat) AS lat,
           min(q._lon) AS w, min(q._lat) AS s, max(q._lon) AS e, max(q._lat) AS no, min(q._pk) AS one
    FROM (SELECT q._pk, ST_X({place}) AS _lon, ST_Y({place}) AS _lat, {style} AS style
          FROM ({rows}) q WHERE {where}) q
    WHERE q._lon IS NOT NULL GROUP BY 1, 2, 3
), joined AS (
    SELECT k FROM generate_series(0, 30) k
    WHERE (SELECT count(*) <= {most} FROM (SELECT DISTINCT cx >> k, cy >> k FROM fine) cells) LIMIT 1
), cells AS (
    SELECT cx >> k AS cx, cy >> k AS cy, sum(n) AS n, sum(lon) AS lon, sum(lat) AS lat,
           min(w) AS w, min(s) AS s, max(e) AS e, max(no) AS no, min(one) AS one
    FROM fine, joined GROUP BY 1, 2
), parts AS (
    SELECT cx, cy, json_object_agg(coalesce(style, ''), n ORDER BY style) AS by
    FROM (SELECT cx >> k AS cx, cy >> k AS cy, style, sum(n) AS n FROM fine, joined GROUP BY 1, 2, 3) p GROUP BY 1, 2
)
SELECT '{{"clusters":[' || coalesce(string_agg(
         '{{"lon":' || round((lon / n)::numeric, 6) || ',"lat":' || round((lat / n)::numeric, 6) || ',"count":' || n
         || ',"by":' || {by} || CASE WHEN n = 1 THEN ',"id":' || {one} ELSE '' END
         || ',"bbox":[' || round(w::numeric, 6) || ',' || round(s::numeric, 6) || ',' || round(e::numeric, 6)
         || ',' || round(no::numeric, 6) || ']}}', ',' ORDER BY cx, cy), '')
       || '],"total":' || coalesce(sum(n), 0) || '}}'
FROM cells{parts}"""


def clusters_statement(spec: LayerSpec, viewer: Viewer, query: Query, zoom: int) -> Statement | None:
    """One row with the whole answer; None when there can be no row."""
    style = field_named(spec, viewer, spec.style_by)
    found = rows(spec, viewer, (style,) if style else (), query)
    if found is None:
        return None
    wanted = where(found, query)
    cell_m = WORLD_M / (TILE_PX * 2.0**zoom) * CELL_PX
    sql = _JOINED.format(
        rows=found.sql,
        where=wanted.sql,
        place="q._geom" if spec.geometry == "point" else "ST_Centroid(q._geom)",
        # A style that is a number or a yes/no is a key of a JSON object all the same.
        style=f"q.{found.column(style)}::text" if style else "NULL::text",
        radius=RADIUS_M,
        polar=POLAR_DEG,
        most=CLUSTERS_MOST,
        one="one" if has_integer_key(spec) else "to_json(one)::text",
        by="by" if style else "'{}'",
        parts=" JOIN parts USING (cx, cy)" if style else "",
    )
    return Statement(sql, (cell_m, cell_m, *found.params, *wanted.params))


def clusters(spec: LayerSpec, viewer: Viewer, query: Query, zoom: int) -> bytes:
    """``{"clusters": [{lon, lat, count, by, id?, bbox}], "total": n}`` as JSON.

    A cluster stands at the mean of its rows; ``by`` counts them by the value of the layer's style field; ``id`` is that
    of the row when there is one only.

    Cost: one query.
    """
    statement = clusters_statement(spec, viewer, query, zoom)
    return bytes(statement.row()[0]) if statement else EMPTY
