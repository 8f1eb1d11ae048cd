"""The same verdict on many points: tried first, done together, taken back together."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.services import matter_hold
from imagery.models import Review
from imagery.selectors.facts import SOURCE
from imagery.services.reviews import ReviewFields, point_review, review_undo
from imagery.states import Verdict
from kernel.errors import DomainError, Invalid, NotFound
from kernel.viewer import Viewer
from kernel.writing import require

MOST = 100
"""Points of one batch: a second or two of work, and as many as somebody can have looked through."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What becomes of one point: its state and version after it, or why it stays as it is."""

    id: int
    ok: bool
    state: str = ""
    version: int = 0
    code: str = ""
    message: str = ""


class _Tried(Exception):
    """Ends a dry run: nothing of it stays."""


def points_review(
    *, by: Viewer, point_ids: Iterable[int], fields: ReviewFields, is_dry_run: bool = False
) -> tuple[BatchLine, ...]:
    """Say the same of several points, each by itself; ``fields.client_id`` is the id of the batch.

    A dry run does all of it and keeps nothing, so it tells what the batch would do.

    Raises:
        NotSignedIn: nobody is signed in.
        Invalid: none, or too many.
    """
    require(by)
    keys = list(dict.fromkeys(point_ids))
    if not 0 < len(keys) <= MOST:
        raise Invalid(_("一次 1 到 %d 个图斑。") % MOST, field="ids")
    batch = fields.client_id

    def act(key: int) -> Review:
        one = replace(fields, client_id=uuid.uuid5(batch, str(key)))
        return point_review(by=by, point_id=key, fields=one, batch=batch)

    if not is_dry_run:
        return tuple(_line(key, lambda key=key: act(key)) for key in keys)  # type: ignore[misc]
    lines: dict[int, BatchLine] = {}
    try:
        with transaction.atomic():
            for key in sorted(keys):  # all are held to the end: in one order, and before anything else
                matter_hold(SOURCE, str(key))
            lines = {key: _line(key, lambda key=key: act(key)) for key in sorted(keys)}  # type: ignore[misc]
            raise _Tried
    except _Tried:
        return tuple(lines[key] for key in keys)


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

    def act(review: int) -> Review:
        one = uuid.uuid5(batch, f"undo {review}")
        return review_undo(by=by, client_id=one, review_id=review, batch=batch)

    return tuple(_line(point, lambda review=review: act(review)) for review, point in reviews)  # type: ignore[misc]


def _line(key: int, act: Callable[[], Review]) -> BatchLine:
    try:
        point = act().point
    except DomainError as error:
        return BatchLine(key, ok=False, code=error.code, message=str(error.message))
    return BatchLine(key, ok=True, state=point.state, version=point.version)
