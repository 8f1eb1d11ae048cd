"""The one walker of the machine of change points."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.services import matter_hold
from imagery.models import STATE_TITLES, ChangePoint, PublishedPoint
from imagery.selectors.facts import SOURCE, has_evidence, point_facts, points_of
from imagery.services.acts import Act, Data
from imagery.services.effects import EFFECTS, document_known, nothing
from imagery.services.published import published_follow, published_put
from imagery.states import SYSTEM, Finding, PointFacts, State, machine
from kernel import clock
from kernel.errors import Invalid, NotFound, NotSignedIn
from kernel.machine import IllegalMove
from kernel.refusal import refusal
from kernel.viewer import Viewer
from kernel.writing import given, overtaken
from records.selectors import history_actor
from records.services import history_append, history_begin

FOUND = {f"find_{finding}": finding.value for finding in Finding}
"""What a point is found to be by the moves of the finished order."""


@transaction.atomic
def point_move(
    *, by: Viewer, point_id: int, move: str, version: int | None = None, part: str = "", **fields: Any
) -> ChangePoint:
    """Do one move of the table on one point: its effects, its history and its order, or nothing.

    Verdicts go through ``services.reviews``.

    Args:
        by: who moves it.
        point_id: key of the point.
        move: name of a move of ``imagery.states.machine``.
        version: of the point as it was read; None: whichever it is.
        part: ``SYSTEM`` for the product itself; never from outside.
        fields: what is given with the move; see ``services.effects``.

    Raises:
        NotSignedIn, NotFound: nobody is signed in; there is none that ``by`` may see.
        Forbidden: the role may not, or not on this point.
        Conflict: another version, or the state or the facts do not allow it (code of the guard).
        Invalid: something is missing or wrong.
    """
    point = point_locked(by, point_id, part)
    version_still(by, point, version)
    values = {name: given(value) for name, value in fields.items()}
    target, facts = None, {}
    if move == "duplicate":
        target = _earlier(by, values.get("original"), part)
        facts["has_earlier"] = target is not None and _is_earlier(target, point)
    finding = values.get("finding") if move == "find" else FOUND.get(move)
    if finding in list(Finding):
        paper = values.get("document")
        is_named = paper is not None and document_known(Act(by, point, clock.now()), paper) is not None
        facts["has_evidence"] = is_named or has_evidence(point, finding)
    return point_walk(by, point, move, part, values, target=target, **facts)


def point_locked(by: Viewer, point_id: int, part: str = "") -> ChangePoint:
    """The point with its scenes, locked until the transaction ends, and held as the matter of its orders.

    Raises:
        NotSignedIn: nobody is signed in, and it is not the product itself.
        NotFound: there is none that ``by`` may see.
    """
    if not (by.is_signed_in or part):
        raise NotSignedIn(_("请先登录。"))
    rows = points_of(by, part).filter(pk=point_id)
    matter_hold(SOURCE, str(point_id))
    scenes = rows.select_related("run__before", "run__after").select_for_update(of=("self",))
    found = scenes.first()
    if found is None:
        raise NotFound(_("没有这个图斑，或者您不能看。"))
    return found


def version_still(by: Viewer, point: ChangePoint, version: int | None) -> None:
    """Refuse to write over what ``by`` has not seen in this window, and say who has been there meanwhile.

    Raises:
        Conflict: code "version_conflict".
    """
    if version in (None, point.version):
        return
    actor = history_actor(point, [move.name for move in machine.moves])
    if actor is None:
        raise overtaken(_("这个图斑刚刚有了新的进展，您的操作没有保存。"))
    if actor == by.user_id:
        raise overtaken(_("您自己刚刚在另一个窗口处理过这个图斑，这里的操作没有保存。"))
    raise overtaken(_("别人刚刚处理过这个图斑，您的操作没有保存。"))


def point_planned(by: Viewer, point: ChangePoint, move: str, part: str, values: Data, facts: PointFacts) -> State:
    """The state that a move leads to, if the table allows it.

    Raises:
        Forbidden, Conflict, Invalid: it does not.
    """
    try:
        return State(machine.plan(point.state, move, part or by.role or "", values, facts).to)
    except IllegalMove as error:
        raise refusal(error, machine, move, STATE_TITLES[State(point.state)]) from None


def point_walk(
    by: Viewer,
    point: ChangePoint,
    move: str,
    part: str,
    values: Data,
    *,
    target: ChangePoint | None = None,
    **facts: Any,
) -> ChangePoint:
    """Do a move on a point that is locked; ``facts`` are those that follow from what is given.

    Raises:
        Forbidden, Conflict, Invalid: as ``point_move``.
    """
    now = clock.now()
    found = point_facts(by, point, now, **facts)
    to = point_planned(by, point, move, part, values, found)
    effect = EFFECTS.get(move, nothing)
    taken = {name for name, one in signature(effect).parameters.items() if one.kind is one.KEYWORD_ONLY}
    unknown = next((name for name in values if name not in taken), None)
    if unknown is not None:
        raise Invalid(_("这一步没有“%s”这一项。") % unknown[:40], field=unknown[:40])
    data = effect(Act(by, point, now, target), **values)
    return point_step(by, point, move, to, part=part, data=data, is_published=found.is_published)


def point_step(
    by: Viewer, point: ChangePoint, move: str, to: State, *, part: str = "", data: Data, is_published: bool
) -> ChangePoint:
    """Write a step that the machine has allowed: the point, what everybody sees of it, its history."""
    before = point.state
    point.state, point.version, point.updated_at = to.value, point.version + 1, clock.now()
    if before != to or point.flag:
        point.claimed_by, point.claim_until = None, None
    point.save()
    history_append(by=by, obj=point, move=move, part=part, states=(before, to.value), data=data)
    if move == "publish":
        published_put(point)
    elif move == "withdraw":
        PublishedPoint.objects.filter(pk=point.pk).delete()
    elif is_published:
        published_follow(point, PublishedPoint.objects.get(pk=point.pk))
    if point.state == State.CONFIRMED and point.wants_check:
        return point_walk(by, point, "check", SYSTEM, {})
    return point


def points_begin(by: Viewer, points: Sequence[ChangePoint], move: str, data: Data) -> None:
    """Write new points with their first step, the product's own, each as ``point_step`` would write it.

    Args:
        by: in whose name.
        points: not saved yet, alike in state.
        move: that leads them out of it.
        data: given with it.

    Cost: three queries for all.
    """
    if not points:
        return
    before, now = points[0].state, clock.now()
    to = point_planned(by, points[0], move, SYSTEM, {}, PointFacts())
    for point in points:
        point.state, point.version, point.updated_at = to.value, point.version + 1, now
    ChangePoint.objects.bulk_create(points)
    history_begin(by=by, objs=points, move=move, part=SYSTEM, states=(before, to.value), data=data)


def _earlier(by: Viewer, key: object, part: str) -> ChangePoint | None:
    return points_of(by, part).filter(pk=key).first() if isinstance(key, int) else None


def _is_earlier(target: ChangePoint, point: ChangePoint) -> bool:
    return target.pk < point.pk and target.state != State.DUPLICATE
