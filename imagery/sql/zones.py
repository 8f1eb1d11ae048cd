"""Zones of false alarms: which of them counts for a place, and which points one holds back that none does any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from imagery.models import SuppressionZone

GIVEN: dict[str, Any] = {"learn_from": SuppressionZone.LEARN_FROM}
"""What ``zone_at`` names beside ``%(county)s``."""


def zone_at(place: str) -> str:
    """A subquery with the one zone that counts for a place, the one that was taught most often, or no row.

    None counts whose reason does not last any more, and none where one of the same reason was switched off: the next
    one learnt beside it is none there.

    Args:
        place: SQL of a point, EPSG:4326.
    """
    return f"""
    SELECT learnt.rejections, title, title_en FROM imagery_suppressionzone AS learnt
    JOIN imagery_rejectreason AS reason ON reason.id = learnt.reason_id
    WHERE learnt.county_id = %(county)s AND learnt.is_active AND reason.is_lasting
      AND learnt.rejections >= %(learn_from)s AND ST_Covers(learnt.geom, {place})
      AND NOT EXISTS (
        SELECT 1 FROM imagery_suppressionzone AS off
        WHERE off.county_id = %(county)s AND off.reason_id = learnt.reason_id AND NOT off.is_active
          AND ST_Covers(off.geom, {place}))
    ORDER BY learnt.rejections DESC, learnt.id LIMIT 1"""


_NO_LONGER = f"""
SELECT id FROM imagery_changepoint AS point
WHERE county_id = %(county)s AND state = ANY(%(states)s) AND why @> '[{{"code": "suppressed"}}]'
  AND NOT EXISTS ({zone_at("point.center")})"""


def no_longer_suppressed(county: str, states: Sequence[str]) -> list[int]:
    """Keys of the points in these states that say they lie in a zone where none counts. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NO_LONGER, {"county": county, "states": list(states), **GIVEN})
        return [key for (key,) in cursor.fetchall()]
