"""What the machine asks of a point, and who may do what with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dispatch.models import Evidence
from dispatch.selectors.facts import worked_on
from dispatch.states import OPEN_STATES
from imagery.models import ChangePoint, ChangeRun, FieldCheck, FieldPhoto, PublishedPoint, Review, Scene, Sighting
from imagery.querysets import PointQuerySet
from imagery.selectors.later import scenes_since
from imagery.sql import outline_distance_m
from imagery.states import SYSTEM, Finding, PointFacts, State, needs_second
from kernel.viewer import Viewer

SOURCE = "imagery"
"""Key of change points as a source of work orders."""

MIN_PHOTOS = 3
"""Photos of a complete field check (issue 6)."""

FAR_M = 200.0
"""Further away is not at the point (issue 6)."""

IN_USE = (Scene.Status.READY,)
"""Of scenes: nobody looks at a point, and nothing is drawn of it, while one of its two is none of these."""


def with_scenes(rows: PointQuerySet) -> PointQuerySet:
    """Of some points those whose scenes are both in use, as ``PointFacts.has_scenes`` has it.

    By runs, of which there are few, so that points are found by their order.
    """
    return rows.exclude(run__in=_withheld())


def without_scenes(rows: PointQuerySet) -> PointQuerySet:
    """Of some points the others."""
    return rows.filter(run__in=_withheld())


def _withheld() -> QuerySet[ChangeRun]:
    return ChangeRun.objects.exclude(before__status__in=IN_USE, after__status__in=IN_USE)


def points_of(by: Viewer, part: str = "") -> PointQuerySet:
    """The points that ``by`` may act on in a part: all of the county for the product itself."""
    if part == SYSTEM:
        return ChangePoint.objects.filter(county_id=by.county)
    return ChangePoint.objects.visible_to(by)


def point_facts(by: Viewer, point: ChangePoint, now: dt.datetime, **given: Any) -> PointFacts:
    """What the guards ask. Cost: one query, up to four where an order stands behind it.

    Args:
        by: who moves it.
        point: as it is now, with its run and both scenes.
        now: when.
        given: facts that follow from what is given with the move.
    """
    facts = own_facts(by, point, now, is_published=PublishedPoint.objects.filter(pk=point.pk).exists())
    if point.state == State.FIELD_CHECK and "has_evidence" not in given:
        facts = replace(facts, has_evidence=has_evidence(point))
    if point.state == State.RECTIFYING:
        given = _of_rectification(by, point) | given
    return replace(facts, **given)


def own_facts(by: Viewer, point: ChangePoint, now: dt.datetime, **given: Any) -> PointFacts:
    """What its own row and its scenes say, which is all that verdicts ask. Cost: none.

    Args:
        by: who moves it.
        point: as it is now, with its run and both scenes.
        now: when.
        given: what is known beside them.
    """
    is_held = point.claimed_by_id is not None and point.claim_until is not None and point.claim_until > now
    facts = PointFacts(
        has_lease=is_held and point.claimed_by_id == by.user_id,
        is_claimed=is_held and point.claimed_by_id != by.user_id,
        has_scenes=all(scene.status in IN_USE for scene in (point.run.before, point.run.after)),
        second_due=needs_second(point.area_m2, point.redline_m2, point.number),
        is_first=by.user_id is not None and point.first_by_id == by.user_id,
    )
    return replace(facts, **given)


def _of_rectification(by: Viewer, point: ChangePoint) -> dict[str, Any]:
    order = point.order
    if order is None:
        return {"is_order_done": False, "has_proof": False}
    photos = Evidence.objects.filter(reply__order=order, photo__isnull=False)
    still_there = Sighting.objects.filter(point=point).values("run__after__acquired_at")
    since = scenes_since(Scene.objects.all(), point).filter(acquired_at__gt=order.opened_at)
    later = since.exclude(acquired_at__in=still_there)
    return {
        "is_order_done": order.state not in OPEN_STATES,
        "is_rectifier": by.user_id == point.rectified_by_id or worked_on(by, order),
        "has_proof": photos.exists() or later.exists() or _put_right_since(point, order.opened_at),
    }


def _put_right_since(point: ChangePoint, opened_at: dt.datetime) -> bool:
    """Whether a check says so: one of before, sent late, shows what was wrong; so does one that says it still is."""
    return any(one.at >= opened_at and one.finding != Finding.ILLEGAL for one in checks_telling(point))


def checks_telling(point: ChangePoint) -> list[FieldCheck]:
    """The field checks that say what the point is, in their order: complete ones of its present order.

    Photos are those that the same person took at the same point; one picture sent three times is one. Points of a
    group may share an order: where nobody checked the point itself, what was said of another counts for it, if whoever
    did stood within ``FAR_M`` of it. One site is one visit; a village further on is not. Cost: one query.
    """
    of = {"order": point.order_id} if point.order_id else {"point": point, "order": None}
    return _telling(point, _complete(FieldCheck.objects.filter(**of), point))


def checks_nearby(viewer: Viewer, point: ChangePoint, orders: Collection[int]) -> list[FieldCheck]:
    """Checks of other points that said what this one is under some of its orders, as far as ``viewer`` sees those.

    ``away_m``: from where they stood to this point, metres. Cost: one query.
    """
    seen = FieldCheck.objects.visible_to(viewer).filter(order__in=orders).select_related("point")
    complete = _complete(seen, point)
    telling = (_telling(point, [one for one in complete if one.order_id == order]) for order in orders)
    return [one for checks in telling for one in checks if one.point_id != point.pk]


def _complete(rows: QuerySet[FieldCheck], point: ChangePoint) -> list[FieldCheck]:
    """Those with enough photos, in their order; ``away_m``: how far from ``point`` they stood."""
    own = {name: OuterRef(name) for name in ("point", "by")}
    photos = FieldPhoto.objects.filter(check_client=OuterRef("client_id"), **own).order_by()
    counted = photos.values("check_client").annotate(n=Count("photo__sha256", distinct=True)).values("n")
    known = rows.annotate(photos=Coalesce(Subquery(counted), 0), away_m=outline_distance_m(point.pk))
    return list(known.filter(photos__gte=MIN_PHOTOS).order_by("at", "pk"))


def _telling(point: ChangePoint, checks: list[FieldCheck]) -> list[FieldCheck]:
    """Of one order's checks: the point's own, else those nearby."""
    near = [one for one in checks if one.away_m <= FAR_M]  # type: ignore[attr-defined]
    return [one for one in checks if one.point_id == point.pk] or near


def has_evidence(point: ChangePoint, finding: str = "") -> bool:
    """Whether somebody was there and says so, or a document that was named for it does. Cost: at most one query.

    Args:
        point: in its field check.
        finding: what it is to be; "": whatever there is evidence of.
    """
    if point.basis_id is not None and finding in ("", point.finding):
        return True
    return any(finding in ("", one.finding) for one in checks_telling(point))


def finding_of(point: ChangePoint) -> str:
    """What the point was found to be: by a document that an official named, else by the last check that tells."""
    if point.finding:
        return point.finding
    checks = checks_telling(point)
    return checks[-1].finding if checks else ""


def told_first(by: Viewer, points: Collection[int]) -> frozenset[int]:
    """Keys of those points in their second round of which ``by`` has been told the first verdict. Cost: one query."""
    said = Review.objects.filter(point__in=points).telling_first(by)
    return frozenset(said.values_list("point", flat=True))


def last_verdicts(points: Collection[int]) -> dict[int, Review]:
    """By the key of each point the last verdict that decided something and stands. Cost: one query."""
    rows = Review.objects.filter(point__in=points).standing()
    return {one.point_id: one for one in rows.order_by("pk")}
