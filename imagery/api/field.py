"""Field checks over HTTP: what somebody is to look at on the spot, the way there, and what they bring back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.selectors.roads import Route
from imagery import services
from imagery.api import inputs
from imagery.api.inputs import read
from imagery.querysets import CHECKERS, READERS, WRITERS
from imagery.selectors.field import FieldTask, field_route, field_tasks
from kernel import clock
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.clock import written
from media.api.views import UploadView
from media.pipeline.limits import MAX_PHOTO_BYTES


@dataclass(frozen=True, slots=True)
class FieldTasks:
    """What the viewer is to look at on the spot; ``at``: when that was, by the server's clock."""

    at: str
    items: tuple[FieldTask, ...]


TasksShape = shape_of(FieldTasks)
RouteShape = shape_of(Route, "FieldRoute")


class Kept(serializers.Serializer):
    """What was kept, however often it was sent."""

    id = serializers.IntegerField()


class KeptPhoto(Kept):
    """A photo that was kept; ``photo`` is its number where a reply to the order names photos."""

    photo = serializers.IntegerField()


class FieldView(ApiView):
    """The list of those who are sent."""

    roles_to_read = CHECKERS

    @extend_schema(operation_id="field_tasks", tags=["imagery"], responses=TasksShape)
    def get(self, request: Request) -> Response:
        """All points that wait for a field check and are the viewer's business, those first that are due first."""
        tasks = FieldTasks(written(clock.now()), field_tasks(self.viewer))
        return Response(asdict(tasks), headers={"Cache-Control": "no-store"})


class RouteView(ApiView):
    """The way to a point."""

    known_params = ("lon", "lat")
    roles_to_read = READERS

    @extend_schema(
        operation_id="field_route",
        tags=["imagery"],
        parameters=[OpenApiParameter("lon", float, required=True), OpenApiParameter("lat", float, required=True)],
        responses=RouteShape,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The shortest way by the county's open roads from a position; straight where no road leads."""
        start = self.params.lonlat(required=True)
        assert start is not None  # noqa: S101  required
        return Response(asdict(field_route(self.viewer, pk, start)), headers={"Cache-Control": "no-store"})


class ChecksView(ApiView):
    """Field checks come in."""

    roles_to_write = WRITERS

    @extend_schema(operation_id="field_check_add", tags=["imagery"], request=inputs.CheckInput, responses={201: Kept})
    def post(self, request: Request, pk: int) -> Response:
        """Keep that somebody was there; sent twice it is one, and it counts once three photos of it are there."""
        fields = services.CheckFields(**read(inputs.CheckInput, request.data))
        check = services.check_add(by=self.viewer, point_id=pk, fields=fields)
        return Response({"id": check.pk}, status=201)


class ShotsView(UploadView):
    """Photos from the spot come in."""

    roles_to_write = WRITERS
    most = MAX_PHOTO_BYTES

    @extend_schema(
        operation_id="field_photo_add",
        tags=["imagery"],
        request={"multipart/form-data": inputs.ShotInput},
        responses={201: KeptPhoto},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Keep a photo (JPEG, PNG, WebP, HEIC); before its check or after it, sent twice it is one."""
        file = self.one_file(request)
        said: dict[str, Any] = read(inputs.ShotInput, request.data)
        said.pop("file")
        place = (said.pop("lon"), said.pop("lat")) if "lon" in said else None
        fields = services.ShotFields(check_client=said.pop("check"), lonlat=place, **said)
        photo = services.check_photo_add(by=self.viewer, point_id=pk, fields=fields, file=file, name=file.name or "")
        return Response({"id": photo.pk, "photo": photo.photo_id}, status=201)
