"""What detection found becomes points: numbered, placed, ordered, and never twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction
from django.db.models import Count, Max

from imagery.models import ChangePoint, ChangeRun, Sighting
from imagery.selectors.learning import opinions
from imagery.selectors.sites import approved_sites
from imagery.services.moves import point_planned, point_step
from imagery.services.ordering import facts_of, overlays_of
from imagery.services.reasons import reasons_default
from imagery.sql import hold_numbers
from imagery.sql.overlays import Overlay
from imagery.states import QUEUE, SYSTEM, PointFacts, PriorityFacts, State, persisted, priority
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
    """

    added: tuple[int, ...]
    again: tuple[int, ...]


@transaction.atomic
def points_found(*, by: Viewer, run: ChangeRun, patches: Sequence[FoundPatch]) -> FoundPoints:
    """Take all patches of a run in: new ones go into the queue, known ones are noted as seen again.

    A patch is a known point where they overlap or touch (``imagery.sql.overlays``) and the point may have changed in
    the time between the scenes of this run: what changed before or after that is another change.

    Args:
        by: who asked for the run.
        run: with its scenes.
        patches: all that it found; given once more they add nothing.

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
    _seen_again(run, again)
    return FoundPoints(tuple(added), tuple(sorted(again)))


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
    """Note that this run has found known points; those that wait to be looked at move forward."""
    found = ChangePoint.objects.filter(pk__in=again).exclude(run=run).exclude(sightings__run=run)
    # In the order in which whoever decides several takes them: neither waits for the other.
    list(found.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    points = list(found.annotate(seen=Count("sightings")))
    rows = [Sighting(point=one, run=run, geom=again[one.pk].outline, score=again[one.pk].score) for one in points]
    Sighting.objects.bulk_create(rows)
    waiting = [one for one in points if State(one.state) in QUEUE]
    for point in waiting:
        point.priority, point.why = persisted(point.priority, point.why, point.seen + 2)
    ChangePoint.objects.bulk_update(waiting, ["priority", "why"])
