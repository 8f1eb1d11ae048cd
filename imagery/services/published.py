"""What everybody sees of a point follows from the point, in the transaction that changes it."""

from __future__ import annotations

from django.contrib.gis.geos import Point

from imagery.models import ChangePoint, PublishedPoint
from imagery.states import SHOWABLE, STAGES, Stage, State
from kernel.cells import public_point
from kernel.clock import ZONE, today

CELL_M = 200
"""Edge of the cells whose centre everybody sees, metres: as for reports of somebody's home (docs/adr/0023)."""


def published_put(point: ChangePoint) -> None:
    """Show a point to everybody, as it is now."""
    lonlat = public_point((point.center.x, point.center.y), CELL_M)
    PublishedPoint.objects.create(
        point=point,
        county_id=point.county_id,
        village_id=point.village_id,
        name=str(point),
        found_on=point.run.after.acquired_at.astimezone(ZONE).date(),
        geom=Point(*lonlat, srid=4326),
        **_told(point, None),
    )


def published_follow(point: ChangePoint, shown: PublishedPoint) -> None:
    """Tell what has become of a published point; one that nobody has confirmed any more is gone. Cost: one query."""
    if point.state not in SHOWABLE:
        shown.delete()
        return
    told = _told(point, shown)
    if any(getattr(shown, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(shown, name, value)
        shown.save(update_fields=list(told))


def _told(point: ChangePoint, shown: PublishedPoint | None) -> dict[str, object]:
    stage = STAGES[State(point.state)]
    since = (shown and shown.handled_on) or today()
    handled = since if stage is Stage.HANDLED else None
    return {"stage": stage.value, "kind": point.kind, "handled_on": handled}
