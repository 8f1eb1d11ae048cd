"""The queue of points to look at: what of it is asked for, how many there are, and one page of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import Count, F, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors import saved_filters
from imagery.models import FLAG_TITLES, KIND_TITLES, NUMBER_SIGN, STATE_TITLES, ChangePoint, Review
from imagery.querysets import PointQuerySet
from imagery.selectors.facts import with_scenes, without_scenes
from imagery.states import QUEUE, Flag, Kind, Verdict
from kernel import clock
from kernel.choices import Titles, called, not_among
from kernel.errors import Invalid
from kernel.geo import LonLat, ewkt
from kernel.language import named
from kernel.nearest import metres_to
from kernel.viewer import Viewer
from places.models import Place

SAVED = "imagery"
"""Queue under which accounts keep a person's filters of the review."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Some values of a filter, or with ``is_not`` all but these; empty: everything."""

    values: tuple[str, ...] = ()
    is_not: bool = False


ANY = Choice()


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is asked for.

    Attributes:
        state: ``queued`` or ``second_review``.
        place: codes of townships or villages, ``NOWHERE`` for points outside every village.
        kind: of the change.
        project, redline, gone: "yes": inside an approved project, on a red line, hardly there in a later scene.
        flag: set aside, and why; without it what is not set aside.
        min_m2, min_score: at least.
        since: detected on that day or later.
        number: of that number in the county; None: of any.
    """

    state: Choice = ANY
    place: Choice = ANY
    kind: Choice = ANY
    project: Choice = ANY
    redline: Choice = ANY
    gone: Choice = ANY
    flag: Choice = ANY
    min_m2: float = 0
    min_score: float = 0
    since: dt.date | None = None
    number: int | None = None


YES, NOWHERE, PLACE = "yes", "none", "place"
MOST_VALUES = 50
"""Of one filter: more townships than a county has."""
_YES = {YES: gettext_lazy("是")}
CHOICES: Mapping[str, Titles] = {
    "state": {state.value: STATE_TITLES[state] for state in QUEUE},
    PLACE: {NOWHERE: gettext_lazy("不在任何村内")},
    "kind": {kind.value: title for kind, title in KIND_TITLES.items()},
    "project": _YES,
    "redline": _YES,
    "gone": _YES,
    "flag": {flag.value: title for flag, title in FLAG_TITLES.items()},
}
"""Filters of values, and which values there are, with their words; of a place any code too. A leading "!" says "all
but"."""

FILTER_TITLES: Titles = {
    "state": gettext_lazy("状态"),
    "place": gettext_lazy("地方"),
    "kind": gettext_lazy("类型"),
    "project": gettext_lazy("在批准项目内"),
    "redline": gettext_lazy("压控制线"),
    "gone": gettext_lazy("后来几乎没有了"),
    "flag": gettext_lazy("搁置"),
    "min_m2": gettext_lazy("最小面积（平方米）"),
    "min_score": gettext_lazy("最低把握"),
    "since": gettext_lazy("检出日期"),
    "number": gettext_lazy("编号"),
}
"""What the filters are called."""


def queue_filter(given: Mapping[str, str], states: Titles | None = None) -> QueueFilter:
    """Read a filter from texts, as an address and a saved filter have them.

    Args:
        given: texts by name.
        states: those that may be asked for; None: those in which somebody is to look at a point.

    Raises:
        Invalid: an unknown name or value.
    """
    fields: dict[str, Any] = {}
    for name, text in given.items():
        if name in CHOICES:
            fields[name] = _choice(name, text, (states if name == "state" else None) or CHOICES[name])
        elif name in ("min_m2", "min_score"):
            fields[name] = _number(name, text)
        elif name == "since":
            fields[name] = _day(name, text)
        elif name == "number":
            fields[name] = point_number(text)
        else:
            raise Invalid(_("没有参数“%s”。") % name[:60], code="unknown_parameter", field=name[:60])
    return QueueFilter(**fields)


