"""A group of points that are one project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dispatch.selectors import OrderRow
from imagery.models import ChangeGroup, ChangePoint
from imagery.selectors.cards import MoveWait, PointCard, card_of, orders_seen, point_waits, with_names
from imagery.selectors.facts import point_facts
from imagery.states import PointFacts, State, machine
from kernel import clock
from kernel.errors import NotFound
from kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PointGroup:
    """A group.

    Attributes:
        project: the source's own key of it ("projects:17"), or "".
        points: those that the viewer sees, in the order of their numbers.
        orders: the work orders of those, as far as the viewer may see them.
        waits: for what the acceptance of those that are being put right waits, with the number of the first that does;
            empty where the viewer may accept them, or there are none.
        may_refuse: whether the viewer may say that all of them were not put right.
    """

    id: int
    title: str
    project: str
    points: tuple[PointCard, ...]
    orders: tuple[OrderRow, ...]
    waits: tuple[MoveWait, ...]
    may_refuse: bool


def point_group(viewer: Viewer, key: int) -> PointGroup:
    """One group. Cost: three queries, and up to five for each point that is being put right and could be accepted.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    group = ChangeGroup.objects.visible_to(viewer).filter(pk=key).first()
    if not isinstance(group, ChangeGroup):
        raise NotFound(_("没有这个图斑组。"))
    rows = list(with_names(ChangePoint.objects.visible_to(viewer).filter(group=group)).order_by("number"))
    waits, may_refuse = _judgement(viewer, [point for point in rows if point.state == State.RECTIFYING])
    cards, orders = tuple(map(card_of, rows)), orders_seen(viewer, rows)
    return PointGroup(group.pk, group.title, group.project, cards, orders, waits, may_refuse)


def _judgement(viewer: Viewer, points: Sequence[ChangePoint]) -> tuple[tuple[MoveWait, ...], bool]:
    """``waits`` and ``may_refuse`` of those that are being put right; no more is asked once both are known."""
    now = clock.now()
    waits: tuple[MoveWait, ...] = ()
    may_refuse = bool(points)
    for point in points:
        facts = point_facts(viewer, point, now)
        may_refuse = may_refuse and _may_refuse(viewer, facts)
        waits = waits or tuple(replace(one, why=f"{point} {one.why}") for one in point_waits(point, viewer, facts))
        if waits and not may_refuse:
            break
    return waits, may_refuse


def _may_refuse(viewer: Viewer, facts: PointFacts) -> bool:
    return any(move.name == "refuse" for move in machine.open_to(State.RECTIFYING, viewer.role or "", facts))
