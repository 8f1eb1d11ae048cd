"""What becomes of a point's work orders; called in the transaction that moves the order."""

from __future__ import annotations

from django.utils.translation import gettext as _

from imagery.models import ChangePoint
from imagery.selectors.facts import finding_of, points_of
from imagery.services.moves import point_locked, point_move
from imagery.states import SYSTEM, State
from kernel.errors import Conflict
from kernel.viewer import Viewer

GIVEN_UP = {State.FIELD_CHECK: "unchecked", State.RECTIFYING: "unrectified"}


def order_finished(*, by: Viewer, order_id: int) -> None:
    """The order is done: a field check has its result; a rectification waits for somebody who looks at it.

    Raises:
        Conflict: code "no_finding": nobody has said yet what it is, or "no_evidence"; the order is not done then.
    """
    for point in _its_points(by, order_id):
        if point.state != State.FIELD_CHECK:
            continue
        finding = finding_of(point)
        if not finding:
            raise Conflict(_("图斑 %s 还没有实地核查结果，不能审核通过。") % point, code="no_finding")
        point_move(by=by, point_id=point.pk, move=f"find_{finding}", part=SYSTEM)


def order_given_up(*, by: Viewer, order_id: int) -> None:
    """The order was cancelled: its points are where they were before."""
    for point in _its_points(by, order_id):
        move = GIVEN_UP.get(State(point.state))
        if move is not None:
            point_move(by=by, point_id=point.pk, move=move, part=SYSTEM)


def _its_points(by: Viewer, order_id: int) -> list[ChangePoint]:
    """The points whose present order that is, locked: one, or several of a group."""
    keys = list(points_of(by, SYSTEM).filter(order=order_id).order_by("pk").values_list("pk", flat=True))
    points = [point_locked(by, key, SYSTEM) for key in keys]
    return [point for point in points if point.order_id == order_id]
