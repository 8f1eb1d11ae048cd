"""A group of points that are one project."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from imagery.models import ChangeGroup, ChangePoint
from imagery.selectors.cards import PointCard, point_cards
from kernel.errors import NotFound
from kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PointGroup:
    """A group.

    Attributes:
        project: the source's own key of it ("projects:17"), or "".
        points: those that the viewer sees, in the order of their numbers.
    """

    id: int
    title: str
    project: str
    points: tuple[PointCard, ...]


def point_group(viewer: Viewer, key: int) -> PointGroup:
    """One group. Cost: three queries.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    group = ChangeGroup.objects.visible_to(viewer).filter(pk=key).first()
    if not isinstance(group, ChangeGroup):
        raise NotFound(_("没有这个图斑组。"))
    keys = ChangePoint.objects.visible_to(viewer).filter(group=group).order_by("number").values_list("pk", flat=True)
    return PointGroup(group.pk, group.title, group.project, point_cards(viewer, list(keys)))
