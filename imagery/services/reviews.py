"""What reviewers say of points: each verdict once, by whoever holds the point, and taken back as it was."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.services import order_move
from dispatch.states import SOURCE as ORDER_SOURCE
from dispatch.states import State as OrderState
from imagery import sql
from imagery.models import ChangePoint, RejectReason, Review
from imagery.querysets import REVIEWERS
from imagery.selectors.facts import last_verdict, point_facts
from imagery.services.claims import point_claim
from imagery.services.effects import aside
from imagery.services.moves import point_locked, point_planned, point_step, version_still
from imagery.services.zones import zone_follow
from imagery.states import DECISIVE, Flag, Kind, State, Verdict, needs_second
from kernel import clock
from kernel.errors import Conflict, Invalid, NotFound
from kernel.viewer import Viewer
from kernel.writing import given, require

PRIOR = ("state", "kind", "flag", "flag_until", "first_by_id", "wants_check", "duplicate_of_id")
"""Columns that a verdict may change: what undo puts back."""

UNSURE_DAYS = 1
"""Unsure: another day, and perhaps another person. A rule of ours."""

BAD_IMAGERY_DAYS = 30
"""By then another scene may be there. A rule of ours."""

LONGEST_S = 3600.0
"""Nobody looks at a point for longer; a page that was left open did not."""


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
    """

    client_id: uuid.UUID
    verdict: str
    kind: str = ""
    reason: str = ""
    note: str = ""
    confidence: int | None = None
    seconds: float | None = None
    wants_check: bool = False


@transaction.atomic
def point_review(
    *, by: Viewer, point_id: int, fields: ReviewFields, version: int | None = None, batch: uuid.UUID | None = None
) -> Review:
    """Say of a point what was seen; the machine decides what follows.

    Args:
        by: who holds the point; in a batch, anybody may whose point nobody else holds.
        point_id: key of the point.
        fields: what is said.
        version: of the point as it was read; a lost race is a 409.
        batch: one id for all that were decided in one go.

    Returns:
        The verdict, with its point; the first one where it was sent before.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Conflict: another version, no lease, or the state does not allow it (code of the guard).
        Invalid: something is missing or wrong.
    """
    require(by, *REVIEWERS)
    point = point_locked(by, point_id)
    if (again := _sent_before(by, fields.client_id, point)) is not None:
        return again
    version_still(point, version)
    verdict, kind = _checked(fields)
    prior = {name: _plain(getattr(point, name)) for name in PRIOR}
    number = 2 if point.state == State.SECOND_REVIEW else 1
    reason = _reason(point, fields.reason) if verdict is Verdict.NO_CHANGE or fields.reason else None
    move, facts = _move(point, verdict)
    if batch is not None:
        facts["has_lease"] = not point_facts(by, point, clock.now()).is_claimed
    found = point_facts(by, point, clock.now(), **facts)
    to = point_planned(by, point, move, "", {"reason": reason}, found)
    _said(by, point, verdict, kind, wants_check=fields.wants_check)
    data = {"verdict": verdict.value, "round": number, "kind": point.kind, "reason": reason and reason.code}
    point = point_step(by, point, move, to, data=data, is_published=found.is_published)
    review = Review.objects.create(
        point=point,
        client_id=fields.client_id,
        by_id=by.user_id or 0,
        at=clock.now(),
        round=number,
        verdict=verdict.value,
        kind=kind or point.kind,
        reason=reason,
        note=given(fields.note),
        confidence=fields.confidence,
        seconds=fields.seconds,
        before=point.run.before,
        after=point.run.after,
        batch=batch,
        prior=prior,
        version=point.version,
    )
    if reason is not None:
        zone_follow(point, reason)
    return review


def _sent_before(by: Viewer, client_id: uuid.UUID, point: ChangePoint | None = None) -> Review | None:
    """The verdict on ``point`` that came under this id before; without a point the taking back.

    Raises:
        Conflict: the id is that of something else.
    """
    found = Review.objects.filter(client_id=client_id).select_related("point").first()
    if found is None:
        return None
    is_same = found.verdict == Verdict.UNDO if point is None else found.point_id == point.pk and found.undoes_id is None
    if found.by_id != by.user_id or not is_same:
        raise Conflict(_("这个提交编号已经用过。"), code="client_id_used", field="client_id")
    return found


