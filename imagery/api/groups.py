"""Groups of points over HTTP: many points that are one project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from imagery import services
from imagery.api import inputs
from imagery.api.inputs import read
from imagery.api.points import BatchShape, ReviewBatch
from imagery.querysets import KEEPERS, REVIEWERS
from imagery.selectors.groups import PointGroup, point_group
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.viewer import Role


@dataclass(frozen=True, slots=True)
class GroupedPoints:
    """Keys of the points that an act was done on."""

    ids: tuple[int, ...]


GroupShape = shape_of(PointGroup)
GroupedShape = shape_of(GroupedPoints)


class GroupView(ApiView):
    """What all of them have in common: the answer is the group as it is then."""

    roles_to_read = KEEPERS
    roles_to_write: ClassVar[tuple[Role, ...]] = KEEPERS

    def shown(self, key: int, status: int = 200) -> Response:
        """The group."""
        return Response(asdict(point_group(self.viewer, key)), status, headers={"Cache-Control": "no-store"})

    def acted(self, keys: tuple[int, ...]) -> Response:
        """On which points."""
        return Response(asdict(GroupedPoints(keys)))


class GroupsView(GroupView):
    """New groups."""

    @extend_schema(
        operation_id="point_group_make", tags=["imagery"], request=inputs.GroupInput, responses={201: GroupShape}
    )
    def post(self, request: Request) -> Response:
        """Put points together; 409 `grouped` when one is in a group. Taken back by `:dissolve`."""
        said = read(inputs.GroupInput, request.data)
        return self.shown(services.group_make(by=self.viewer, point_ids=said.pop("ids"), **said).pk, 201)


class OneGroupView(GroupView):
    """A group."""

    @extend_schema(operation_id="point_group", tags=["imagery"], responses=GroupShape)
    def get(self, request: Request, pk: int) -> Response:
        """Its points that the viewer sees."""
        return self.shown(pk)


class GroupAddView(GroupView):
    """More points."""

    @extend_schema(
        operation_id="point_group_add", tags=["imagery"], request=inputs.GroupPointsInput, responses=GroupShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put points into it; taken back by `:remove`."""
        services.group_add(by=self.viewer, group_id=pk, point_ids=read(inputs.GroupPointsInput, request.data)["ids"])
        return self.shown(pk)


class GroupRemoveView(GroupView):
    """Fewer points."""

    @extend_schema(
        operation_id="point_group_remove", tags=["imagery"], request=inputs.GroupPointsInput, responses=GroupShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take points out of it; taken back by `:add`."""
        services.group_remove(by=self.viewer, group_id=pk, point_ids=read(inputs.GroupPointsInput, request.data)["ids"])
        return self.shown(pk)


class GroupDissolveView(GroupView):
    """No group any more."""

    @extend_schema(operation_id="point_group_dissolve", tags=["imagery"], request=None, responses=GroupedShape)
    def post(self, request: Request, pk: int) -> Response:
        """Take it apart; taken back by making it anew of these points."""
        return self.acted(services.group_dissolve(by=self.viewer, group_id=pk))


class GroupReviewView(GroupView):
    """The same verdict on all that wait."""

    roles_to_write = REVIEWERS

    @extend_schema(
        operation_id="point_group_review", tags=["imagery"], request=inputs.GroupReviewInput, responses=BatchShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """Each point by itself, as in a batch; taken back by `reviews:undo_batch`."""
        said = read(inputs.GroupReviewInput, request.data)
        is_dry_run = said.pop("dry_run", False)
        fields = services.ReviewFields(client_id=said.pop("batch"), **said)
        lines = services.group_review(by=self.viewer, group_id=pk, fields=fields, is_dry_run=is_dry_run)
        return Response(asdict(ReviewBatch(lines)))


class GroupCheckView(GroupView):
    """One visit."""

    roles_to_write = REVIEWERS

    @extend_schema(
        operation_id="point_group_check", tags=["imagery"], request=inputs.GroupOrderInput, responses=GroupedShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """One work order for all confirmed points of it; taken back by `:recall` until somebody signs."""
        unit = read(inputs.GroupOrderInput, request.data).get("unit")
        return self.acted(services.group_check(by=self.viewer, group_id=pk, unit=unit))


class GroupRectifyView(GroupView):
    """One order to put it right."""

    roles_to_write = REVIEWERS

    @extend_schema(
        operation_id="point_group_rectify", tags=["imagery"], request=inputs.GroupOrderInput, responses=GroupedShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """One work order for all points of it that were found illegal; taken back by `:recall` with `rectify`."""
        unit = read(inputs.GroupOrderInput, request.data).get("unit")
        return self.acted(services.group_rectify(by=self.viewer, group_id=pk, unit=unit))


class GroupVerifyView(GroupView):
    """All of it was put right."""

    @extend_schema(operation_id="point_group_verify", tags=["imagery"], request=None, responses=GroupedShape)
    def post(self, request: Request, pk: int) -> Response:
        """Accept all points of it that are being put right, or none; 403 or 409 says what the first one waits for."""
        return self.acted(services.group_verify(by=self.viewer, group_id=pk))


class GroupRefuseView(GroupView):
    """None of it was put right."""

    @extend_schema(
        operation_id="point_group_refuse", tags=["imagery"], request=inputs.GroupRefuseInput, responses=GroupedShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """All points of it that are being put right are found illegal as before, or none; `:rectify` sends them out."""
        note = read(inputs.GroupRefuseInput, request.data)["note"]
        return self.acted(services.group_refuse(by=self.viewer, group_id=pk, note=note))


class GroupRecallView(GroupView):
    """No visit, or no order to put it right."""

    roles_to_write = REVIEWERS

    @extend_schema(
        operation_id="point_group_recall", tags=["imagery"], request=inputs.GroupRecallInput, responses=GroupedShape
    )
    def post(self, request: Request, pk: int) -> Response:
        """Cancel that order: the points are as they were before; 409 `moved_on` when somebody has signed."""
        said = read(inputs.GroupRecallInput, request.data)
        return self.acted(services.group_recall(by=self.viewer, group_id=pk, **said))


ACTS: Mapping[str, type[GroupView]] = {
    "add": GroupAddView,
    "remove": GroupRemoveView,
    "dissolve": GroupDissolveView,
    "review": GroupReviewView,
    "check": GroupCheckView,
    "rectify": GroupRectifyView,
    "verify": GroupVerifyView,
    "refuse": GroupRefuseView,
    "recall": GroupRecallView,
}
"""By the name of the act in its address."""
