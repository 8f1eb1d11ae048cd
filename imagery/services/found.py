"""What detection found becomes points: numbered, placed, ordered, and never twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction
from django.db.models import Max, Q

from imagery.models import ChangePoint, ChangeRun, Sighting
from imagery.selectors.learning import opinions
from imagery.selectors.sites import approved_sites
from imagery.services.moves import point_planned, point_step
from imagery.services.ordering import facts_of, overlays_of, points_lock, points_reorder
from imagery.services.reasons import reasons_default
from imagery.sql import hold_numbers
from imagery.sql.overlays import Overlay
from imagery.states import QUEUE, SYSTEM, PointFacts, PriorityFacts, priority
from kernel.clock import ZONE
from kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class FoundPatch:
    """A patch as detection gives it.

    Attributes:
        outline: EPSG:4326.
        kind: one of ``Kind``.
        score: how sure detection is, 0…1.
        features: numbers of the patch, for learning.
    """

    outline: Polygon
    kind: str
    score: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FoundPoints:
    """What a run has brought.

    Attributes:
        added: keys of new points.
        again: keys of points that another run had found before.
        gone: keys of points that wait, of which the later scene has hardly anything left.
    """

    added: tuple[int, ...]
    again: tuple[int, ...]
    gone: tuple[int, ...] = ()


GONE_PERCENT = 33
"""Up to here a place is gone: between what the same detector said when it was found and 0, what usual ground has, and
low enough that a pair with more of a season in it, of which all ground says more, takes nothing for gone. Ours."""


@transaction.atomic
def points_found(
    *, by: Viewer, run: ChangeRun, patches: Sequence[FoundPatch], left: Mapping[int, int] | None = None
) -> FoundPoints:
    """Take all patches of a run in: new ones go into the queue, known ones are noted as seen again.

    A patch is a known point where they overlap or touch (``imagery.sql.overlays``) and the point may have changed in
    the time between the scenes of this run: what changed before or after that is another change.

    Args:
        by: who asked for the run.
        run: with its scenes.
        patches: all that it found; given once more they add nothing.
        left: of points that wait (``points_tested``), by key, percent of their strength that its scenes show.

    Cost: those of ``overlays_of``, five queries for each new point.
    """
    hold_numbers(run.county_id)
    reasons_default(run.county_id)
    sites = approved_sites(run.county_id)
    ranks = _ranks(patches)
    overs = overlays_of(run, [patch.outline for patch in patches], sites)
    learnt = opinions(run.county_id, [patch.features for patch in patches])
    seen = [
        (patch, over, facts_of(run, patch, rank, over, sure, sites))
        for (patch, rank), over, sure in zip(ranks, overs, learnt, strict=True)
    ]
    number: int = ChangePoint.objects.filter(county_id=run.county_id).aggregate(n=Max("number"))["n"] or 0
    added = []
    for patch, over, facts in seen:
        if over.known is None:
            number += 1
            added.append(_added(by, run, number, patch, facts, over))
    closest_last = sorted(seen, key=lambda one: one[1].known_m2)  # two patches at one point: it is what covers more
    again = {over.known: patch for patch, over, _facts in closest_last if over.known is not None}
    told = {key: percent for key, percent in (left or {}).items() if key not in again}
    gone = {key: percent for key, percent in told.items() if percent <= GONE_PERCENT}
    moved: tuple[int, ...] = ()
    back = _back(run, told.keys() - gone.keys())
    if again or gone or back:
        points_lock([*again, *gone, *back])
        _seen_again(run, again)
        ChangePoint.objects.filter(pk__in=back).update(gone_on=None, gone_percent=None)
        moved = _gone(run, gone)
        points_reorder(by=by, keys=[*again, *moved, *back])
    return FoundPoints(tuple(added), tuple(sorted(again)), moved)


def _ranks(patches: Sequence[FoundPatch]) -> list[tuple[FoundPatch, float]]:
    """Each patch with its place by score, as a share of all: the first of a hundred has 0.01."""
    order = sorted(range(len(patches)), key=lambda index: -patches[index].score)
    share = {index: (place + 1) / len(patches) for place, index in enumerate(order)}
    return [(patch, share[index]) for index, patch in enumerate(patches)]


def _added(by: Viewer, run: ChangeRun, number: int, patch: FoundPatch, facts: PriorityFacts, over: Overlay) -> int:
    value, why = priority(facts)
    point = ChangePoint.objects.create(
        county_id=run.county_id,
        number=number,
        run=run,
        geom=patch.outline,
        center=Point(over.center, srid=4326),
        area_m2=over.area_m2,
        redline_m2=over.redline_m2,
        kind=patch.kind,
        score=patch.score,
        priority=value,
        why=why,
        features=dict(patch.features),
        village_id=over.village,
        project=facts.project,
    )
    to = point_planned(by, point, "queue", SYSTEM, {}, PointFacts())
    point_step(by, point, "queue", to, part=SYSTEM, data={"run": run.pk}, is_published=False)
    return point.pk


def _seen_again(run: ChangeRun, again: Mapping[int, FoundPatch]) -> None:
    """Note that this run has found known points."""
    points = list(ChangePoint.objects.filter(pk__in=again).exclude(run=run).exclude(sightings__run=run).order_by("pk"))
    rows = [Sighting(point=one, run=run, geom=again[one.pk].outline, score=again[one.pk].score) for one in points]
    Sighting.objects.bulk_create(rows)
    back = ChangePoint.objects.filter(pk__in=[one.pk for one in points], gone_on__lte=_day(run))
    back.update(gone_on=None, gone_percent=None)


def _back(run: ChangeRun, there: Collection[int]) -> list[int]:
    """Those of which an earlier scene than that of this run had said that they are gone."""
    return list(ChangePoint.objects.filter(pk__in=there, gone_on__lt=_day(run)).values_list("pk", flat=True))


def _gone(run: ChangeRun, gone: Mapping[int, int]) -> tuple[int, ...]:
    """Note what is gone in the later scene of this run, unless that or a still later one has shown it."""
    day, seen_later = _day(run), Q(sightings__run__after__acquired_at__gte=run.after.acquired_at)
    waiting = ChangePoint.objects.filter(pk__in=gone, state__in=[state.value for state in QUEUE]).order_by("pk")
    points = list(waiting.exclude(gone_on__gt=day).exclude(seen_later))
    for point in points:
        point.gone_on, point.gone_percent = day, gone[point.pk]
    ChangePoint.objects.bulk_update(points, ["gone_on", "gone_percent"])
    return tuple(point.pk for point in points)


def _day(run: ChangeRun) -> dt.date:
    return run.after.acquired_at.astimezone(ZONE).date()
