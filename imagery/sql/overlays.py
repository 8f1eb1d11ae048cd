"""What lies below, around and before the patches of a run, in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from imagery.sql import zones
from imagery.states import Zone
from kernel.geo import LonLat

SAME_IOU = 0.3
SAME_M = 20.0
"""A patch is an earlier point where they overlap so much, or lie so near each other (issue 6)."""

SITE_M = 60.0
"""A project is a point on the map, its site reaches about so far: the sites of the demonstration county, and the width
of a village road's works with its yard. A rule of ours: it only moves a point within the queue."""

NEAR_DEGREES = 0.0012
"""More than ``SITE_M`` in any direction up to 60° of latitude; exact distances are asked of what is so near."""


class Overlay(NamedTuple):
    """Of one patch.

    Attributes:
        center: a point inside it (lon, lat).
        area_m2: on the ellipsoid.
        village: code; None outside of every one.
        redline_m2: of it inside red lines, ground of several once; ``redline`` is the kind of the largest part.
        water: share of it in water; ``urban`` inside the bounds of a town.
        zone: of false alarms, that counts where its centre lies (``sql.zones``).
        site: position in ``sites`` of the nearest that it touches, from 0.
        known: key of the point that it is, of those that changed in the same time; a duplicate only where no other is.
        known_m2: how much of it lies inside that point.
    """

    center: LonLat
    area_m2: float
    village: str | None
    redline_m2: float
    redline: str
    water: float
    urban: float
    zone: Zone | None
    site: int | None
    known: int | None
    known_m2: float


_AREA = "ST_Area(ST_Union(part.geom)::geography) AS area"
"""Of the ground of all parts together: two editions of a plan cover the same, and ponds lie in mapped lakes."""

_OVERLAYS = f"""
WITH patch AS (
    SELECT ord, geom, ST_PointOnSurface(geom) AS center, ST_Area(geom::geography) AS area
    FROM unnest(%(outlines)s::bytea[]) WITH ORDINALITY AS given(wkb, ord), ST_GeomFromWKB(wkb, 4326) AS geom
), site AS (
    SELECT ord - 1 AS position, ST_GeomFromWKB(wkb, 4326) AS geom
    FROM unnest(%(sites)s::bytea[]) WITH ORDINALITY AS given(wkb, ord)
)
SELECT ST_X(patch.center), ST_Y(patch.center), patch.area, village.code,
       coalesce(red.area, 0), coalesce(red.kind, ''), coalesce(wet.area / nullif(patch.area, 0), 0),
       coalesce(town.area / nullif(patch.area, 0), 0),
       zone.rejections, zone.title, zone.title_en,
       site.position, known.id, coalesce(known.share * patch.area, 0)
FROM patch
LEFT JOIN LATERAL (
    SELECT code FROM places_place
    WHERE county_id = %(county)s AND level = 'village' AND ST_Covers(geom, patch.center) ORDER BY code LIMIT 1
) AS village ON true
LEFT JOIN LATERAL (
    SELECT {_AREA}, (array_agg(part.kind ORDER BY ST_Area(part.geom) DESC, part.kind))[1] AS kind
    FROM (SELECT kind, ST_Intersection(line.geom, patch.geom) AS geom FROM imagery_redline AS line
          WHERE line.county_id = %(county)s AND line.kind <> 'urban' AND ST_Intersects(line.geom, patch.geom)) AS part
) AS red ON true
LEFT JOIN LATERAL (
    SELECT {_AREA}
    FROM (SELECT ST_Intersection(line.geom, patch.geom) AS geom FROM imagery_redline AS line
          WHERE line.county_id = %(county)s AND line.kind = 'urban' AND ST_Intersects(line.geom, patch.geom)) AS part
) AS town ON true
LEFT JOIN LATERAL (
    SELECT {_AREA}
    FROM (SELECT ST_Intersection(wet.geom, patch.geom) AS geom FROM places_basefeature AS wet
          WHERE wet.county_id = %(county)s AND wet.layer = 'water' AND ST_Dimension(wet.geom) = 2
            AND ST_Intersects(wet.geom, patch.geom)) AS part
) AS wet ON true
LEFT JOIN LATERAL ({zones.zone_at("patch.center")}
) AS zone ON true
LEFT JOIN LATERAL (
    SELECT position FROM site
    WHERE site.geom && ST_Expand(patch.geom, %(near)s)
      AND ST_Distance(site.geom::geography, patch.geom::geography) <= %(site_m)s
    ORDER BY ST_Distance(site.geom::geography, patch.geom::geography), position LIMIT 1
) AS site ON true
LEFT JOIN LATERAL (
    SELECT point.id, shared.area / ST_Area(patch.geom) AS share
    FROM imagery_changepoint AS point
    JOIN imagery_changerun AS run ON run.id = point.run_id
    JOIN imagery_scene AS before ON before.id = run.before_id
    JOIN imagery_scene AS after ON after.id = run.after_id,
    LATERAL (SELECT ST_Area(ST_Intersection(point.geom, patch.geom)) AS area) AS shared
    WHERE point.county_id = %(county)s AND after.acquired_at > %(since)s AND before.acquired_at < %(until)s
      AND point.geom && ST_Expand(patch.geom, %(near)s)
      AND (shared.area >= %(iou)s * (ST_Area(point.geom) + ST_Area(patch.geom) - shared.area)
           OR ST_Distance(point.geom::geography, patch.geom::geography) <= %(metres)s)
    ORDER BY point.state = 'duplicate', shared.area DESC, ST_Distance(point.geom, patch.geom), point.id LIMIT 1
) AS known ON true
ORDER BY patch.ord"""


def overlays(
    county: str, since: dt.datetime, until: dt.datetime, outlines: Sequence[bytes], sites: Sequence[bytes]
) -> list[Overlay]:
    """Facts of patches, in their order.

    Args:
        county: code.
        since: moment of the earlier scene: points that had changed before it are other changes.
        until: moment of the later one: points that changed only after it are others too.
        outlines: polygons as WKB, EPSG:4326.
        sites: of approved works, as WKB, EPSG:4326.

    Cost: one query.
    """
    given: dict[str, Any] = {
        "outlines": [memoryview(one) for one in outlines],
        "sites": [memoryview(one) for one in sites],
        "site_m": SITE_M,
        "county": county,
        "since": since,
        "until": until,
        "near": NEAR_DEGREES,
        "iou": SAME_IOU,
        "metres": SAME_M,
        **zones.GIVEN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAYS, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [_overlay(row) for row in rows]


def _overlay(row: tuple[Any, ...]) -> Overlay:
    lon, lat, area, village, red_m2, red, water, urban, times, reason, reason_en, *rest = row
    zone = Zone(times, reason, reason_en) if times else None
    return Overlay((lon, lat), area, village, red_m2, red, water, urban, zone, *rest)
