"""SQL of the app: locks, where points stand, how far somebody stood from one, and what was rejected near it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import FloatField, Func, Value

from imagery.states import Why
from kernel.geo import LonLat


def hold_numbers(county: str) -> None:
    """Until the transaction ends, nobody else adds points to this county: numbers have no gaps, nothing comes twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"imagery points {county}"])


def hold_reviewer(user_id: int) -> None:
    """Until the transaction ends, this person claims nothing else: two clicks at once make one lease."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reviewer {user_id}"])


def hold_sent(client_id: uuid.UUID) -> None:
    """Until the transaction ends, nothing else comes in under this id: who asks then sees what has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sent {client_id}"])


def hold_zone(county: str, reason: int) -> None:
    """Until the transaction ends, nobody else learns of a zone of this reason: two rejections at once make one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"zone {county} {reason}"])


def distance_to_m(point_id: int, lonlat: LonLat) -> float:
    """From ``lonlat`` (EPSG:4326) to the outline of a point, metres on the ellipsoid; 0 inside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography)"
            " FROM imagery_changepoint WHERE id = %s",
            [*lonlat, point_id],
        )
        return float(cursor.fetchone()[0])


def outline_distance_m(point_id: int) -> Func:
    """From the ``geom`` of each row to the outline of a point: what ``distance_to_m`` says of one place."""
    here = Func("geom", template="%(expressions)s::geography")
    there = "(SELECT geom::geography FROM imagery_changepoint WHERE id = %(expressions)s)"
    return Func(here, Func(Value(point_id), template=there), function="ST_Distance", output_field=FloatField())


class Standing(NamedTuple):
    """Where a point stands in the queue, and why; ``point`` is its key."""

    point: int
    priority: float
    why: list[Why]
    project: str
    redline_m2: float


_STAND = """
UPDATE imagery_changepoint AS point
SET priority = put.priority, why = put.why, project = put.project, redline_m2 = put.redline_m2
FROM unnest(%s::bigint[], %s::float8[], %s::jsonb[], %s::text[], %s::float8[])
     AS put(id, priority, why, project, redline_m2)
WHERE point.id = put.id
"""


def points_stand(placed: Sequence[Standing]) -> None:
    """Put points where they stand. Cost: one query; writing that of ``bulk_update`` took ten times the CPU."""
    if placed:
        keys, priorities, whys, projects, redlines = map(list, zip(*placed, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(_STAND, [keys, priorities, list(map(json.dumps, whys)), projects, redlines])


NEAR_M = 50.0
"""Rejections so near each other are of one place: a field or a pond. A rule of ours."""

# The box of twice the distance is for the index; on the ellipsoid alone every rejection of the county would be measured
_REJECTIONS = """
SELECT count(*), ST_AsBinary(ST_ConvexHull(ST_Collect(p.geom))) FROM imagery_changepoint p
WHERE p.county_id = %(county)s AND p.state = 'rejected'
  AND p.center && ST_Buffer(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography, 2 * %(near_m)s)::geometry
  AND ST_DWithin(p.center::geography, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography, %(near_m)s)
  AND EXISTS (
    SELECT 1 FROM imagery_review r WHERE r.point_id = p.id AND r.reason_id = %(reason)s
      AND NOT EXISTS (SELECT 1 FROM imagery_review u WHERE u.undoes_id = r.id))
"""


def rejections_near(county: str, reason: int, lonlat: LonLat) -> tuple[int, bytes | None]:
    """How many points within ``NEAR_M`` stand rejected for a reason, and the hull of their outlines (WKB, 4326)."""
    with connection.cursor() as cursor:
        lon, lat = lonlat
        named: dict[str, str | float] = {"county": county, "lon": lon, "lat": lat, "near_m": NEAR_M, "reason": reason}
        cursor.execute(_REJECTIONS, named)
        count, hull = cursor.fetchone()
    return count, hull and bytes(hull)
