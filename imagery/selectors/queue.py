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

from accounts.selectors import saved_filters
from imagery.models import FLAG_TITLES, KIND_TITLES, STATE_TITLES, ChangePoint, Review
from imagery.querysets import PointQuerySet
from imagery.selectors.facts import with_scenes
from imagery.states import QUEUE, Flag, Kind, State, Verdict
from kernel import clock
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


YES, NOWHERE = "yes", "none"
STATES = tuple(state.value for state in QUEUE)
CHOICES: Mapping[str, tuple[str, ...] | None] = {
    "state": STATES,
    "place": None,
    "kind": tuple(kind.value for kind in Kind),
    "project": (YES,),
    "redline": (YES,),
    "gone": (YES,),
    "flag": tuple(flag.value for flag in FLAG_TITLES),
}
"""Filters of values, and which values there are; None: any code of a place, or ``NOWHERE``. A leading "!" says "all
but"."""


def queue_filter(given: Mapping[str, str], states: tuple[str, ...] = STATES) -> QueueFilter:
    """Read a filter from texts, as an address and a saved filter have them.

    Args:
        given: texts by name.
        states: those that may be asked for.

    Raises:
        Invalid: an unknown name or value.
    """
    fields: dict[str, Any] = {}
    for name, text in given.items():
        if name in CHOICES:
            fields[name] = _choice(name, text, states if name == "state" else CHOICES[name])
        elif name in ("min_m2", "min_score"):
            fields[name] = _number(name, text)
        elif name == "since":
            fields[name] = _day(text)
        else:
            raise Invalid(_("没有参数“%s”。") % name[:60], code="unknown_parameter", field=name[:60])
    return QueueFilter(**fields)


def _choice(name: str, text: str, options: tuple[str, ...] | None) -> Choice:
    is_not, values = text.startswith("!"), tuple(filter(None, text.removeprefix("!").split(",")))
    wrong = [one for one in values if not (one in options if options else _is_place(one))]
    if wrong or len(values) > 50:
        said = {"name": name, "of": "、".join(options or (_("地方代码"), NOWHERE))}
        raise Invalid(_("“%(name)s”只能是：%(of)s。") % said, field=name)
    return Choice(values, is_not)


def _is_place(text: str) -> bool:
    return text == NOWHERE or (text.isascii() and text.isdecimal())


def _number(name: str, text: str) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e9:
        raise Invalid(
            _("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % {"name": name, "low": 0, "high": 10**9}, field=name
        )
    return value


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("“%s”要写成 2026-06-30 这样的日期。") % "since", field="since") from None


def queue_rows(viewer: Viewer, asked: QueueFilter) -> PointQuerySet:
    """The points that the viewer may look at now; with ``flag`` of those that are set aside."""
    rows, today = _workable(viewer), clock.today()
    is_aside = bool(asked.flag.values) and not asked.flag.is_not
    return filtered(rows.aside(today) if is_aside else rows.waiting(today), asked)


def _workable(viewer: Viewer) -> PointQuerySet:
    return with_scenes(ChangePoint.objects.visible_to(viewer).unread_by(viewer))


def filtered(rows: PointQuerySet, asked: QueueFilter) -> PointQuerySet:
    """What of some points is asked for."""
    for name in CHOICES:
        choice: Choice = getattr(asked, name)
        if choice.values:
            found = _found(name, choice.values)
            rows = rows.exclude(found) if choice.is_not else rows.filter(found)
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
        aside: set aside, by why: as many as the filter of that ``flag`` alone leaves.
    """

    total: int
    states: tuple[Counted, ...]
    kinds: tuple[Counted, ...]
    townships: tuple[Counted, ...]
    aside: tuple[Counted, ...]
    saved: tuple[SavedCount, ...]
    today: Today


def queue_counts(viewer: Viewer, asked: QueueFilter) -> QueueCounts:
    """The figures beside the queue. Cost: eight queries, one more for each saved filter."""
    states = _by(F("state"), queue_rows(viewer, replace(asked, state=ANY)))
    kinds = _by(F("kind"), queue_rows(viewer, replace(asked, kind=ANY)))
    townships = _by(Substr("village_id", 1, 9), queue_rows(viewer, replace(asked, place=ANY)))
    aside = _workable(viewer).aside(clock.today())
    flags = _by(F("flag"), aside)
    names = Place.objects.filter(pk__in=[code for code in townships if code]).values_list("pk", "name", "name_en")
    titles = {code: named(name, name_en) for code, name, name_en in names}
    return QueueCounts(
        total=queue_rows(viewer, asked).count(),
        states=tuple(Counted(key, str(STATE_TITLES[State(key)]), n) for key, n in sorted(states.items())),
        kinds=tuple(Counted(kind.value, str(KIND_TITLES[kind]), kinds.get(kind.value, 0)) for kind in Kind),
        townships=tuple(
            Counted(code or NOWHERE, titles.get(code, _("不在任何村内")), n)
            for code, n in sorted(townships.items(), key=lambda one: one[0] or "")
        ),
        aside=tuple(Counted(key, str(FLAG_TITLES[Flag(key)]), n) for key, n in sorted(flags.items()) if key),
        saved=tuple(_saved(viewer, one.name, one.filters) for one in saved_filters(viewer) if one.queue == SAVED),
        today=_today(viewer),
    )


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
