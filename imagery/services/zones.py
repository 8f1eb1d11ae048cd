"""Zones of false alarms are learnt from what reviewers say again and again of one place."""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry, Polygon

from imagery import sql
from imagery.models import ChangePoint, RejectReason, SuppressionZone
from kernel import clock

LEARN_FROM = 3
"""Rejections of one place for one lasting reason: twice may be chance. A rule of ours; it only moves points back."""


def zone_follow(point: ChangePoint, reason: RejectReason) -> None:
    """Make the zone round a point what the verdicts that stand say. Call it in the transaction of the verdict.

    Cost: nothing for a reason that does not last; else two or three queries.
    """
    if not reason.is_lasting:
        return
    count, hull = sql.rejections_near(point.county_id, reason.pk, (point.center.x, point.center.y))
    known = SuppressionZone.objects.filter(county_id=point.county_id, reason=reason, geom__covers=point.center).first()
    shape = GEOSGeometry(memoryview(hull), srid=4326) if hull else None
    if not isinstance(shape, Polygon) or count < LEARN_FROM:
        if known is not None and known.is_active:
            known.is_active = False
            known.save(update_fields=["is_active"])
        return
    zone = known or SuppressionZone(county_id=point.county_id, reason=reason)
    zone.geom, zone.rejections, zone.is_active, zone.learnt_at = shape, count, True, clock.now()
    zone.save()
