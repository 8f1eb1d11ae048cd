"""One device: what it says now, what it has said, and the door for pictures of cameras."""

from __future__ import annotations

from io import BytesIO

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from devices import selectors, services
from devices.api.door import speaker_or_refused
from devices.models import Device
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.errors import Invalid

HOURS_MOST = 17_520
"""Two years: days are kept longer, but no chart shows more at once."""

DeviceShape = shape_of(selectors.DeviceDetail, "DeviceDetail")
SeriesShape = shape_of(selectors.Series, "DeviceSeries")


class SnapshotAnswer(serializers.Serializer):
    """A picture was kept."""

    taken_at = serializers.DateTimeField()


class DeviceView(ApiView):
    """One device."""

    @extend_schema(operation_id="device", tags=["devices"], responses=DeviceShape)
    def get(self, request: Request, pk: int) -> Response:
        """A device with the newest reading of each stream, its limits and alarms.

        Pictures of cameras are for staff who answer for the village.
        """
        return Response(DeviceShape(selectors.device_detail(self.viewer, pk)).data)


class SeriesView(ApiView):
    """What a stream has measured."""

    known_params = ("stream", "hours", "until")

    @extend_schema(
        operation_id="device_series",
        tags=["devices"],
        parameters=[
            OpenApiParameter("stream", str, required=True, description="Key of the stream."),
            OpenApiParameter("hours", int, description=f"1…{HOURS_MOST}, 24 without it"),
            OpenApiParameter("until", OpenApiTypes.DATETIME, description="ISO 8601 with an offset; now without it"),
        ],
        responses=SeriesShape,
    )
    def get(self, request: Request, pk: int) -> Response:
        """At most 2,000 points of a stream, as columns; the lowest and the highest of each span are kept."""
        series = selectors.stream_series(
            self.viewer,
            pk,
            self.params.text("stream", longest=30),
            self.params.integer("hours", 24, 1, HOURS_MOST),
            self.params.moment("until"),
        )
        return Response(SeriesShape(series).data)


class SnapshotView(ApiView):
    """The door for pictures of cameras."""

    authentication_classes = ()
    open_writes = True
    known_params = ("device",)

    @extend_schema(
        operation_id="device_snapshot",
        tags=["devices"],
        parameters=[OpenApiParameter("device", str, description="Code of the camera, where its gateway sends.")],
        request={"image/jpeg": OpenApiTypes.BINARY},
        responses={201: SnapshotAnswer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Keep a picture: the body is the file, the token of the camera or its gateway stands in `Authorization`."""
        speaker = speaker_or_refused(request)
        code = self.params.text("device", longest=40)
        theirs = Q(pk=speaker) | Q(gateway_id=speaker)
        wanted = {"code": code} if code else {"pk": speaker}
        device = Device.objects.select_related("type").filter(theirs, **wanted).first()
        if device is None:
            raise Invalid(_("这个令牌不能替这台设备发送。"), code="foreign_device", field="device")
        shot = services.snapshot_add(device=device, file=BytesIO(request.body))
        return Response({"taken_at": shot.taken_at.isoformat()}, status=201)
