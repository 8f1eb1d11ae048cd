"""What was said of a point and done with it: verdicts, field checks, steps of its history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from imagery.models import (
    FINDING_TITLES,
    KIND_TITLES,
    VERDICT_TITLES,
    ChangePoint,
    FieldCheck,
    FieldPhoto,
    Review,
)
from imagery.states import Finding, Kind, Verdict, machine
from kernel.clock import written
from kernel.language import named
from media.selectors import PhotoUrls, photo_urls


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A verdict; ``is_undone``: it was taken back."""

    id: int
    at: str | None
    who: str
    round: int
    verdict: str
    verdict_title: str
    kind: str
    kind_title: str
    reason: str
    note: str
    confidence: int | None
    seconds: float | None
    is_undone: bool


@dataclass(frozen=True, slots=True)
class CheckPhoto:
    """A photo from the spot; ``azimuth`` in degrees clockwise from north, ``lonlat`` where the telephone knew it."""

    azimuth: float
    lonlat: tuple[float, ...] | None
    taken_at: str | None
    sha256: str
    photo: PhotoUrls


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A field check; ``is_far``: they were not at the point; ``kind_title``: what they saw, or "".

    ``point`` and ``number`` are of the point that was checked; ``distance_m`` goes to the one that it is told of.
    """

    point: int
    number: str
    at: str | None
    who: str
    finding: str
    finding_title: str
    kind_title: str
    lonlat: tuple[float, ...]
    accuracy_m: float
    distance_m: float
    is_far: bool
    note: str
    photos: tuple[CheckPhoto, ...]


@dataclass(frozen=True, slots=True)
class PointStep:
    """A step of the history; ``who`` is "" for the product; ``said``: what was found and why, in words, or ""."""

    at: str | None
    move: str
    title: str
    who: str
    said: str
    state: str
    data: Any


def review_rows(rows: Sequence[Review], people: dict[int, str]) -> tuple[ReviewRow, ...]:
    """Verdicts, their order kept; ``people`` names by key, as below."""
    undone = {row.undoes_id for row in rows}
    return tuple(
        ReviewRow(
            id=row.pk,
            at=written(row.at),
            who=people.get(row.by_id, ""),
            round=row.round,
            verdict=row.verdict,
            verdict_title=str(VERDICT_TITLES[Verdict(row.verdict)]),
            kind=row.kind,
            kind_title=str(KIND_TITLES[Kind(row.kind)]),
            reason=named(row.reason.title, row.reason.title_en) if row.reason else "",
            note=row.note,
            confidence=row.confidence,
            seconds=row.seconds,
            is_undone=row.pk in undone,
        )
        for row in rows
    )


RIGHTED_TITLES = {
    Finding.LEGAL: gettext_lazy("整改到位"),
    Finding.NO_CHANGE: gettext_lazy("整改到位"),
    Finding.ILLEGAL: gettext_lazy("没有整改到位"),
}
"""What a check says of something that was to be put right."""


def check_rows(
    point: ChangePoint, rows: Collection[FieldCheck], people: dict[int, str], righted: Collection[int]
) -> tuple[CheckRow, ...]:
    """Field checks with their photos, as the card of ``point`` tells them. Cost: one query.

    Args:
        point: its own checks, and those of others with ``away_m``, how far from it they stood.
        rows: the checks, each with its point.
        people: names by key.
        righted: keys of orders to put something right.
    """
    photos: dict[Any, list[CheckPhoto]] = {}
    taken = FieldPhoto.objects.filter(point__in={row.point_id for row in rows})
    for one in taken.select_related("photo"):
        place = (one.geom.x, one.geom.y) if one.geom else None
        shown = CheckPhoto(one.azimuth, place, written(one.taken_at), one.photo.sha256, photo_urls(one.photo))
        photos.setdefault((one.point_id, one.check_client), []).append(shown)
    return tuple(
        CheckRow(
            point=row.point_id,
            number=str(row.point),
            at=written(row.at),
            who=people.get(row.by_id, ""),
            finding=row.finding,
            finding_title=str((RIGHTED_TITLES if row.order_id in righted else FINDING_TITLES)[Finding(row.finding)]),
            kind_title=str(KIND_TITLES[Kind(row.kind)]) if row.kind else "",
            lonlat=(row.geom.x, row.geom.y),
            accuracy_m=row.accuracy_m,
            distance_m=round(getattr(row, "away_m", row.distance_m), 1),
            is_far=row.is_far and row.point_id == point.pk,
            note=row.note,
            photos=tuple(photos.get((row.point_id, row.client_id), ())),
        )
        for row in rows
    )


MOVE_TITLES = {move.name: move.title for move in machine.moves} | {
    "checked": "实地核查",
    "group": gettext_noop("归入图斑组"),
    "ungroup": gettext_noop("移出图斑组"),
}


def step_of(event: Any, people: dict[int, str], *, is_blind: bool) -> PointStep:
    """An event of the history; for who is to say the second verdict without who gave the first, and which."""
    hidden = is_blind and "verdict" in event.data
    data: dict[str, Any] = {} if hidden else event.data
    is_found = data.get("finding") and event.move != "checked"  # which is told among the checks
    found = FINDING_TITLES[Finding(data["finding"])] if is_found else ""
    return PointStep(
        at=written(event.at),
        move=event.move,
        title=gettext(MOVE_TITLES.get(event.move, event.move)),
        who="" if hidden else people.get(event.actor_id or 0, ""),
        said=gettext("；").join(str(one) for one in (found, data.get("note")) if one),
        state=event.state_to,
        data=data,
    )
