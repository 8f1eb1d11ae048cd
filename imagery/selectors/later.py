"""What later scenes can say of a point: what was found must be there still, or it was no lasting change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import Polygon

from imagery.models import ChangePoint, ChangeRun, Scene
from imagery.querysets import SceneQuerySet
from imagery.states import QUEUE
from kernel import clock
from kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A point that waits.

    Attributes:
        strength: mean score of its patch when it was found.
        fill: share of its box that the patch filled; its outline has no holes and may fill more.
    """

    key: int
    outline: Polygon
    strength: float
    fill: float


def points_tested(run: ChangeRun) -> Iterator[WaitingPlace]:
    """Those that wait and were found by the same detector between two scenes of the time of this run, which ends later.

    Cost: one query.
    """
    rows = ChangePoint.objects.filter(
        county_id=run.county_id,
        state__in=[state.value for state in QUEUE],
        run__detector=run.detector,
        run__before__acquired_at__gte=run.before.acquired_at,
        run__after__acquired_at__lt=run.after.acquired_at,
        features__score_mean__gt=0,
        area_m2__gte=max(run.before.gsd_m, run.after.gsd_m) ** 2,  # what is smaller drowns in its pixel
    )
    for key, outline, features in rows.order_by("pk").values_list("pk", "geom", "features").iterator(1000):
        yield WaitingPlace(key, outline, features["score_mean"], features.get("fill", 1.0))


def scenes_since(scenes: SceneQuerySet, point: ChangePoint) -> SceneQuerySet:
    """Of some scenes those in use that can show a point, taken after the two that it was found in and before now.

    A scene of which one pixel is larger than the point shows nothing of it.
    """
    of = {"county_id": point.county_id, "status": Scene.Status.READY, "gsd_m__lte": math.sqrt(point.area_m2)}
    when = {"acquired_at__gt": point.run.after.acquired_at, "acquired_at__lte": clock.now()}
    return scenes.filter(**of, **when, footprint__covers=point.center)


def newest_scene(viewer: Viewer, point: ChangePoint) -> Scene | None:
    """The newest of these that the viewer may see. Cost: one query."""
    return scenes_since(Scene.objects.visible_to(viewer), point).order_by("-acquired_at", "-pk").first()
