"""How the review does: points by place, kind and month; every figure opens the points that it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.db.models.functions import Substr, TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imagery.models import KIND_TITLES, STATE_TITLES
from imagery.selectors.lists import PointFilter, points_found
from imagery.selectors.reviewers import ReviewerFigures, reviewer_figures
from imagery.states import CLOSED, QUEUE, Kind, State
from kernel import clock
from kernel.choices import Titles
from kernel.figures import Figure, FigureGroup, Statistics, month_key, month_period
from kernel.language import named
from kernel.viewer import Role, Viewer
from places.models import Place

POINTS = "/api/imagery/points/"
"""Where the rows behind a figure are read."""


class Grouping(StrEnum):
    """What the figures are for."""

    TOWNSHIP = "township"
    VILLAGE = "village"
    KIND = "kind"
    MONTH = "month"


GROUPING_TITLES: Titles = {
    Grouping.TOWNSHIP: gettext_lazy("乡镇"),
    Grouping.VILLAGE: gettext_lazy("村"),
    Grouping.KIND: gettext_lazy("类型"),
    Grouping.MONTH: gettext_lazy("月份"),
}

_KEYS: Mapping[Grouping, Any] = {
    Grouping.TOWNSHIP: Substr("village_id", 1, 9),
    Grouping.VILLAGE: F("village_id"),
    Grouping.KIND: F("kind"),
    Grouping.MONTH: TruncMonth("detected_at", tzinfo=clock.ZONE),
}


@dataclass(frozen=True, slots=True)
class ReviewStatistics(Statistics):
    """Points by the day of detection.

    Attributes:
        reviewers: what each did, by the day of the verdict; ``key`` is a person's number.
    """

    reviewers: tuple[FigureGroup, ...]


COUNTED: Mapping[str, tuple[State, ...]] = {
    "found": tuple(State),
    "waiting": (State.DETECTED, *QUEUE, State.DISPUTED),
    "confirmed": (State.CONFIRMED,),
    "rejected": (State.REJECTED,),
    "duplicate": (State.DUPLICATE,),
    "working": (State.FIELD_CHECK, State.FOUND_ILLEGAL, State.RECTIFYING),
    "closed": (State.FOUND_LEGAL, State.FOUND_NO_CHANGE, State.VERIFIED_CLOSED),
    "illegal": (State.FOUND_ILLEGAL, State.RECTIFYING, State.VERIFIED_CLOSED),
    "handled_percent": CLOSED,
}
"""What is counted, of which states. From ``waiting`` to ``closed`` every point is counted once; ``illegal`` was found
illegal, now or before it was put right; handled is what nobody has to do anything about any more."""


def _counted_titles() -> dict[str, str]:
    return {
        "found": _("检出"),
        "waiting": _("待核查"),
        "confirmed": str(STATE_TITLES[State.CONFIRMED]),
        "rejected": str(STATE_TITLES[State.REJECTED]),
        "duplicate": str(STATE_TITLES[State.DUPLICATE]),
        "working": _("处理中"),
        "closed": _("办结"),
        "illegal": str(STATE_TITLES[State.FOUND_ILLEGAL]),
        "handled_percent": _("已处理（%）"),
    }


def point_statistics(viewer: Viewer, by: Grouping, since: dt.date, until: dt.date) -> ReviewStatistics:
    """Figures of the viewer's points. Cost: six queries."""
    rows = points_found(viewer, PointFilter(since=since, until=until)).order_by()
    counts = {name: Count("pk", filter=Q(state__in=[s.value for s in states])) for name, states in COUNTED.items()}
    groups = {_text(row["key"], by): row for row in rows.values(key=_KEYS[by]).annotate(**counts)}
    titles = _titles(by, groups)
    period = {"since": since.isoformat(), "until": until.isoformat()}
    made = [
        _figures(key, titles.get(key, key), row, period | _where(by, key, since, until)) for key, row in groups.items()
    ]
    note = _("按检出日期统计图斑，按判读日期统计人员；两遍都看过的图斑才算一致率。")
    if not viewer.has_role(Role.SUPERVISOR):
        note += _("您还可能去复核的图斑，别人的判读先不算在内。")
    return ReviewStatistics(
        by=by.value,
        since=since.isoformat(),
        until=until.isoformat(),
        groups=tuple(sorted(made, key=lambda one: (one.key == "", one.key))),
        total=_figures("", _("合计"), rows.aggregate(**counts), period),
        reviewers=tuple(_person(one, period) for one in reviewer_figures(viewer, since, until)),
        note=note,
    )


def _text(key: Any, by: Grouping) -> str:
    return month_key(key) if by is Grouping.MONTH else key or ""


def _titles(by: Grouping, keys: Iterable[str]) -> dict[str, str]:
    if by is Grouping.KIND:
        return {kind.value: str(title) for kind, title in KIND_TITLES.items() if kind in list(Kind)}
    if by is Grouping.MONTH:
        return {}
    rows = Place.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "name", "name_en")
    return {"": _("不在任何村内")} | {key: named(name, name_en) for key, name, name_en in rows}


def _where(by: Grouping, key: str, since: dt.date, until: dt.date) -> dict[str, str]:
    """The parameters of the list that open the rows of a group."""
    if by is Grouping.MONTH:
        return month_period(key, since, until)
    return {"kind": key} if by is Grouping.KIND else {"place": key or "none"}


def _figures(key: str, title: str, row: Mapping[str, Any], where: dict[str, str]) -> FigureGroup:
    found, figures = row["found"], []
    for name, said in _counted_titles().items():
        value = row[name]
        if name == "handled_percent":
            value = round(100 * value / found, 1) if found else None
        states = "" if name == "found" else ",".join(COUNTED[name])
        asked = where | ({"state": states} if states else {})
        figures.append(Figure(name, said, value, f"{POINTS}?{urlencode(asked)}"))
    return FigureGroup(key, title, tuple(figures))


def _person(found: ReviewerFigures, period: dict[str, str]) -> FigureGroup:
    titles = {
        "reviews": (_("判读"), "reviews"),
        "undone": (_("撤销"), "undone"),
        "seconds": (_("每个用时（秒，中位数）"), "reviews"),
        "per_hour": (_("每小时"), "reviews"),
        "pairs": (_("两遍都看过"), "pairs"),
        "agreement_percent": (_("一致率（%）"), "agreed"),
        "kept_percent": (_("裁定后维持（%）"), "kept"),
    }
    figures = []
    for name, (title, said) in titles.items():
        asked = period | {"reviewer": str(found.key), "said": said}
        figures.append(Figure(name, title, getattr(found, name), f"{POINTS}?{urlencode(asked)}"))
    return FigureGroup(str(found.key), found.who, tuple(figures))
