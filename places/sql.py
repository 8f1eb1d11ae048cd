"""SQL of the places: what the base map draws follows from the areas of the places."""

from __future__ import annotations

from typing import Any

from django.db import connection

_FORGET = """
DELETE FROM places_basefeature
WHERE county_id = %(county)s
  AND (layer IN ('land', 'boundary') OR (layer = 'label' AND kind IN ('county', 'township', 'village')))
"""

_LAND = """
INSERT INTO places_basefeature (county_id, layer, kind, name, name_en, rank, min_zoom, geom)
SELECT county_id, 'land', 'county', '', '', 1, 0, geom
FROM places_place WHERE county_id = %(county)s AND level = 'county'
"""

# Neighbours share their edges. A line that is drawn twice fills the gaps of its dashes, and a village line on top of
# the county's hides it: so every line is kept once, at the highest level that has it. The overlay works on a grid of
# 1e-6 degrees (0.1 m), which also joins a long edge and the two short ones that a neighbour drew beside it.
# Where the areas inside the county are of our own drawing, their lines are no borders and must not look like any.
_BOUNDARY = """
INSERT INTO places_basefeature (county_id, layer, kind, name, name_en, rank, min_zoom, geom)
WITH drawn AS (
  SELECT level, ST_UnaryUnion(ST_Collect(ST_Boundary(geom)), 0.000001) AS lines
  FROM places_place
  WHERE county_id = %(county)s AND level IN ('county', 'township', 'village')
  GROUP BY level
), higher AS (
  SELECT level, lines,
         (SELECT ST_Collect(above.lines) FROM drawn AS above
          WHERE (above.level = 'county' AND drawn.level <> 'county')
             OR (above.level = 'township' AND drawn.level = 'village')) AS taken
  FROM drawn
), kept AS (
  SELECT level, CASE WHEN taken IS NULL THEN lines ELSE ST_Difference(lines, taken, 0.000001) END AS lines
  FROM higher
)
SELECT %(county)s, 'boundary', CASE WHEN cells_illustrative AND level <> 'county' THEN level || '_cell' ELSE level END,
       '', '',
       CASE level WHEN 'county' THEN 1 WHEN 'township' THEN 2 ELSE 3 END,
       CASE level WHEN 'county' THEN 0 WHEN 'township' THEN 8 ELSE 11 END,
       line.geom
FROM kept, places_county, LATERAL ST_Dump(ST_LineMerge(lines)) AS line
WHERE NOT ST_IsEmpty(lines) AND places_county.code = %(county)s
"""

_LABEL = """
INSERT INTO places_basefeature (county_id, layer, kind, name, name_en, rank, min_zoom, geom)
SELECT county_id, 'label', level, name, name_en,
       CASE level WHEN 'township' THEN 1 ELSE 3 END,
       CASE level WHEN 'township' THEN 8 ELSE 12 END,
       center
FROM places_place WHERE county_id = %(county)s AND level IN ('township', 'village')
ORDER BY code
"""


def base_rebuild(county: str) -> int:
    """Make land, border lines and names of the base map again; how many features there are now.

    Call it inside a transaction. Cost: four statements, under 1 s for 200 villages of 200 vertices.
    """
    values: dict[str, Any] = {"county": county}
    made = 0
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, values)
        for statement in (_LAND, _BOUNDARY, _LABEL):
            cursor.execute(statement, values)
            made += cursor.rowcount
    return made


_VILLAGES = """
SELECT f.code, f.level FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS p (lon, lat, n)
LEFT JOIN LATERAL (
    SELECT code, level FROM places_place
    WHERE county_id = %(county)s AND level <> 'grid' AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint(lon, lat), 4326))
    ORDER BY length(code) DESC, code LIMIT 1
) f ON TRUE ORDER BY p.n"""


def smallest_places(county: str, lons: list[float], lats: list[float]) -> list[tuple[str | None, str | None]]:
    """Code and level of the smallest place at each point (EPSG:4326 degrees); None outside. Cost: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_VILLAGES, {"county": county, "lons": lons, "lats": lats})
        return [(code, level) for code, level in cursor.fetchall()]
