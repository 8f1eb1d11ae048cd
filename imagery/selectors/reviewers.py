"""How reviewers do: how many verdicts, how quick, how often two of them say the same; and on which points."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy

from accounts.selectors import people_named
from imagery.models import ChangePoint, Review
from imagery.states import DECISIVE, QUEUE, State, Verdict
from kernel import clock
from kernel.choices import Titles
from kernel.viewer import Viewer

SAID: Titles = {
    "reviews": gettext_lazy("判读"),
    "undone": gettext_lazy("撤销"),
    "pairs": gettext_lazy("两遍都看过"),
    "agreed": gettext_lazy("一致"),
    "kept": gettext_lazy("裁定后维持"),
}
"""Which points of a reviewer are asked for: with a verdict that stands, with one that was taken back, with two of
which one is theirs, of those where both said the same, and where theirs held when it was decided."""


class _Row(NamedTuple):
    by: int
    point: int
    round: int
    verdict: str
    seconds: float | None
    undone: int | None
    state: str


class _Pair(NamedTuple):
    """Whether both said the same; whether the person's verdict held, None where nobody has decided."""

    point: int
    agrees: bool
    held: bool | None


@dataclass
class _Work:
    """Of one reviewer."""

    said: list[_Row] = field(default_factory=list)
    pairs: list[_Pair] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """What one reviewer did.

    Attributes:
        reviews: verdicts that stand.
        undone: taken back.
        seconds: median of one verdict; ``per_hour`` at that pace. None where none was timed.
        pairs: pairs of verdicts that stand, one of them the reviewer's: of a point that was opened again perhaps two.
        agreement_percent: share of those on which both said the same.
        kept_percent: of the verdicts on disputed points that were decided, the share that held.
    """

    key: int
    who: str
    reviews: int
    undone: int
    seconds: float | None
    per_hour: int | None
    pairs: int
    agreement_percent: float | None
    kept_percent: float | None


def reviewer_figures(viewer: Viewer, since: dt.date, until: dt.date) -> tuple[ReviewerFigures, ...]:
    """Reviewers, most verdicts first; pairs whose second verdict lies in the period. Cost: two queries."""
    work = _work(viewer, since, until)
    names = people_named(work)
    made = [_figures(key, names.get(key, ""), one) for key, one in work.items()]
    return tuple(sorted(made, key=lambda one: (-one.reviews, one.who)))


def reviewer_points(viewer: Viewer, reviewer: int, said: str, since: dt.date, until: dt.date) -> set[int]:
    """Keys of the points behind a figure of one reviewer; ``said`` is one of ``SAID``. Cost: one query."""
    mine = _work(viewer, since, until).get(reviewer, _Work())
    if said in ("reviews", "undone"):
        return {row.point for row in mine.said if (row.undone is None) == (said == "reviews")}
    return {
        one.point
        for one in mine.pairs
        if said == "pairs" or (said == "agreed" and one.agrees) or (said == "kept" and one.held)
    }


def _work(viewer: Viewer, since: dt.date, until: dt.date) -> dict[int, _Work]:
    """By reviewer: verdicts of the period, and pairs that were completed in it, however old their first verdict is.

    Without those that the viewer may not know of: who is to give the second verdict reads neither the first one nor
    whose it is.
    """
    start, end = clock.midnight(since), clock.midnight(until + dt.timedelta(days=1))
    blind = ChangePoint.objects.visible_to(viewer).blind_to(viewer)  # whose second verdict may be the viewer's
    read = Review.objects.visible_to(viewer).filter(Q(by=viewer.user_id) | ~Q(point__in=blind))
    said = read.filter(at__lt=end).exclude(verdict=Verdict.UNDO.value)
    completed = Review.objects.filter(at__gte=start, at__lt=end, round=2).values("point_id")
    rows = said.filter(Q(at__gte=start) | Q(point__in=completed)).order_by("pk")
    fields = ("by_id", "point_id", "round", "verdict", "seconds", "undone", "point__state", "at")
    found: dict[int, _Work] = defaultdict(_Work)
    firsts: dict[int, _Row] = {}
    for *values, at in rows.values_list(*fields):
        row = _Row(*values)
        if at >= start:
            found[row.by].said.append(row)
        if row.undone is not None or row.verdict not in DECISIVE:
            continue
        if row.round == 1:
            firsts[row.point] = row
        elif at >= start and row.point in firsts:
            for reviewer, pair in _pairs(firsts[row.point], row):
                found[reviewer].pairs.append(pair)
    return found


def _pairs(first: _Row, second: _Row) -> Iterable[tuple[int, _Pair]]:
    """Two verdicts on a point that took two, by person."""
    agrees, state = first.verdict == second.verdict, second.state
    final = Verdict.NO_CHANGE if state == State.REJECTED else Verdict.CHANGE
    for one in (first, second):
        held = None if agrees or state in (State.DISPUTED, *QUEUE) else one.verdict == final
        yield one.by, _Pair(one.point, agrees, held)


def _figures(key: int, who: str, work: _Work) -> ReviewerFigures:
    standing = [row for row in work.said if row.undone is None]
    timed = [row.seconds for row in standing if row.seconds]
    pace = median(timed) if timed else None
    return ReviewerFigures(
        key=key,
        who=who,
        reviews=len(standing),
        undone=len(work.said) - len(standing),
        seconds=round(pace, 1) if pace else None,
        per_hour=round(3600 / pace) if pace else None,
        pairs=len(work.pairs),
        agreement_percent=_percent([one.agrees for one in work.pairs]),
        kept_percent=_percent([one.held for one in work.pairs if one.held is not None]),
    )


def _percent(values: list[bool]) -> float | None:
    return round(100 * sum(values) / len(values), 1) if values else None
