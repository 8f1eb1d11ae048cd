"""What comes first in the queue, and why. No Django here; the words are in ``selectors.why``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

Why = dict[str, Any]
"""One reason: its ``code``, how it weighs (``up``, ``down``, or ``note`` where it does not) and its figures."""

REDLINE = 0.3
PERSISTS = 0.1
"""For each further scene that shows it."""

PERSISTS_MOST = 0.2
MOST = 1.0 + REDLINE + PERSISTS_MOST
"""What all that raises a point can come to. Priorities are shares of it: cut off at 1, the points that matter most
would all be alike, and stand in the order in which they were found."""

GONE = -0.3
IN_PROJECT = -0.35
SUPPRESSED = -0.5
WATER = -0.2
IN_TOWN = -0.1
CLOUDY = -0.2
EDGE = -0.2

WATER_SHARE = 0.5
"""From here on a patch lies in water: levels rise and fall."""

TOWN_SHARE = 0.5
"""From here on a patch lies inside the bounds of a town, where building is foreseen."""

LIKELY = 0.5
"""From here on the re-ranker takes a patch for a change rather than not."""

MOVED = 0.35
"""A patch of which less survives a shift of one pixel is mostly an edge that moved (``tolerant`` of its features)."""

CLOUDY_PERCENT = 30.0
"""From here on haze and shadows are likely around a patch."""


class Zone(NamedTuple):
    """A place that was rejected so many ``times`` for a lasting reason."""

    times: int
    reason: str
    reason_en: str


class Gone(NamedTuple):
    """A later scene, of the day ``on``, has only so many percent left of what was found."""

    percent: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """What is known of a patch before anybody looks.

    Attributes:
        score: how sure detection is, 0…1.
        rank: its place in its run by score, as a share: 0.01 is the top hundredth.
        redline_m2: inside a red line; ``redline`` is the kind of the largest.
        project, project_name, project_name_en: the approved project on whose site it lies, or "".
        water: share of it that lies in water, 0…1; ``urban`` inside the bounds of a town.
        zone: reviewers have said "no change" here again and again.
        shift_px: by how much the scenes lay beside each other; None: nobody can tell, they were compared as is.
        cloud: percent of the cloudier of both scenes; None: not known.
        tolerant: share of it that survives a shift of one pixel, 0…1; None: not known.
        learnt: how sure the county's re-ranker is, 0…1; None where there is none, or it lacks the numbers.
        scenes: how many show it; ``seen_on`` day of the latest of them, None where that of its own run is the only one.
        gone: what a later scene has left of it, where that is little.
    """

    score: float
    rank: float = 1.0
    redline_m2: float = 0.0
    redline: str = ""
    project: str = ""
    project_name: str = ""
    project_name_en: str = ""
    water: float = 0.0
    urban: float = 0.0
    zone: Zone | None = None
    shift_px: float | None = None
    cloud: float | None = None
    tolerant: float | None = None
    learnt: float | None = None
    scenes: int = 1
    seen_on: dt.date | None = None
    gone: Gone | None = None


def priority(facts: PriorityFacts) -> tuple[float, list[Why]]:
    """A point's priority, 0…1, and the reasons, those that raise it first.

    Where the county's re-ranker knows the patch, its opinion stands for the detector's score. Everything else only
    moves a point within the queue: nothing is left out of it.
    """
    value = (facts.score if facts.learnt is None else facts.learnt) + _later(facts)
    reasons = _of_later_scenes(facts)
    if facts.learnt is not None:
        reasons.append(_of_reviews(facts.learnt))
    if facts.redline_m2 > 0:
        value += REDLINE
        reasons.append(_why("redline", "up", kind=facts.redline, m2=round(facts.redline_m2)))
    if facts.project:
        value += IN_PROJECT
        reasons.append(_why("project", "down", name=facts.project_name, name_en=facts.project_name_en))
    else:
        reasons.append(_why("no_project", "note"))
    if facts.zone:
        value += SUPPRESSED
        reasons.append(_why("suppressed", "down", **facts.zone._asdict()))
    for code, weight, share in _shares(facts):
        value += weight
        reasons.append(_why(code, "down", percent=round(share)))
    told = [one for weight in ("up", "note", "down") for one in reasons if one["weight"] == weight]
    notes = [_why("strength", "note", percent=max(1, round(100 * facts.rank)))]
    cloud = None if facts.cloud is None else round(facts.cloud)
    if facts.shift_px is None:
        notes.append(_why("unmatched", "note", cloud=cloud))
    else:
        notes.append(_why("match", "note", px=round(facts.shift_px, 1), cloud=cloud))
    return _bounded(value / MOST), told + notes


def _of_reviews(learnt: float) -> Why:
    return _why("learnt", "up" if learnt >= LIKELY else "down", percent=round(100 * learnt))


def _shares(facts: PriorityFacts) -> list[tuple[str, float, float]]:
    """What lowers a patch from a limit on: code, by how much, and how large it is, percent."""
    cloud, kept = facts.cloud or 0.0, 1.0 if facts.tolerant is None else facts.tolerant
    rules = (
        ("water", WATER, 100 * facts.water, facts.water >= WATER_SHARE),
        ("urban", IN_TOWN, 100 * facts.urban, facts.urban >= TOWN_SHARE),
        ("cloudy", CLOUDY, cloud, cloud >= CLOUDY_PERCENT),
        ("edge", EDGE, 100 * kept, kept < MOVED),
    )
    return [(code, weight, share) for code, weight, share, is_so in rules if is_so]


def _bounded(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 3)


def _later(facts: PriorityFacts) -> float:
    return min(PERSISTS * (facts.scenes - 1), PERSISTS_MOST) + (GONE if facts.gone else 0.0)


def _of_later_scenes(facts: PriorityFacts) -> list[Why]:
    """What persists is no passing shadow; what a later scene does not show any more may have been one."""
    reasons = []
    if facts.seen_on:
        reasons.append(_why("persists", "up", scenes=facts.scenes, on=facts.seen_on.isoformat()))
    if facts.gone:
        reasons.append(_why("gone", "down", percent=facts.gone.percent, on=facts.gone.on.isoformat()))
    return reasons


def _why(code: str, weight: str, **figures: Any) -> Why:
    return {"code": code, "weight": weight, **figures}
