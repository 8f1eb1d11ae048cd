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
from imagery.services.moves import points_begin
from imagery.services.ordering import facts_of, overlays_of, points_lock, points_reorder
from imagery.services.reasons import reasons_default
from imagery.services.telling import PORTION, Told, part, portions, unheard
from imagery.sql import hold_numbers
from imagery.sql.overlays import Overlay
from imagery.states import QUEUE, PriorityFacts, priority
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

LOOKED = 0.3
"""Share of the time after which it is known what lies below the patches; the rest is writing. Measured, 10,000 new."""


@transaction.atomic
def points_found(
    *,
    by: Viewer,
    run: ChangeRun,
    patches: Sequence[FoundPatch],
    left: Mapping[int, int] | None = None,
    told: Told = unheard,
) -> FoundPoints:
    """Take all patches of a run in: new ones go into the queue, known ones are noted as seen again.

    A patch is a known point where they overlap or touch (``imagery.sql.overlays``) and the point may have changed in
    the time between the scenes of this run: what changed before or after that is another change.

    Args:
        by: who asked for the run.
        run: with its scenes.
        patches: all that it found; given once more they add nothing.
        left: of points that wait (``points_tested``), by key, percent of their strength that its scenes show.
        told: how much of it is done.

    Cost: four queries for every ``PORTION`` of new points, three for known ones.
    """
    hold_numbers(run.county_id)
    reasons_default(run.county_id)
    seen = _judged(run, patches, part(told, 0, LOOKED))
    begun = LOOKED if patches else 0.0
    fresh = [one for one in seen if one.over.known is None]
    written = begun + (1 - begun) * len(fresh) / max(len(patches) + len(left or ()), 1)
    added = _added(by, run, fresh, part(told, begun, written))
    closest_last = sorted(seen, key=lambda one: one.over.known_m2)  # two patches at one point: it is what covers more
    again = {one.over.known: one.patch for one in closest_last if one.over.known is not None}
    still = {key: percent for key, percent in (left or {}).items() if key not in again}
    gone = {key: percent for key, percent in still.items() if percent <= GONE_PERCENT}
    moved: tuple[int, ...] = ()
    back = _back(run, still.keys() - gone.keys())
    if again or gone or back:
        points_lock([*again, *gone, *back])
        _seen_again(run, again)
        ChangePoint.objects.filter(pk__in=back).update(gone_on=None, gone_percent=None)
        moved = _gone(run, gone)
        points_reorder(by=by, keys=[*again, *moved, *back], told=part(told, written, 1))
    return FoundPoints(tuple(added), tuple(sorted(again)), moved)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A patch with what lies below it, and what its priority is made of."""

    patch: FoundPatch
    over: Overlay
    facts: PriorityFacts


def _judged(run: ChangeRun, patches: Sequence[FoundPatch], told: Told) -> list[_Judged]:
    """All patches, before any of them is a point: what lies near each other in one run are points each."""
    sites = approved_sites(run.county_id)
    learnt = opinions(run.county_id, [patch.features for patch in patches])
    seen: list[_Judged] = []
    for some in portions(zip(patches, _ranks(patches), learnt, strict=True)):
        told(len(seen) / len(patches))
        overs = overlays_of(run, [patch.outline for patch, _rank, _sure in some], sites)
        for (patch, rank, sure), over in zip(some, overs, strict=True):
            seen.append(_Judged(patch, over, facts_of(run, patch, rank, over, sure, sites)))
    return seen


def _ranks(patches: Sequence[FoundPatch]) -> list[float]:
    """The place of each patch by score, as a share of all: the first of a hundred has 0.01."""
    order = sorted(range(len(patches)), key=lambda index: -patches[index].score)
    share = {index: (place + 1) / len(patches) for place, index in enumerate(order)}
    return [share[index] for index in range(len(patches))]


def _added(by: Viewer, run: ChangeRun, fresh: Sequence[_Judged], told: Told) -> list[int]:
    """New points, in the queue; their keys."""
    last: int = ChangePoint.objects.filter(county_id=run.county_id).aggregate(n=Max("number"))["n"] or 0
    keys: list[int] = []
    for some in portions(fresh):
        told(len(keys) / len(fresh))
        points = [_point(run, last + number, one) for number, one in enumerate(some, start=len(keys) + 1)]
        points_begin(by, points, "queue", {"run": run.pk})
        keys += [point.pk for point in points]
    return keys


def _point(run: ChangeRun, number: int, one: _Judged) -> ChangePoint:
    value, why = priority(one.facts)
    return ChangePoint(
        county_id=run.county_id,
        number=number,
        run=run,
        geom=one.patch.outline,
        center=Point(one.over.center, srid=4326),
        area_m2=one.over.area_m2,
        redline_m2=one.over.redline_m2,
        kind=one.patch.kind,
        score=one.patch.score,
        priority=value,
        why=why,
        features=dict(one.patch.features),
        village_id=one.over.village,
        project=one.facts.project,
    )


def _seen_again(run: ChangeRun, again: Mapping[int, FoundPatch]) -> None:
    """Note that this run has found known points."""
    others = ChangePoint.objects.filter(pk__in=again).exclude(run=run).exclude(sightings__run=run).order_by("pk")
    keys = list(others.values_list("pk", flat=True))
    rows = (Sighting(point_id=key, run=run, geom=again[key].outline, score=again[key].score) for key in keys)
    Sighting.objects.bulk_create(rows, batch_size=PORTION)
    back = ChangePoint.objects.filter(pk__in=keys, gone_on__lte=_day(run))
    back.update(gone_on=None, gone_percent=None)


def _back(run: ChangeRun, there: Collection[int]) -> list[int]:
    """Those of which an earlier scene than that of this run had said that they are gone."""
    return list(ChangePoint.objects.filter(pk__in=there, gone_on__lt=_day(run)).values_list("pk", flat=True))


def _gone(run: ChangeRun, gone: Mapping[int, int]) -> tuple[int, ...]:
    """Note what is gone in the later scene of this run, unless that or a still later one has shown it."""
    day, seen_later = _day(run), Q(sightings__run__after__acquired_at__gte=run.after.acquired_at)
    waiting = ChangePoint.objects.filter(pk__in=gone, state__in=[state.value for state in QUEUE]).order_by("pk")
    keys = tuple(waiting.exclude(gone_on__gt=day).exclude(seen_later).values_list("pk", flat=True))
    for percent in sorted({gone[key] for key in keys}):
        some = [key for key in keys if gone[key] == percent]
        ChangePoint.objects.filter(pk__in=some).update(gone_on=day, gone_percent=percent)
    return keys


def _day(run: ChangeRun) -> dt.date:
    return run.after.acquired_at.astimezone(ZONE).date()
