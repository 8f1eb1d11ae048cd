"""Many points that are one project: put together, taken apart, judged, looked at and put right in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from dispatch.services import order_move
from dispatch.states import SOURCE as ORDER_SOURCE
from dispatch.states import State as OrderState
from imagery.models import ChangeGroup, ChangePoint
from imagery.querysets import KEEPERS, REVIEWERS
from imagery.services.batches import MOST, BatchLine, points_review
from imagery.services.moves import point_locked, point_walk
from imagery.services.verdicts import ReviewFields
from imagery.states import QUEUE, State
from kernel.errors import Conflict, Invalid, NotFound
from kernel.viewer import Viewer
from kernel.writing import given, require
from records.services import audit_write, history_append

ByOrder = Literal["check", "rectify"]
BY_ORDER: Mapping[ByOrder, State] = {"check": State.FIELD_CHECK, "rectify": State.RECTIFYING}
"""Moves that points of a group do by one order, and the state they are in until it is over."""

RECALLABLE = (OrderState.OPENED.value, OrderState.ASSIGNED.value)
"""States of an order for which nobody has signed."""


@transaction.atomic
def group_make(*, by: Viewer, point_ids: Iterable[int], title: str, project: str = "") -> ChangeGroup:
    """Put points together; taken back by ``group_dissolve``.

    Args:
        by: who keeps all of them.
        point_ids: of points in no other group.
        title: what people call it.
        project: the source's own key of the project ("projects:17"); "" takes the one in which all points lie.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not, or does not see all of them.
        Conflict: code "grouped": one is in a group.
        Invalid: no title, no points or too many.
    """
    require(by, *KEEPERS)
    name = given(title)
    if not 0 < len(name) <= 80:
        raise Invalid(_("最多 %d 个字。") % 80 if name else _("请填写名称。"), field="title")
    points = _points(by, point_ids)
    own = {point.project for point in points}
    key = given(project) or (own.pop() if len(own) == 1 else "")
    if len(key) > 40:
        raise Invalid(_("最多 %d 个字。") % 40, field="project")
    group = ChangeGroup.objects.create(county_id=by.county, title=name, project=key)
    _joined(by, group, points)
    audit_write(by=by, action="group.make", obj=group, changes={"title": [None, name], "points": [0, len(points)]})
    return group


@transaction.atomic
def group_add(*, by: Viewer, group_id: int, point_ids: Iterable[int]) -> ChangeGroup:
    """Put more points into a group; taken back by ``group_remove``.

    Raises:
        NotSignedIn, Forbidden, NotFound, Conflict, Invalid: as ``group_make``.
    """
    group = group_locked(by, group_id)
    points = _points(by, point_ids)
    _joined(by, group, points)
    audit_write(by=by, action="group.add", obj=group, changes={"points": [None, [point.pk for point in points]]})
    return group


@transaction.atomic
def group_remove(*, by: Viewer, group_id: int, point_ids: Iterable[int]) -> ChangeGroup:
    """Take points out of a group; taken back by ``group_add``. An order that they share goes on.

    Raises:
        NotSignedIn, Forbidden, NotFound, Invalid: as ``group_make``; or one is not in this group.
    """
    group = group_locked(by, group_id)
    points = _points(by, point_ids)
    if any(point.group_id != group.pk for point in points):
        raise NotFound(_("有图斑不在这个组里。"))
    _left(by, group, points)
    audit_write(by=by, action="group.remove", obj=group, changes={"points": [[point.pk for point in points], None]})
    return group


@transaction.atomic
def group_dissolve(*, by: Viewer, group_id: int) -> tuple[int, ...]:
    """Take a group apart; taken back by ``group_make`` of what this returns.

    Returns:
        Keys of the points that were in it.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Conflict: code "not_all_yours": it holds points that ``by`` does not keep.
    """
    group = group_locked(by, group_id)
    points = list(_rows(by).filter(group=group))
    if ChangePoint.objects.filter(group=group).count() > len(points):
        raise Conflict(_("组里有不归您管的图斑，不能整组解散。"), code="not_all_yours")
    _left(by, group, points)
    keys = tuple(point.pk for point in points)
    said = {"title": [group.title, None], "project": [group.project, None], "points": [list(keys), None]}
    audit_write(by=by, action="group.dissolve", obj=group, changes=said)
    group.delete()
    return keys


def group_review(*, by: Viewer, group_id: int, fields: ReviewFields, is_dry_run: bool = False) -> tuple[BatchLine, ...]:
    """Say the same of all points of a group that wait; as ``points_review``, and taken back by ``batch_undo``.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Conflict: code "no_such_move": none of them waits.
        Invalid: more of them wait than go into one batch.
    """
    require(by, *REVIEWERS)
    waiting = _seen(by, group_id).filter(state__in=[state.value for state in QUEUE])
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise Conflict(_("组里没有待核查的图斑。"), code="no_such_move")
    return points_review(by=by, point_ids=keys, fields=fields, is_dry_run=is_dry_run)


@transaction.atomic
def group_check(*, by: Viewer, group_id: int, unit: Unit | int | None = None) -> tuple[int, ...]:
    """Send somebody there once for all confirmed points of a group: they share one order, and what is found there.

    Returns:
        Keys of the points; taken back by ``group_recall``.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Conflict: code "no_such_move": none of them is confirmed.
    """
    return _sent(by, group_id, State.CONFIRMED, "check", unit, _("组里没有可以去实地看的图斑。"))


@transaction.atomic
def group_rectify(*, by: Viewer, group_id: int, unit: Unit | int | None = None) -> tuple[int, ...]:
    """Have all points of a group that were found illegal put right by one order; ``group_verify`` accepts it.

    Returns:
        Keys of the points; taken back by ``group_recall`` of "rectify".

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Conflict: code "no_such_move": none of them was found illegal.
    """
    return _sent(by, group_id, State.FOUND_ILLEGAL, "rectify", unit, _("组里没有可以责令整改的图斑。"))


def _sent(
    by: Viewer, group_id: int, state: State, move: ByOrder, unit: Unit | int | None, none: str
) -> tuple[int, ...]:
    """Do a move that opens an order on all points in a state: the first opens it, the others share it."""
    require(by, *REVIEWERS)
    points = _held(by, group_id, state)
    if not points:
        raise Conflict(none, code="no_such_move")
    first, *others = points
    values: dict[str, Any] = {"unit": unit, "among": len(points)}
    order = point_walk(by, first, move, "", values).order
    for point in others:
        point_walk(by, point, move, "", {"order": order})
    return tuple(point.pk for point in points)


@transaction.atomic
def group_verify(*, by: Viewer, group_id: int) -> tuple[int, ...]:
    """Accept that all points of a group were put right: all that are being put right, or none of them.

    Returns:
        Keys of the points; a supervisor opens each again by itself.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Conflict: code "no_such_move": none of them is being put right; else what the first one waits for.
    """
    return _judged(by, group_id, "verify", {})


@transaction.atomic
def group_refuse(*, by: Viewer, group_id: int, note: str) -> tuple[int, ...]:
    """Say that all points of a group were not put right, or of none: they are found illegal as before.

    Returns:
        Keys of the points; ``group_rectify`` sends them out again.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Invalid: no note.
        Conflict: code "no_such_move": none of them is being put right; "order_open": somebody is still at work.
    """
    return _judged(by, group_id, "refuse", {"note": note})


def _judged(by: Viewer, group_id: int, move: str, values: dict[str, Any]) -> tuple[int, ...]:
    """Do a move that ends a rectification on all points of a group that are being put right."""
    require(by, *KEEPERS)
    points = _held(by, group_id, State.RECTIFYING)
    if not points:
        raise Conflict(_("组里没有正在整改的图斑。"), code="no_such_move")
    for point in points:
        point_walk(by, point, move, "", values)
    return tuple(point.pk for point in points)


@transaction.atomic
def group_recall(*, by: Viewer, group_id: int, move: ByOrder = "check") -> tuple[int, ...]:
    """Take the orders that a move has opened back, where nobody has signed for them; keys of the points they were of.

    Args:
        by: who recalls it.
        group_id: key of the group.
        move: "check" for ``group_check``, "rectify" for ``group_rectify``.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` may not.
        Conflict: code "moved_on": there is no order, or somebody is on the way; "not_all_yours": it is of points as
            well that ``by`` does not keep.
    """
    require(by, *REVIEWERS)
    asked = _seen(by, group_id).filter(state=BY_ORDER[move], order__state__in=RECALLABLE).values("order")
    sharing = ChangePoint.objects.filter(county_id=by.county, order__in=asked)
    if sharing.exclude(pk__in=ChangePoint.objects.visible_to(by)).exists():
        raise Conflict(_("这张工单还管着不归您管的图斑，不能撤回。"), code="not_all_yours")
    # All of them, also those that have left the group: an order is one matter with each of its points
    points = [point_locked(by, key) for key in sharing.order_by("pk").values_list("pk", flat=True)]
    orders = {point.pk: point.order for point in points if point.state == BY_ORDER[move]}
    waiting = {key: order.pk for key, order in orders.items() if order and order.state in RECALLABLE}
    if not waiting:
        raise Conflict(_("没有可以撤回的工单：没有派出，或者已经有人签收。"), code="moved_on")
    for order in sorted(set(waiting.values())):
        order_move(by=by, order_id=order, move="cancel", part=ORDER_SOURCE, reason=_("派出的人撤回了。"))
    return tuple(waiting)


def group_locked(by: Viewer, group_id: int) -> ChangeGroup:
    """The group, locked until the transaction ends.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` keeps no points, or there is no such group.
    """
    require(by, *KEEPERS)
    group = ChangeGroup.objects.visible_to(by).select_for_update().filter(pk=group_id).first()
    if not isinstance(group, ChangeGroup):
        raise NotFound(_("没有这个图斑组。"))
    return group


def _seen(by: Viewer, group_id: int) -> Any:
    if not ChangeGroup.objects.visible_to(by).filter(pk=group_id).exists():
        raise NotFound(_("没有这个图斑组。"))
    return ChangePoint.objects.visible_to(by).filter(group=group_id)


def _held(by: Viewer, group_id: int, state: State) -> list[ChangePoint]:
    """The points of a group in a state, locked one after another by key, as everybody does who locks several.

    What somebody has moved or taken out until it was this act's turn is not among them.
    """
    keys = _seen(by, group_id).filter(state=state).order_by("pk").values_list("pk", flat=True)
    points = [point_locked(by, key) for key in keys]
    return [point for point in points if (point.state, point.group_id) == (state, group_id)]


def _rows(by: Viewer) -> Any:
    return ChangePoint.objects.visible_to(by).select_for_update(of=("self",)).order_by("pk")


def _points(by: Viewer, point_ids: Iterable[int]) -> list[ChangePoint]:
    keys = set(point_ids)
    if not 0 < len(keys) <= MOST:
        raise Invalid(_("一次 1 到 %d 个图斑。") % MOST, field="ids")
    points = list(_rows(by).filter(pk__in=keys))
    if len(points) < len(keys):
        raise NotFound(_("没有这个图斑，或者您不能看。"))
    return points


def _joined(by: Viewer, group: ChangeGroup, points: list[ChangePoint]) -> None:
    taken = next((point for point in points if point.group_id is not None), None)
    if taken is not None:
        raise Conflict(_("%s 已经在一个组里，请先移出。") % taken, code="grouped", field="ids")
    _put(by, points, group.pk, "group", group)


def _left(by: Viewer, group: ChangeGroup, points: list[ChangePoint]) -> None:
    _put(by, points, None, "ungroup", group)


def _put(by: Viewer, points: list[ChangePoint], key: int | None, step: str, group: ChangeGroup) -> None:
    """Versions stay: what somebody is looking at is the same."""
    ChangePoint.objects.filter(pk__in=[point.pk for point in points]).update(group=key)
    for point in points:
        told = {"group": group.pk, "title": group.title}
        history_append(by=by, obj=point, move=step, states=(point.state, point.state), data=told)