def _checked(fields: ReviewFields) -> tuple[Verdict, str]:
    """Verdict and kind.

    Raises:
        Invalid: there is no such verdict, kind or confidence, or nobody looks so long.
    """
    if fields.verdict not in [one.value for one in Verdict if one is not Verdict.UNDO]:
        raise Invalid(_("没有这个结论。"), field="verdict")
    if fields.kind and fields.kind not in list(Kind):
        raise Invalid(_("没有这个类型。"), field="kind")
    if fields.confidence not in (None, 1, 2, 3):
        raise Invalid(_("“%(name)s”只能是：%(of)s。") % {"name": "confidence", "of": "1、2、3"}, field="confidence")
    seconds = fields.seconds or 0.0
    if not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_S):
        said = {"name": "seconds", "low": 0, "high": int(LONGEST_S)}
        raise Invalid(_("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % said, field="seconds")
    if len(fields.note) > Review._meta.get_field("note").max_length:  # type: ignore[operator]
        raise Invalid(_("最多 %d 个字。") % 200, code="too_long", field="note")
    return Verdict(fields.verdict), fields.kind


def _reason(point: ChangePoint, code: str) -> RejectReason | None:
    found = RejectReason.objects.filter(county_id=point.county_id, code=code, is_active=True).first()
    if found is None and code:
        raise Invalid(_("没有这个排除原因。"), field="reason")
    if found is None:
        raise Invalid(_("“%s”还缺内容。") % _("没变化"), code="needs_fields", field="reason")
    return found


def _move(point: ChangePoint, verdict: Verdict) -> tuple[str, dict[str, Any]]:
    """The move that a verdict is, and the facts that follow from it. Cost: a query in the second round."""
    if verdict not in DECISIVE:
        return verdict.value, {}
    outcome = "confirm" if verdict is Verdict.CHANGE else "reject"
    if point.state == State.QUEUED and needs_second(point.area_m2, point.redline_m2, point.number):
        return "pass_on", {}
    if point.state != State.SECOND_REVIEW:
        return outcome, {}
    first = last_verdict(point)
    agrees = first is not None and first.verdict == verdict
    return (outcome if agrees else "dispute"), {"agrees": agrees}


def _said(by: Viewer, point: ChangePoint, verdict: Verdict, kind: str, *, wants_check: bool) -> None:
    """What a verdict changes beside the state."""
    if verdict in DECISIVE:
        aside(point, Flag.NONE, None)
        point.kind = kind or point.kind
        point.wants_check = verdict is Verdict.CHANGE and (wants_check or point.wants_check)
        if point.state == State.QUEUED:
            point.first_by_id = by.user_id
        return
    days = UNSURE_DAYS if verdict is Verdict.UNSURE else BAD_IMAGERY_DAYS
    # The flag holds to the end of its day: "until tomorrow" is offered again tomorrow
    aside(point, Flag(verdict.value), clock.today() + dt.timedelta(days=days - 1))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


# ---------------------------------------------------------------- taking back


@transaction.atomic
def review_undo(
    *, by: Viewer, client_id: uuid.UUID, review_id: int | None = None, batch: uuid.UUID | None = None
) -> Review:
    """Take a verdict back: the point is exactly as it was, and in the hands of ``by`` again.

    An order that it opened is cancelled where nobody has signed for it.

    Args:
        by: whose verdict it was.
        client_id: of the taking back; sent twice it is one.
        review_id: which; None: the last one of ``by``.
        batch: of a batch that is taken back: its points stay in nobody's hands.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not; there is nothing to take back.
        Conflict: code "moved_on": something else has happened since; "client_id_used".
    """
    require(by, *REVIEWERS)
    sql.hold_reviewer(by.user_id or 0)  # of two clicks at once the second must not take back one more
    if (again := _sent_before(by, client_id)) is not None:
        return again
    review = _to_undo(Review.objects.filter(by=by.user_id), review_id)
    point = point_locked(by, review.point_id)
    is_last = point.version == review.version and not Review.objects.filter(undoes=review).exists()
    if is_last and point.state == State.FIELD_CHECK:
        point = _recalled(by, point)
    move = _back(point, review)
    prior_state = str(review.prior["state"])
    found = point_facts(by, point, clock.now(), is_own_last=is_last, is_undone_to=prior_state)
    to = point_planned(by, point, move, "", {}, found)
    for name in PRIOR[1:]:
        setattr(point, name, review.prior[name])
    if point.flag_until is not None:
        point.flag_until = dt.date.fromisoformat(str(point.flag_until))
    data = {"verdict": review.verdict, "round": review.round}
    point = point_step(by, point, move, to, data=data, is_published=found.is_published)
    if batch is None:
        point_claim(by=by, point_id=point.pk)
    taken_back = _undone(by, point, review, client_id, batch)
    if review.reason is not None:
        zone_follow(point, review.reason)
    return taken_back


def _to_undo(rows: Any, review_id: int | None) -> Review:
    rows = rows.exclude(verdict=Verdict.UNDO.value)
    found = rows.filter(pk=review_id).first() if review_id else rows.filter(undone=None).order_by("-pk").first()
    if not isinstance(found, Review):
        raise NotFound(_("没有可以撤销的判读。"))
    return found


def _recalled(by: Viewer, point: ChangePoint) -> ChangePoint:
    """The point without the order that the verdict opened, where nobody has signed for that."""
    order = point.order
    if order is None or order.state not in (OrderState.OPENED, OrderState.ASSIGNED):
        return point
    order_move(by=by, order_id=order.pk, move="cancel", part=ORDER_SOURCE, reason=_("判读已撤销。"))
    return point_locked(by, point.pk)


def _back(point: ChangePoint, review: Review) -> str:
    if Verdict(review.verdict) not in DECISIVE:
        return "undo_aside"
    return "undo_second" if review.prior["state"] == State.SECOND_REVIEW else "undo"


def _undone(by: Viewer, point: ChangePoint, review: Review, client_id: uuid.UUID, batch: uuid.UUID | None) -> Review:
    return Review.objects.create(
        point=point,
        client_id=client_id,
        by_id=by.user_id or 0,
        at=clock.now(),
        round=review.round,
        verdict=Verdict.UNDO.value,
        kind=point.kind,
        before=review.before,
        after=review.after,
        batch=batch,
        undoes=review,
        version=point.version,
    )
