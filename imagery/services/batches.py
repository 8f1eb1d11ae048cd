"""The same verdict on many points: tried first, done together, taken back together."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from imagery.models import ChangePoint, Review
from imagery.querysets import REVIEWERS
from imagery.services.reviews import is_told, point_review, review_undo
from imagery.services.verdicts import ReviewFields, known_of, sent_again, verdict_planned
from imagery.states import State, Verdict
from kernel.errors import DomainError, Invalid, NotFound
from kernel.viewer import Viewer
from kernel.writing import require

MOST = 100
"""Points of one batch: a second or two of work, and as many as somebody can have looked through."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What becomes of one point: its state and version after it, or why it stays as it is.

    Of one that was taken back ``message`` says what is to be known.

    A trial of a second verdict says neither: they would tell the first one, which nobody reads before the second.
    """

    id: int
    ok: bool
    state: str = ""
    version: int = 0
    code: str = ""
    message: str = ""


def points_review(
    *, by: Viewer, point_ids: Iterable[int], fields: ReviewFields, is_dry_run: bool = False
) -> tuple[BatchLine, ...]:
    """Say the same of several points, each by itself; ``fields.client_id`` is the id of the batch.

    A dry run plans each of them from what is read, locks nothing and writes nothing. Cost: of a dry run six queries,
    however many points.

    Raises:
        NotSignedIn: nobody is signed in.
        Invalid: none, or too many.
    """
    require(by)
    keys = list(dict.fromkeys(point_ids))
    if not 0 < len(keys) <= MOST:
        raise Invalid(_("一次 1 到 %d 个图斑。") % MOST, field="ids")
    if is_dry_run:
        return _tried(by, keys, fields)
    batch = fields.client_id

    def act(key: int) -> After:
        one = replace(fields, client_id=_id_in(batch, key))
        return _after(point_review(by=by, point_id=key, fields=one, batch=batch))

    return tuple(_line(key, lambda key=key: act(key)) for key in keys)  # type: ignore[misc]


def _tried(by: Viewer, keys: list[int], fields: ReviewFields) -> tuple[BatchLine, ...]:
    rows = ChangePoint.objects.visible_to(by).filter(pk__in=keys).select_related("run__before", "run__after")
    points = {point.pk: point for point in rows}
    known = known_of(by, list(points.values()), fields)
    ids = {key: _id_in(fields.client_id, key) for key in keys}
    sent = {one.client_id: one for one in Review.objects.filter(client_id__in=ids.values()).select_related("point")}

    def plan(key: int) -> After:
        require(by, *REVIEWERS)
        point = points.get(key)
        if point is None:
            raise NotFound(_("没有这个图斑，或者您不能看。"))
        if (again := sent_again(by, sent.get(ids[key]), point)) is not None:
            return _after(again)
        found = verdict_planned(by, point, fields, known, in_batch=True)
        if point.state == State.SECOND_REVIEW:
            return "", 0, ""
        to = State.FIELD_CHECK if found.is_checked else found.to
        return to.value, point.version + 1 + int(found.is_checked), ""

    return tuple(_line(key, lambda key=key: plan(key)) for key in keys)  # type: ignore[misc]


def _id_in(batch: uuid.UUID, key: int) -> uuid.UUID:
    """Of the verdict on one point of a batch."""
    return uuid.uuid5(batch, str(key))


def batch_undo(*, by: Viewer, batch: uuid.UUID) -> tuple[BatchLine, ...]:
    """Take back what stands of a batch of ``by``, each point by itself.

    Raises:
        NotSignedIn: nobody is signed in.
        NotFound: there is no such batch of ``by``.
    """
    require(by)
    rows = Review.objects.filter(by=by.user_id, batch=batch).exclude(verdict=Verdict.UNDO.value).order_by("pk")
    reviews = list(rows.values_list("pk", "point_id"))
    if not reviews:
        raise NotFound(_("没有可以撤销的判读。"))

    def act(review: int) -> After:
        one = uuid.uuid5(batch, f"undo {review}")
        undone = review_undo(by=by, client_id=one, review_id=review, batch=batch)
        return _after(undone, _("您已经知道第一遍的结论，由别人复核。") if is_told(undone) else "")

    return tuple(_line(point, lambda review=review: act(review)) for review, point in reviews)  # type: ignore[misc]


After = tuple[str, int, str]
"""State and version of a point, and what is to be said of it."""


def _after(review: Review, said: str = "") -> After:
    return review.point.state, review.point.version, said


def _line(key: int, act: Callable[[], After]) -> BatchLine:
    try:
        state, version, said = act()
    except DomainError as error:
        return BatchLine(key, ok=False, code=error.code, message=str(error.message))
    return BatchLine(key, ok=True, state=state, version=version, message=said)
