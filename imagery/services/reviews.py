"""What reviewers say of points: each verdict once, by whoever holds the point, and taken back as it was."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.services import order_move
from dispatch.states import SOURCE as ORDER_SOURCE
from dispatch.states import State as OrderState
from imagery import sql
from imagery.models import ChangePoint, Review
from imagery.querysets import REVIEWERS
from imagery.selectors.facts import point_facts
from imagery.services.claims import point_claim
from imagery.services.effects import aside
from imagery.services.moves import point_locked, point_planned, point_step, version_still
from imagery.services.verdicts import ReviewFields, known_of, sent_again, verdict_planned
from imagery.services.zones import zone_follow
from imagery.states import DECISIVE, Flag, State, Verdict
from kernel import clock
from kernel.errors import NotFound
from kernel.viewer import Viewer
from kernel.writing import given, require

PRIOR = ("state", "kind", "flag", "flag_until", "first_by_id", "wants_check", "duplicate_of_id", "order_id")
"""Columns that a verdict may change: what undo puts back."""

ASIDE = {
    Verdict.UNSURE: (Flag.UNSURE, 1),
    Verdict.BAD_IMAGERY: (Flag.BAD_IMAGERY, 30),
    Verdict.DEFER: (Flag.DEFERRED, 0),
}
"""What sets a point aside, as what, and for how many days: unsure until another day, and perhaps another person; bad
imagery until another scene may be there; else until the day that the reviewer says. Rules of ours."""


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
    version_still(by, point, version)
    plan = verdict_planned(by, point, fields, known_of(by, [point], fields), in_batch=batch is not None)
    prior = {name: _plain(getattr(point, name)) for name in PRIOR}
    number = 2 if point.state == State.SECOND_REVIEW else 1
    verdict, reason = plan.verdict, plan.reason
    _said(by, point, verdict, fields)
    data = {"verdict": verdict.value, "round": number, "kind": point.kind, "reason": reason and reason.code}
    if verdict is Verdict.DEFER:
        data["until"] = _plain(point.flag_until)
    point = point_step(by, point, plan.move, plan.to, data=data, is_published=plan.is_published)
    review = Review.objects.create(
        point=point,
        client_id=fields.client_id,
        by_id=by.user_id or 0,
        at=clock.now(),
        round=number,
        verdict=verdict.value,
        kind=fields.kind or point.kind,
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
    sql.hold_sent(client_id)
    found = Review.objects.filter(client_id=client_id).select_related("point").first()
    return sent_again(by, found, point)


def _said(by: Viewer, point: ChangePoint, verdict: Verdict, fields: ReviewFields) -> None:
    """What a verdict changes beside the state."""
    if verdict in DECISIVE:
        aside(point, Flag.NONE, None)
        point.kind = fields.kind or point.kind
        point.wants_check = verdict is Verdict.CHANGE and (fields.wants_check or point.wants_check)
        if point.state == State.QUEUED:
            point.first_by_id = by.user_id
        return
    flag, days = ASIDE[verdict]
    # The flag holds to the end of its day: "until tomorrow" is offered again tomorrow
    aside(point, flag, fields.until if verdict is Verdict.DEFER else clock.today() + dt.timedelta(days=days - 1))


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
    for name in set(PRIOR[1:]) & review.prior.keys():
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


def is_told(taken_back: Review) -> bool:
    """Whether the verdict that was taken back has told its reviewer the first one: the second, a decisive one."""
    undone = taken_back.undoes
    return undone is not None and undone.round == 2 and undone.verdict in DECISIVE


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
