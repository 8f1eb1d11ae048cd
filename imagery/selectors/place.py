"""What everybody is told of the points of a place: how many were found, how many are handled, and the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from imagery.models import KIND_TITLES, STAGE_TITLES, PublishedPoint
from imagery.states import Kind, Stage
from kernel import kept
from kernel.kept import given
from kernel.language import day_written
from kernel.viewer import Viewer

LAST = 10


@dataclass(frozen=True, slots=True)
class PublicPoint:
    """A published point in the panel; ``subtitle`` says how far it is and since when."""

    id: int
    title: str
    subtitle: str
    kind: str
    stage: str
    stage_title: str
    found_on: str


@dataclass(frozen=True, slots=True)
class PlacePoints:
    """The published points of a place; ``handled`` of ``found``, and the same as a sentence."""

    found: int
    handled: int
    note: str
    items: tuple[PublicPoint, ...]


def place_points(viewer: Viewer, code: str) -> PlacePoints:
    """The published points of the place ``code``. Cost: two queries, one where there are none."""
    ((found, handled),) = kept.rows(_counts, viewer, len(code) == 6, code=code) or ((0, 0),)
    last = kept.rows(_last, viewer, len(code) == 6, code=code) if found else ()
    note = _("发现 %(found)d 处，已处理 %(handled)d 处") % {"found": found, "handled": handled}
    return PlacePoints(found, handled, note, tuple(_line(row) for row in last))


def _rows(viewer: Viewer, is_county: bool) -> QuerySet[PublishedPoint]:
    rows = PublishedPoint.objects.visible_to(viewer)
    return rows if is_county else rows.filter(village__code__startswith=given("code"))


def _counts(viewer: Viewer, is_county: bool) -> QuerySet[Any, Any]:
    rows = _rows(viewer, is_county).order_by().values("county_id")
    handled = Count("pk", filter=Q(stage=Stage.HANDLED.value))
    return rows.annotate(found=Count("pk"), handled=handled).values_list("found", "handled")


def _last(viewer: Viewer, is_county: bool) -> QuerySet[Any, Any]:
    rows = _rows(viewer, is_county).order_by("-found_on", "-pk")
    return rows.values_list("pk", "name", "kind", "stage", "found_on")[:LAST]


def _line(row: tuple[Any, ...]) -> PublicPoint:
    key, name, kind, stage, found_on = row
    title = f"{name} {KIND_TITLES[Kind(kind)]}"
    said = {"stage": str(STAGE_TITLES[Stage(stage)]), "day": day_written(found_on)}
    subtitle = (_("%(day)s 发现") if stage == Stage.FOUND else _("%(stage)s，%(day)s 发现")) % said
    return PublicPoint(key, title, subtitle, kind, stage, said["stage"], found_on.isoformat())
