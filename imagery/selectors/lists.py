"""Pages of points: the queue in its order, and all others by their state."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.contrib.gis.geos import Polygon
from django.db.models import Q
from django.utils.translation import gettext as _

from imagery.models import ChangePoint
from imagery.querysets import PointQuerySet
from imagery.selectors.cards import PointCard, card_of, with_names
from imagery.selectors.queue import NOWHERE, QueueFilter, in_order, queue_rows
from imagery.selectors.reviewers import reviewer_points
from kernel import clock
from kernel.errors import Invalid
from kernel.geo import Bbox, LonLat, ewkt
from kernel.nearest import metres_to
from kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PointPage:
    """Points on one page.

    Attributes:
        next: cursor of the following page.
        matched: how many all pages have, where counted.
        distances_m: whole metres to each of ``items`` where they are in the order of their distance; empty elsewhere.
    """

    items: tuple[PointCard, ...]
    next: str
    matched: int | None = None
    distances_m: tuple[int, ...] = ()


def queue_page(viewer: Viewer, asked: QueueFilter, after: str, limit: int, near: LonLat | None = None) -> PointPage:
    """One page of the queue, the highest priority first; or those nearest of ``near``, of which there is one page.

    Cost: one query.

    Raises:
        Invalid: ``after`` is no ``next`` of an earlier page.
    """
    rows = in_order(with_names(queue_rows(viewer, asked).filter(_beyond(after))), near)
    if near is not None:
        nearest = list(rows.annotate(distance_m=metres_to("center", ewkt(near)))[:limit])
        return PointPage(tuple(map(card_of, nearest)), "", distances_m=tuple(round(one.distance_m) for one in nearest))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return PointPage(tuple(map(card_of, found[:limit])), f"{last.priority!r}_{last.number}" if last else "")


def _beyond(after: str) -> Q:
    if not after:
        return Q()
    try:
        said, _dash, number = after.partition("_")
        priority, last = float(said), int(number[:12])
    except ValueError:
        priority, last = math.nan, 0
    if not math.isfinite(priority):
        raise Invalid(_("不是上一页给出的位置。"), field="cursor")
    return Q(priority__lt=priority) | Q(priority=priority, number__gt=last)


@dataclass(frozen=True, slots=True)
class PointFilter:
    """Which points; what is not said leaves all.

    Attributes:
        states: in these.
        number: of that number in the county; None: of any.
        kind: of change.
        place: code of a township or village, ``NOWHERE`` for points outside every village.
        since, until: days of detection, both included; with ``reviewer`` days of the verdict.
        reviewer: key of a person, ``said`` one of ``imagery.selectors.reviewers.SAID``.
        bbox: they touch this box (degrees, EPSG:4326).
    """

    states: tuple[str, ...] = ()
    number: int | None = None
    kind: str = ""
    place: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    reviewer: int = 0
    said: str = "reviews"
    bbox: Bbox | None = None


def points_found(viewer: Viewer, asked: PointFilter) -> PointQuerySet:
    """All points that are the viewer's business, of what is asked for. Cost: one query for a reviewer's."""
    found = Q()
    if asked.states:
        found &= Q(state__in=asked.states)
    if asked.number is not None:
        found &= Q(number=asked.number)
    if asked.kind:
        found &= Q(kind=asked.kind)
    if asked.place:
        found &= Q(village=None) if asked.place == NOWHERE else Q(village__code__startswith=asked.place)
    if asked.bbox:
        found &= Q(geom__intersects=Polygon.from_bbox(asked.bbox))
    return _in_days(viewer, ChangePoint.objects.visible_to(viewer).filter(found), asked)


def _in_days(viewer: Viewer, rows: PointQuerySet, asked: PointFilter) -> PointQuerySet:
    if asked.reviewer:
        until = asked.until or clock.today()
        since = asked.since or until - dt.timedelta(days=364)
        return rows.filter(pk__in=reviewer_points(viewer, asked.reviewer, asked.said, since, until))
    if asked.since:
        rows = rows.filter(detected_at__gte=clock.midnight(asked.since))
    if asked.until:
        rows = rows.filter(detected_at__lt=clock.midnight(asked.until + dt.timedelta(days=1)))
    return rows


def point_page(viewer: Viewer, asked: PointFilter, after: int, limit: int) -> PointPage:
    """One page of all points that are the viewer's business, the newest first. Cost: two queries.

    Args:
        viewer: who looks.
        asked: which.
        after: key of the last point of the page before; 0 the first page.
        limit: how many.
    """
    found = points_found(viewer, asked)
    rows = found.filter(pk__lt=after) if after else found
    page = list(with_names(rows).order_by("-pk")[: limit + 1])
    return PointPage(
        tuple(map(card_of, page[:limit])),
        str(page[limit - 1].pk) if len(page) > limit else "",
        found.count(),
    )
