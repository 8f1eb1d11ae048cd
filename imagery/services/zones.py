"""Zones of false alarms are learnt from what reviewers say again and again of one place."""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db import transaction

from imagery import sql
from imagery.models import ChangePoint, RejectReason, SuppressionZone
from imagery.services.ordering import points_reorder
from kernel import clock
from kernel.viewer import Viewer


def zone_follow(point: ChangePoint, reason: RejectReason) -> None:
    """Make the zone round a point what the verdicts that stand say. Call it in the transaction of the verdict.

    What waits there is put into order a moment later (``zones_apply``): a verdict does not wait for a run that is just
    adding its points.

    Cost: nothing for a reason that does not last; else two or three queries.
    """
    if not reason.is_lasting:
        return
    count, hull = sql.rejections_near(point.county_id, reason.pk, (point.center.x, point.center.y))
    zone = SuppressionZone.objects.filter(county_id=point.county_id, reason=reason, geom__covers=point.center).first()
    shape = GEOSGeometry(memoryview(hull), srid=4326) if hull else None
    if isinstance(shape, Polygon) and count >= SuppressionZone.LEARN_FROM:
        zone = zone or SuppressionZone(county_id=point.county_id, reason=reason)
        zone.geom, zone.learnt_at = shape, clock.now()
    elif zone is None:
        return
    zone.rejections, zone.is_applied = count, False
    zone.save()


def zones_wait() -> bool:
    """Whether a zone has changed since what waits in it was put into order."""
    return SuppressionZone.objects.filter(is_applied=False).exists()


@transaction.atomic
def zones_apply() -> int:
    """Put what waits in changed zones where they put it; how many points have moved."""
    changed = list(SuppressionZone.objects.filter(is_applied=False).order_by("county", "pk"))
    SuppressionZone.objects.filter(pk__in=[zone.pk for zone in changed]).update(is_applied=True)
    moved = 0
    for zone in changed:
        by = Viewer(county=zone.county_id, label="zones_apply")
        moved += points_reorder(by=by, near=zone.geom)
    return moved
