"""SQL of dispatch: ways along the roads, by pgRouting, and the lock of a matter."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import connection

from kernel.geo import Bbox, LonLat

OFF_ROAD_M = 2_000
"""Farther than this from every road a place counts as having none: half an hour on foot, and on an island without
roads the nearest one lies across the water."""

# pgRouting reads the edges by a text of its own, so the box and the edges of the points are written into that text.
# A point is the vertex -1 - n (n = its place in the list, the start is 0; roads count from 1): it lies on the nearest
# open edge, from where an edge of its own leads to either end, and along that edge straight to the start if that lies
# on it as well. "Nearest" is measured in metres: the nearest in degrees bounds how far away in degrees that can be.
# In Web Mercator angles are right, so the foot of the perpendicular is; lengths are shares of ``length_m``.
_EDGES = """
WITH point AS (
  SELECT -1 - (n - 1) AS vid, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
  FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS given (lon, lat, n)
), snapped AS MATERIALIZED (
  SELECT point.vid, road.id, road.source, road.target, road.length_m, road.away_m,
         ST_LineLocatePoint(ST_Transform(road.geom, 3857), ST_Transform(point.geom, 3857)) AS share
  FROM point
  CROSS JOIN LATERAL (
    SELECT r.geom <-> point.geom AS degrees FROM places_road r
    WHERE r.county_id = %(county)s AND NOT r.is_closed ORDER BY r.geom <-> point.geom LIMIT 1
  ) AS near
  CROSS JOIN LATERAL (
    SELECT r.*, ST_Distance(r.geom::geography, point.geom::geography) AS away_m FROM places_road r
    WHERE r.county_id = %(county)s AND NOT r.is_closed
      AND ST_DWithin(r.geom, point.geom, near.degrees / cos(radians(ST_Y(point.geom))) + 1e-9)
    ORDER BY away_m, r.id LIMIT 1
  ) AS road
  WHERE road.away_m <= %(off_road_m)s
), own_edge AS (
  SELECT vid AS a, source AS b, share * length_m AS cost FROM snapped
  UNION ALL SELECT vid, target, (1 - share) * length_m FROM snapped
  UNION ALL SELECT s.vid, e.vid, abs(s.share - e.share) * s.length_m
            FROM snapped s JOIN snapped e USING (id) WHERE s.vid = -1 AND e.vid < -1
), edges AS (
  SELECT format(
    'SELECT id, source, target, length_m AS cost FROM places_road WHERE county_id = %%L AND NOT is_closed %%s '
    'UNION ALL SELECT * FROM (VALUES %%s) AS own (id, source, target, cost)',
    %(county)s::text, %(inside)s::text,
    string_agg(format('(-1::bigint, %%s::bigint, %%s::bigint, %%s::float8)', a, b, cost), ', ')
  ) AS text FROM own_edge
)
"""

_COSTS = f"""
{_EDGES}
SELECT (-1 - way.end_vid)::int AS point, way.agg_cost + goal.away_m + start.away_m AS metres
FROM edges
CROSS JOIN LATERAL pgr_dijkstraCost(
  edges.text, -1, ARRAY(SELECT vid FROM snapped WHERE vid < -1)::bigint[], directed => false
) AS way
JOIN snapped goal ON goal.vid = way.end_vid
JOIN snapped start ON start.vid = -1
WHERE edges.text IS NOT NULL
ORDER BY metres, point
"""

# The shares along an edge between which the way follows it: of a road that is walked whole 0 and 1, of the first and
# the last from or to where the point lies on it.
_LINE = f"""
{_EDGES}, way AS (
  SELECT step.seq, step.node, step.edge, lead(step.node) OVER (ORDER BY step.seq) AS next
  FROM edges CROSS JOIN LATERAL pgr_dijkstra(edges.text, -1, -2, directed => false) AS step
  WHERE edges.text IS NOT NULL
), part AS (
  SELECT way.seq, road.geom,
         coalesce(here.share, (way.node <> road.source)::int) AS a,
         coalesce(there.share, (way.next <> road.source)::int) AS b
  FROM way
  LEFT JOIN snapped here ON here.vid = way.node
  LEFT JOIN snapped there ON there.vid = way.next
  JOIN places_road road ON road.id = CASE WHEN way.edge > 0 THEN way.edge ELSE coalesce(here.id, there.id) END
  WHERE way.next IS NOT NULL
)
SELECT ST_X(point.geom), ST_Y(point.geom)
FROM (
  SELECT ST_MakeLine(CASE WHEN a <= b THEN ST_LineSubstring(geom, a, b)
                          ELSE ST_Reverse(ST_LineSubstring(geom, b, a)) END ORDER BY seq) AS geom FROM part
) AS line
CROSS JOIN LATERAL ST_DumpPoints(ST_RemoveRepeatedPoints(line.geom)) AS point
"""


def road_costs(county: str, start: LonLat, goals: Sequence[LonLat], inside: Bbox | None) -> dict[int, float]:
    """How far it is from ``start`` to each of ``goals`` by roads that are open, the way to the road included.

    Args:
        county: whose roads.
        start: degrees, EPSG:4326.
        goals: likewise.
        inside: only roads that touch this box; None: all of the county.

    Returns:
        Metres by place in ``goals``; those that no road leads to are missing.

    Cost: one query.
    """
    values = costs_values(county, start, goals, inside)
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, values)
        return {point - 1: float(metres) for point, metres in cursor.fetchall()}


def road_line(county: str, start: LonLat, goal: LonLat, inside: Bbox | None) -> list[LonLat]:
    """The shortest way by roads that are open, from road to road; what lies beside them is not part of it.

    Args:
        county: whose roads.
        start: degrees, EPSG:4326.
        goal: likewise.
        inside: only roads that touch this box; None: all of the county.

    Returns:
        Corners in the order in which they are passed, EPSG:4326; empty where no road leads there.

    Cost: one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINE, costs_values(county, start, [goal], inside))
        return [(float(lon), float(lat)) for lon, lat in cursor.fetchall()]


def edges_text(county: str, start: LonLat, goals: Sequence[LonLat], inside: Bbox | None) -> str:
    """The text by which pgRouting reads the edges of that query (benches run it alone). Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_EDGES} SELECT text FROM edges", costs_values(county, start, goals, inside))
        return str(cursor.fetchone()[0])


def costs_values(county: str, start: LonLat, goals: Sequence[LonLat], inside: Bbox | None) -> dict[str, Any]:
    """The parameters of that query."""
    points = [start, *goals]
    # Python's repr of a float has no room for anything but digits: the box may stand in the text of the edges.
    box = "AND geom && ST_MakeEnvelope({!r}, {!r}, {!r}, {!r}, 4326)".format(*map(float, inside)) if inside else ""
    return {
        "county": county,
        "lons": [lon for lon, _ in points],
        "lats": [lat for _, lat in points],
        "off_road_m": OFF_ROAD_M,
        "inside": box,
    }


def hold(name: str) -> None:
    """Wait for the lock of that name and hold it to the end of the transaction."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
