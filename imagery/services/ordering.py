"""What a patch is judged by before anybody looks, and what waits put into order again when that has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Protocol

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.models import Count, F, Max, Q

from imagery.models import ChangePoint, ChangeRun
from imagery.selectors.learning import opinions
from imagery.selectors.sites import Site, approved_sites
from imagery.services.telling import PORTION, Told, portions, unheard
from imagery.sql import Standing, hold_numbers, points_stand
from imagery.sql.overlays import Overlay, overlays
from imagery.sql.zones import no_longer_suppressed
from imagery.states import QUEUE, Gone, PriorityFacts, Why, priority
from kernel import clock
from kernel.viewer import Viewer

READ = 0.7
"""Share of the time after which it is known where points stand."""


class Judged(Protocol):
    """A patch, or the point that it became."""

    @property
    def score(self) -> float:
        """How sure detection is, 0…1."""
        ...

    @property
    def features(self) -> Mapping[str, float]:
        """Numbers of the patch."""
        ...


def overlays_of(run: ChangeRun, outlines: Sequence[GEOSGeometry], sites: list[Site]) -> list[Overlay]:
    """What lies below patches of a run, ``PORTION`` at most, in their order. Cost: one query."""
    moments = run.before.acquired_at, run.after.acquired_at
    return overlays(run.county_id, *moments, [bytes(one.wkb) for one in outlines], [site.wkb for site in sites])


def facts_of(
    run: ChangeRun, patch: Judged, rank: float, over: Overlay, learnt: float | None, sites: list[Site]
) -> PriorityFacts:
    """All that its priority is made of.

    Args:
        run: that found it.
        patch: what it is.
        rank: its place by score in its run, as a share.
        over: what lies below it.
        learnt: of the county's re-ranker.
        sites: those that ``over`` speaks of.
    """
    site = sites[over.site] if over.site is not None else None
    clouds = [scene.cloud for scene in (run.before, run.after) if scene.cloud is not None]
    return PriorityFacts(
        score=patch.score,
        rank=rank,
        redline_m2=over.redline_m2,
        redline=over.redline,
        project=site.key if site else "",
        project_name=site.name if site else "",
        project_name_en=site.name_en if site else "",
        water=over.water,
        urban=over.urban,
        zone=over.zone,
        shift_px=run.shift_px,
        cloud=max(clouds, default=None),
        tolerant=patch.features.get("tolerant"),
        learnt=learnt,
    )


@transaction.atomic
def points_reorder(
    *, by: Viewer, zone: GEOSGeometry | None = None, keys: Collection[int] | None = None, told: Told = unheard
) -> int:
    """Work out anew where the points that wait stand in the queue of ``by.county``; how many have moved.

    Nobody's verdict is a lost race for it: versions stay. Cost: two queries for every ``PORTION`` points of a run.

    Args:
        by: of the county.
        zone: only those in this place (EPSG:4326), and what is put last where no zone is any more: it was larger.
        keys: only these.
        told: how much of it is done, of ``keys``.
    """
    hold_numbers(by.county)
    sites = approved_sites(by.county)
    rows = ChangePoint.objects.filter(county_id=by.county, state__in=[state.value for state in QUEUE])
    if zone is not None:
        rows = rows.filter(Q(center__coveredby=zone) | Q(pk__in=no_longer_suppressed(by.county, QUEUE)))
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    # By moments: in the same scenes another detector finds it too, and one picture may be added with another mask
    other = ~Q(sightings__run__after__acquired_at=F("run__after__acquired_at"))
    waiting = rows.annotate(
        scenes=Count("sightings__run__after__acquired_at", distinct=True, filter=other),
        seen_at=Max("sightings__run__after__acquired_at", filter=other),
    )
    ordered = waiting.select_related("run__before", "run__after").order_by("run", "pk")
    changed: list[Standing] = []
    seen = 0
    for run, points in groupby(ordered.iterator(PORTION), key=lambda point: point.run):
        for some in portions(points):
            told(READ * seen / len(keys or some))
            changed += _reordered(run, some, sites)
            seen += len(some)
    waits = points_lock([one.point for one in changed])
    changed = [one for one in changed if one.point in waits]  # of what is decided meanwhile stays what was read
    for at, placed in enumerate(portions(changed)):
        told(READ + (1 - READ) * at * PORTION / len(changed))
        points_stand(placed)
    return len(changed)


def points_lock(keys: Collection[int]) -> set[int]:
    """Take points in the order in which whoever decides several takes them: neither waits for the other for ever.

    Returns:
        Those that wait now.
    """
    rows = ChangePoint.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {key for key, state in rows.values_list("pk", "state") if state in QUEUE}


def _reordered(run: ChangeRun, points: Sequence[ChangePoint], sites: list[Site]) -> list[Standing]:
    """Where those stand that move."""
    moved = []
    overs = overlays_of(run, [point.geom for point in points], sites)
    learnt = opinions(run.county_id, [point.features for point in points])
    for point, over, sure in zip(points, overs, learnt, strict=True):
        facts = facts_of(run, point, _rank(point.why), over, sure, sites)
        value, why = priority(replace(facts, **_later(point)))
        now = Standing(point.pk, value, why, facts.project, facts.redline_m2)
        if now != (point.pk, point.priority, point.why, point.project, point.redline_m2):
            moved.append(now)
    return moved


def _later(point: Any) -> dict[str, Any]:
    """What later scenes say of it, as ``PriorityFacts`` has it."""
    latest = max(point.seen_at, point.run.after.acquired_at) if point.seen_at else None
    seen_on = latest.astimezone(clock.ZONE).date() if latest else None
    gone = Gone(point.gone_percent, point.gone_on) if point.gone_on else None
    return {"scenes": 1 + point.scenes, "seen_on": seen_on, "gone": gone}


def _rank(why: list[Why]) -> float:
    """Its place in its run, as it was told when it was found."""
    return next((one["percent"] / 100 for one in why if one["code"] == "strength"), 1.0)