def _choice(name: str, text: str, options: Titles) -> Choice:
    is_not, values = text.startswith("!"), tuple(filter(None, text.removeprefix("!").split(",")))
    if len(values) > MOST_VALUES:
        said = {"name": FILTER_TITLES[name], "n": MOST_VALUES}
        raise Invalid(_("“%(name)s”最多选 %(n)d 项。") % said, code="too_long", field=name)
    is_place = name == PLACE
    if any(one not in options and not (is_place and one.isascii() and one.isdecimal()) for one in values):
        raise not_among(name, [*([_("地方代码")] if is_place else []), *options], options, FILTER_TITLES[name])
    return Choice(values, is_not)


def _number(name: str, text: str) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e9:
        said = {"name": called(str(FILTER_TITLES[name]), name), "low": 0, "high": 10**9}
        raise Invalid(_("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % said, field=name)
    return value


def point_number(text: str) -> int | None:
    """The number of a point as people write it: ``12``, ``YG-0012``; None for no text.

    Raises:
        Invalid: no such number.
    """
    digits = text.strip().upper().removeprefix(NUMBER_SIGN)
    if text and not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
        raise Invalid(_("“编号”要写成 12 或 YG-0012 这样。"), field="number")
    return int(digits) if digits else None


def _day(name: str, text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text) if text else None
        if day and not dt.MINYEAR < day.year < dt.MAXYEAR:  # its midnight elsewhere lies outside the calendar
            raise ValueError(text)
        return day
    except ValueError:
        said = called(str(FILTER_TITLES[name]), name)
        raise Invalid(_("“%s”要写成 2026-06-30 这样的日期。") % said, field=name) from None


def queue_rows(viewer: Viewer, asked: QueueFilter) -> PointQuerySet:
    """The points that the viewer may look at now; with ``flag`` of those that are set aside."""
    return filtered(_waiting(viewer, asked), asked)


def _waiting(viewer: Viewer, asked: QueueFilter) -> PointQuerySet:
    """Those of the queue, or those that are set aside, whatever else is asked for."""
    rows, today = _workable(viewer), clock.today()
    is_aside = bool(asked.flag.values) and not asked.flag.is_not
    return rows.aside(today) if is_aside else rows.waiting(today)


def _workable(viewer: Viewer) -> PointQuerySet:
    return with_scenes(_own(viewer))


def _own(viewer: Viewer) -> PointQuerySet:
    return ChangePoint.objects.visible_to(viewer).unread_by(viewer)


def filtered(rows: PointQuerySet, asked: QueueFilter) -> PointQuerySet:
    """What of some points is asked for."""
    for name in CHOICES:
        choice: Choice = getattr(asked, name)
        if choice.values:
            found = _found(name, choice.values)
            rows = rows.exclude(found) if choice.is_not else rows.filter(found)
    if asked.number is not None:
        rows = rows.filter(number=asked.number)
    if asked.since:
        rows = rows.filter(detected_at__gte=clock.midnight(asked.since))
    return rows.filter(area_m2__gte=asked.min_m2, score__gte=asked.min_score)


def _found(name: str, values: tuple[str, ...]) -> Q:
    if name == "place":
        found = Q(pk__in=[])
        for code in values:
            found |= _in_place(code)
        return found
    if name == "project":
        return ~Q(project="")
    if name == "redline":
        return Q(redline_m2__gt=0)
    if name == "flag":  # one that is over is none
        return Q(flag__in=values, flag_until__gte=clock.today())
    if name == "gone":
        return Q(gone_on__isnull=False)
    return Q(**{f"{name}__in": values})


def _in_place(code: str) -> Q:
    if code == NOWHERE:
        return Q(village=None)
    # "All but these" keeps what lies in no village.
    return Q(village__isnull=False, village__code__startswith=code) if len(code) > 6 else Q(county_id=code)


def in_order(rows: PointQuerySet, near: LonLat | None) -> PointQuerySet:
    """What comes next first: the nearest of a place (degrees, EPSG:4326), or the highest priority."""
    if near is None:
        return rows.order_by("-priority", "number")
    return rows.order_by(metres_to("center", ewkt(near)))


# ---------------------------------------------------------------- how many


@dataclass(frozen=True, slots=True)
class Counted:
    """A value of a filter and how many points it would leave, beside the other filters."""

    key: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class SavedCount:
    """A saved filter of the viewer; ``filters`` is a query text, ``count`` None where it can no longer be read."""

    name: str
    filters: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Today:
    """What the viewer has done today and not taken back; ``seconds`` each, None without any."""

    reviews: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many points there are to look at.

    Attributes:
        total: with all filters.
        townships: in which something waits, whatever else is asked for, and the places that are asked for.
        aside: set aside, by why: as many as that ``flag`` would leave.
        withheld: that would wait too, had not a scene of theirs been withdrawn; of all filters.
    """

    total: int
    states: tuple[Counted, ...]
    kinds: tuple[Counted, ...]
    townships: tuple[Counted, ...]
    aside: tuple[Counted, ...]
    saved: tuple[SavedCount, ...]
    today: Today
    withheld: int


def queue_counts(viewer: Viewer, asked: QueueFilter) -> QueueCounts:
    """The figures beside the queue. Cost: ten queries, one more for each saved filter.

    And one for each place that is asked for and is no township in which something waits.
    """
    states = _by(F("state"), queue_rows(viewer, replace(asked, state=ANY)))
    kinds = _by(F("kind"), queue_rows(viewer, replace(asked, kind=ANY)))
    flags = _by(F("flag"), filtered(_workable(viewer).aside(clock.today()), replace(asked, flag=ANY)))
    return QueueCounts(
        total=queue_rows(viewer, asked).count(),
        states=tuple(Counted(state.value, str(STATE_TITLES[state]), states.get(state.value, 0)) for state in QUEUE),
        kinds=tuple(Counted(kind.value, str(KIND_TITLES[kind]), kinds.get(kind.value, 0)) for kind in Kind),
        townships=_places(viewer, asked),
        aside=tuple(Counted(flag.value, str(FLAG_TITLES[flag]), flags.get(flag.value, 0)) for flag in Flag if flag),
        saved=tuple(_saved(viewer, one.name, one.filters) for one in saved_filters(viewer) if one.queue == SAVED),
        today=_today(viewer),
        withheld=without_scenes(_own(viewer)).waiting(clock.today()).count(),
    )


def _places(viewer: Viewer, asked: QueueFilter) -> tuple[Counted, ...]:
    """Townships in which something waits, and what is asked for: they can be asked for also where nothing is left."""
    township = Substr("village_id", 1, 9)
    left = _by(township, queue_rows(viewer, replace(asked, place=ANY)))
    counts = {code or NOWHERE: left.get(code, 0) for code in _by(township, _waiting(viewer, asked))}
    for code in asked.place.values:
        if code not in counts:
            counts[code] = queue_rows(viewer, replace(asked, place=Choice((code,)))).count()
    names = Place.objects.filter(pk__in=counts).values_list("pk", "name", "name_en")
    titles = {code: named(name, name_en) for code, name, name_en in names} | {NOWHERE: str(_("不在任何村内"))}
    return tuple(Counted(code, titles.get(code, code), n) for code, n in sorted(counts.items()))


def _by(what: F | Substr, rows: PointQuerySet) -> dict[str, int]:
    return dict(rows.order_by().annotate(key=what).values_list("key").annotate(n=Count("pk")))


def _saved(viewer: Viewer, name: str, filters: str) -> SavedCount:
    try:
        count = queue_rows(viewer, queue_filter(dict(parse_qsl(filters)))).count()
    except Invalid:
        return SavedCount(name, filters, None)
    return SavedCount(name, filters, count)


def _today(viewer: Viewer) -> Today:
    start = clock.midnight(clock.today())
    rows = Review.objects.visible_to(viewer).filter(by=viewer.user_id, at__gte=start, undone=None)
    seconds = rows.exclude(verdict=Verdict.UNDO.value).values_list("seconds", flat=True)
    known = [one for one in seconds if one is not None]
    return Today(len(seconds), round(sum(known) / len(known), 1) if known else None)
