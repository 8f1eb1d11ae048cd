"""Points as a table for files that other programs read: everything that the viewer sees, portion by portion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from imagery.models import FINDING_TITLES, FLAG_TITLES, KIND_TITLES, STATE_TITLES, ChangePoint
from imagery.querysets import PointQuerySet
from imagery.selectors.cards import with_names
from imagery.selectors.queue import QueueFilter, filtered
from imagery.selectors.why import MU_M2, project_said, why_lines
from imagery.states import Finding, Flag, Kind, State
from kernel import clock
from kernel.language import named
from kernel.layerspec import Field
from kernel.viewer import Viewer
from layers.table import Table

AT_ONCE = 1000
"""Points of a portion: some megabytes."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the file says of its rows."""

    key: str
    title: Any
    geometry: str


SHEET = _Sheet("change_points", _("变化图斑"), "polygon")


def point_rows(viewer: Viewer, asked: QueueFilter) -> PointQuerySet:
    """The points that the viewer may see, whatever their state; filters as of the queue, of any state."""
    return filtered(ChangePoint.objects.visible_to(viewer), asked)


def point_tables(found: PointQuerySet) -> Iterator[Table]:
    """Points with their outlines in EPSG:4326, in the order of their keys; read inside a transaction.

    What reviewers said is not in it: whoever gives the second verdict does not read the first.

    Cost: one query.
    """
    rows = with_names(found.order_by("pk"))
    fields = tuple(field for field, _read in COLUMNS)
    left = rows.iterator(AT_ONCE)
    yield Table(fields, [_row(point) for point in islice(left, AT_ONCE)])
    while some := [_row(point) for point in islice(left, AT_ONCE)]:
        yield Table(fields, some)


def _row(point: ChangePoint) -> tuple[Any, ...]:
    return (point.pk, bytes(point.geom.wkb), *(read(point) for _field, read in COLUMNS))


def _place(point: ChangePoint, *, is_town: bool) -> str:
    place = point.village and (point.village.parent if is_town else point.village)
    return named(place.name, place.name_en) if place else ""


def _project(point: ChangePoint) -> str:
    """The name of the approved project that it lies in, as its reasons have it."""
    return next((project_said(one) for one in point.why if one["code"] == "project"), "")


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(clock.ZONE).date()


# Names have at most ten characters: dBASE cuts longer ones.
COLUMNS: tuple[tuple[Field, Callable[[ChangePoint], Any]], ...] = (
    (Field("number", _("编号")), str),
    (Field("state", _("状态")), lambda point: str(STATE_TITLES[State(point.state)])),
    (Field("kind", _("类型")), lambda point: str(KIND_TITLES[Kind(point.kind)])),
    (Field("area_m2", _("面积（平方米）"), type="number"), lambda point: round(point.area_m2, 1)),
    (Field("area_mu", _("面积（亩）"), type="number"), lambda point: round(point.area_m2 / MU_M2, 2)),
    (Field("redline_mu", _("压控制线（亩）"), type="number"), lambda point: round(point.redline_m2 / MU_M2, 2)),
    (Field("score", _("把握"), type="number"), lambda point: round(point.score, 3)),
    (Field("priority", _("优先"), type="number"), lambda point: point.priority),
    (Field("why", _("依据")), lambda point: str(_("；")).join(one.text for one in why_lines(point.why))),
    (Field("project", _("项目")), _project),
    (Field("group_name", _("图斑组")), lambda point: point.group.title if point.group else ""),
    (Field("village", _("村代码")), lambda point: point.village_id or ""),
    (Field("vill_name", _("所在村")), lambda point: _place(point, is_town=False)),
    (Field("town_name", _("乡镇")), lambda point: _place(point, is_town=True)),
    (Field("before", _("前一景日期"), type="date"), lambda point: _day(point.run.before.acquired_at)),
    (Field("after", _("后一景日期"), type="date"), lambda point: _day(point.run.after.acquired_at)),
    (Field("detected", _("检出日期"), type="date"), lambda point: _day(point.detected_at)),
    (Field("aside", _("搁置")), lambda point: str(FLAG_TITLES[Flag(point.flag)]) if point.is_aside else ""),
    (Field("aside_til", _("搁置到"), type="date"), lambda point: point.flag_until if point.is_aside else None),
    (Field("finding", _("认定")), lambda point: str(FINDING_TITLES[Finding(point.finding)]) if point.finding else ""),
    (Field("order_no", _("工单"), type="integer"), lambda point: point.order_id),
    (Field("is_public", _("公开"), type="boolean"), lambda point: hasattr(point, "published")),
)
