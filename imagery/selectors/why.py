"""Why a point is where it is in the queue, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from imagery.models import RedLine
from imagery.states import Why
from kernel.language import day_written, named

MU_M2 = 10_000 / 15
"""Square metres of a mu (亩). Source: 1 mu is a fifteenth of a hectare."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        weight: ``up``, ``down``, or ``note`` where it does not move the point.
    """

    code: str
    weight: str
    text: str


def _redline(told: Mapping[str, Any]) -> str:
    line = RedLine.Kind(told["kind"]).label
    return _("压到%(line)s %(mu).2f 亩") % {"line": line, "mu": told["m2"] / MU_M2}


def _persists(told: Mapping[str, Any]) -> str:
    return _("%(scenes)d 景影像里都有，最近 %(day)s") % {**told, "day": _day(told)}


def _day(told: Mapping[str, Any]) -> str:
    return day_written(dt.date.fromisoformat(told["on"]))


def _reason(told: Mapping[str, Any]) -> str:
    return named(told["reason"], told["reason_en"])


def _match(told: Mapping[str, Any]) -> str:
    if told["cloud"] is None:
        return _("前后影像错位 %(px).1f 像元") % told
    return _("前后影像错位 %(px).1f 像元，云量 %(cloud)d%%") % told


def _unmatched(told: Mapping[str, Any]) -> str:
    if told["cloud"] is None:
        return _("前后影像错位多少测不出来，按原位置比对，边缘可能是假变化")
    return _("前后影像错位多少测不出来，按原位置比对，边缘可能是假变化，云量 %(cloud)d%%") % told


def _strength(told: Mapping[str, Any]) -> str:
    if told["percent"] <= 50:
        return _("变化强度在前 %(percent)d%%") % told
    return _("变化强度在后 %(percent)d%%") % {"percent": 101 - told["percent"]}


def project_said(told: Mapping[str, Any]) -> str:
    """The name of the project that a reason speaks of."""
    return named(told["name"], told.get("name_en", ""))


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "redline": _redline,
    "persists": _persists,
    "gone": lambda told: _("%(day)s的影像里变化只剩 %(percent)d%%") % {**told, "day": _day(told)},
    "learnt": lambda told: _("与本县以往判读相比，%(percent)d%% 像有变化") % told,
    "project": lambda told: _("在批准的项目“%(name)s”范围内") % {"name": project_said(told)},
    "no_project": lambda told: _("不在任何批准项目范围内"),
    "suppressed": lambda told: _("这里 %(times)d 次判为“%(reason)s”") % {**told, "reason": _reason(told)},
    "water": lambda told: _("%(percent)d%% 在水面上，水位会涨落") % told,
    "urban": lambda told: _("%(percent)d%% 在城镇开发边界内") % told,
    "cloudy": lambda told: _("影像云量 %(percent)d%%") % told,
    "edge": lambda told: _("多半是错位的边缘：移动一个像元后只剩 %(percent)d%%") % told,
    "strength": _strength,
    "match": _match,
    "unmatched": _unmatched,
}
"""By the codes of ``imagery.states.priority``."""


def why_lines(why: list[Why]) -> tuple[Reason, ...]:
    """Reasons as people read them; what an older version wrote and nobody knows any more is left out."""
    return tuple(Reason(one["code"], one["weight"], WORDS[one["code"]](one)) for one in why if one["code"] in WORDS)
