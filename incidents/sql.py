"""SQL of the app: the search of similar reports, and the lock on one sending of a form."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

SIMILAR = """
SELECT near.id, near.title, near.category_id, ST_X(near.public_geom), ST_Y(near.public_geom)
FROM unnest(%s::bigint[]) AS cells (cell)
CROSS JOIN LATERAL (
    SELECT r.id, r.title, r.category_id, r.public_geom FROM incidents_report r
    WHERE r.county_id = %s AND r.is_public AND r.state = 'accepted' AND r.public_cell = cells.cell
    ORDER BY r.submitted_at DESC LIMIT %s
) near
"""
"""Only columns of the index ``report_similar``: the table itself is not read."""


def similar_rows(county: str, cells: Iterable[int], per_cell: int) -> list[tuple[int, str, int, float, float]]:
    """The newest open public reports of each cell: key, title, category, and the public point (EPSG:4326 degrees)."""
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR, [list(cells), county, per_cell])
        return list(cursor.fetchall())


def hold_submission(key: str) -> None:
    """Until the transaction ends, nobody else sends the form with this key.

    Args:
        key: hexadecimal digits, of which the first 16 count.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(key[:16], 16) >> 1])
