"""What a verdict would do: planned from rows that were read, for one point or a hundred; nothing is written."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from imagery.models import CONFIDENCE_TITLES, ChangePoint, PublishedPoint, RejectReason, Review
from imagery.selectors.facts import last_verdicts, own_facts, told_first
from imagery.services.moves import point_planned
from imagery.states import DECISIVE, Kind, State, Verdict, needs_second
from kernel import clock
from kernel.choices import called, not_among
from kernel.errors import Conflict, Invalid
from kernel.viewer import Viewer

LONGEST_S = 3600.0
"""Nobody looks at a point for longer; a page that was left open did not."""

LONGEST_ASIDE = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ReviewFields:
    """A verdict as it is sent.

    Attributes:
        client_id: made by the page; sent twice it is one verdict.
        verdict: one of ``Verdict`` but ``UNDO``.
        kind: what it is; "" as detection says.
        reason: code of a ``RejectReason``, for no change.
        confidence: 1 low, 2, 3 high; None: not said.
        seconds: from the pictures on the screen to the key.
        wants_check: somebody has to go there, once it is confirmed.
        until: of ``DEFER`` the last day on which nobody is offered it.
    """

    client_id: uuid.UUID
    verdict: str
    kind: str = ""
    reason: str = ""
    note: str = ""
    confidence: int | None = None
    seconds: float | None = None
    wants_check: bool = False
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What verdicts ask beside their points.

    Attributes:
        reason: of the rejection, where there is such a one.
        firsts: by point in the second round the verdict of the first; ``told`` those of which the reviewer knows it.
        published: keys of the points that everybody sees.
    """

    reason: RejectReason | None
    firsts: Mapping[int, Review]
    told: frozenset[int]
    published: frozenset[int]


def known_of(by: Viewer, points: Sequence[ChangePoint], fields: ReviewFields) -> Known:
    """For points of one county. Cost: at most four queries, however many points."""
    keys = [point.pk for point in points]
    second = [point.pk for point in points if point.state == State.SECOND_REVIEW]
    reasons = RejectReason.objects.filter(code=fields.reason, is_active=True)
    return Known(
        reasons.filter(county_id=points[0].county_id).first() if points and fields.reason else None,
        last_verdicts(second) if second else {},
        told_first(by, second) if second else frozenset(),
        frozenset(PublishedPoint.objects.filter(pk__in=keys).values_list("pk", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """A verdict that the machine allows.

    Attributes:
        verdict: which.
        move: that it is.
        to: state that this leads to.
        reason: of a rejection.
        is_published: whether everybody sees the point.
        is_checked: whether somebody is sent there at once, which is a step of its own.
    """

    verdict: Verdict
    move: str
    to: State
    reason: RejectReason | None
    is_published: bool
    is_checked: bool


def verdict_planned(by: Viewer, point: ChangePoint, fields: ReviewFields, known: Known, *, in_batch: bool) -> Planned:
    """What the machine makes of a verdict. Cost: none.

    Args:
        by: who says it.
        point: as it is now, with its run and both scenes.
        fields: what is said.
        known: of this point and perhaps others.
        in_batch: whoever nobody stands in the way of needs no lease.

    Raises:
        Forbidden: the role may not, or not on this point.
        Conflict: no lease, or the state does not allow it (code of the guard).
        Invalid: something is missing or wrong.
    """
    verdict = _checked(fields)
    reason = _reason(fields, known)
    move, given = _move(point, verdict, known)
    found = own_facts(by, point, clock.now(), **given, is_published=point.pk in known.published)
    if in_batch:
        if found.is_claimed:
            raise Conflict(_("别人正在看这个图斑。"), code="claimed")
        found = replace(found, has_lease=True)
    to = point_planned(by, point, move, "", {"reason": reason, "until": fields.until}, found)
    is_sent = verdict is Verdict.CHANGE and (fields.wants_check or point.wants_check)
    return Planned(verdict, move, to, reason, found.is_published, is_sent and to is State.CONFIRMED)


def sent_again(by: Viewer, found: Review | None, point: ChangePoint | None = None) -> Review | None:
    """What came under an id before: the verdict on ``point``, without a point the taking back.

    Raises:
        Conflict: code "client_id_used": the id is that of something else.
    """
    if found is None:
        return None
    is_same = found.verdict == Verdict.UNDO if point is None else found.point_id == point.pk and found.undoes_id is None
    if found.by_id != by.user_id or not is_same:
        raise Conflict(_("这个提交编号已经用过。"), code="client_id_used", field="client_id")
    return found


def _checked(fields: ReviewFields) -> Verdict:
    """The verdict.

    Raises:
        Invalid: there is no such verdict, kind or confidence, nobody looks so long, or that day is too far.
    """
    if fields.verdict not in [one.value for one in Verdict if one is not Verdict.UNDO]:
        raise Invalid(_("没有这个结论。"), field="verdict")
    if fields.kind and fields.kind not in list(Kind):
        raise Invalid(_("没有这个类型。"), field="kind")
    if fields.confidence not in (None, 1, 2, 3):
        raise not_among("confidence", ["1", "2", "3"], CONFIDENCE_TITLES, _("把握"))
    seconds = fields.seconds or 0.0
    if not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_S):
        said = {"name": called(_("用时（秒）"), "seconds"), "low": 0, "high": int(LONGEST_S)}
        raise Invalid(_("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % said, field="seconds")
    if len(fields.note) > Review._meta.get_field("note").max_length:  # type: ignore[operator]
        raise Invalid(_("最多 %d 个字。") % 200, code="too_long", field="note")
    today = clock.today()
    if fields.until and not today <= fields.until <= today + LONGEST_ASIDE:
        raise Invalid(_("请选今天或以后一年之内的日期。"), code="bad_date", field="until")
    return Verdict(fields.verdict)


def _reason(fields: ReviewFields, known: Known) -> RejectReason | None:
    if known.reason is None and fields.reason:
        raise Invalid(_("没有这个排除原因。"), field="reason")
    if known.reason is None and fields.verdict == Verdict.NO_CHANGE:
        raise Invalid(_("“%s”还缺内容。") % _("没变化"), code="needs_fields", field="reason")
    return known.reason


def _move(point: ChangePoint, verdict: Verdict, known: Known) -> tuple[str, dict[str, Any]]:
    """The move that a verdict is, and the facts that follow from it."""
    if verdict not in DECISIVE:
        return verdict.value, {}
    outcome = "confirm" if verdict is Verdict.CHANGE else "reject"
    if point.state == State.QUEUED and needs_second(point.area_m2, point.redline_m2, point.number):
        return "pass_on", {}
    if point.state != State.SECOND_REVIEW:
        return outcome, {}
    first = known.firsts.get(point.pk)
    # Who knows the first verdict has no second opinion of it: a supervisor decides.
    agrees = first is not None and first.verdict == verdict and point.pk not in known.told
    return (outcome if agrees else "dispute"), {"agrees": agrees}
