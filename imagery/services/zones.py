"""Zones of false alarms are learnt from what reviewers say again and again of one place."""

from __future__ import annotations

from typing import Any

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
    sql.hold_zone(point.county_id, reason.pk)
    count, hull = sql.rejections_near(point.county_id, reason.pk, (point.center.x, point.center.y))
    zones = SuppressionZone.objects.filter(county_id=point.county_id, reason=reason, geom__covers=point.center)
    shape = GEOSGeometry(memoryview(hull), srid=4326) if hull else None
    told: dict[str, Any] = {"rejections": count, "is_applied": False}
    if isinstance(shape, Polygon) and count >= SuppressionZone.LEARN_FROM:
        told |= {"geom": shape, "learnt_at": clock.now()}
        if not zones.exists():
            SuppressionZone.objects.create(county_id=point.county_id, reason=reason, **told)
            return
        # Rejections went on beyond the first and made others: from here on they are one, switched off where one was.
        kept = zones.order_by("is_active", "pk").values_list("pk", flat=True)[:1]
        zones.exclude(pk__in=list(kept)).delete()
    # Ground of several: each would go on saying what was taken back.
    zones.update(**told)


def zones_wait() -> bool:
    """Whether a zone has changed since what waits in it was put into order."""
    return SuppressionZone.objects.filter(is_applied=False).exists()


def zones_apply() -> int:
    """Put what waits in changed zones where they put it; how many points have moved."""
    return sum(map(_applied, SuppressionZone.objects.filter(is_applied=False).order_by("pk")))


@transaction.atomic
def _applied(zone: SuppressionZone) -> int:
    """Points first, then the zone, as a verdict takes them; a zone that has changed meanwhile comes again."""
    moved = points_reorder(by=Viewer(county=zone.county_id, label="zones_apply"), zone=zone.geom)
    seen = {name: getattr(zone, name) for name in ("rejections", "learnt_at", "is_active")}
    SuppressionZone.objects.filter(pk=zone.pk, **seen).update(is_applied=True)
    return moved
