"""Points that a further pair of scenes can test: what was found must be there still, or it was no lasting change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import Polygon

from imagery.models import ChangePoint, ChangeRun
from imagery.states import QUEUE


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A point that waits; ``strength`` is the mean score of its patch when it was found."""

    key: int
    outline: Polygon
    strength: float


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
    )
    for key, outline, features in rows.order_by("pk").values_list("pk", "geom", "features").iterator(1000):
        yield WaitingPlace(key, outline, features["score_mean"])
