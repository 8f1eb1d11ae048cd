"""Alarms over HTTP: what is wrong is everybody's to read, what is done about it the staff's."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from devices import selectors, services
from devices.models import Alarm, AlarmLevel
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of

PageShape = shape_of(selectors.AlarmPage)
RowShape = shape_of(selectors.AlarmRow)

STATES = ("open", "cleared")
LEVELS = {level.name.lower(): int(level) for level in AlarmLevel}


class AlarmActed(serializers.Serializer):
    """An alarm after an act."""

    id = serializers.IntegerField()
    phase = serializers.CharField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)


class AcknowledgeInput(serializers.Serializer):
    """What is being done about it; may be left out."""

    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)


class SnoozeInput(serializers.Serializer):
    """Until when nobody is bothered with it, ISO 8601, and why."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)


class AlarmsView(ApiView):
    """The alarms of devices that the viewer sees."""

    known_params = ("state", "level", "type", "place", "device", "cursor", "limit")

    @extend_schema(
        operation_id="alarms",
        tags=["devices"],
        parameters=[
            OpenApiParameter("state", str, enum=STATES, description="`open` without it"),
            OpenApiParameter("level", str, enum=list(LEVELS)),
            OpenApiParameter("type", str, description="kind of device"),
            OpenApiParameter("place", str, description="code of a township or village"),
            OpenApiParameter("device", int),
            OpenApiParameter("cursor", str, description="`next` of the page before"),
            OpenApiParameter("limit", int, description="1…200, 50 without it"),
        ],
        responses=PageShape,
    )
    def get(self, request: Request) -> Response:
        """One page, the worst first, then the newest."""
        asked = selectors.AlarmFilter(
            is_open=self.params.choice("state", STATES, "open") == "open",
            level=LEVELS.get(self.params.choice("level", list(LEVELS)), 0),
            type=self.params.text("type", longest=30),
            place=self.params.text("place", longest=15),
            device=self.params.integer("device", 0, 1, 2**53) or None,
        )
        limit = self.params.integer("limit", 50, 1, 200)
        page = selectors.alarm_page(self.viewer, asked, self.params.text("cursor", longest=30), limit)
        return Response(PageShape(page).data)


class AlarmView(ApiView):
    """One alarm."""

    @extend_schema(operation_id="alarm", tags=["devices"], responses=RowShape)
    def get(self, request: Request, pk: int) -> Response:
        """The alarm; for staff of the place with what was done about it, and what may be done now."""
        return Response(RowShape(selectors.alarm_get(self.viewer, pk)).data)


class AcknowledgeView(ApiView):
    """Somebody looks after it."""

    roles_to_write = selectors.ACTORS

    @extend_schema(operation_id="alarm_acknowledge", tags=["devices"], request=AcknowledgeInput, responses=AlarmActed)
    def post(self, request: Request, pk: int) -> Response:
        """It no longer escalates; it clears as before."""
        said = AcknowledgeInput(data=request.data)
        said.is_valid(raise_exception=True)
        return _acted(services.alarm_acknowledge(by=self.viewer, alarm_id=pk, **said.validated_data))


class SendView(ApiView):
    """Somebody is sent."""

    roles_to_write = selectors.ACTORS

    @extend_schema(operation_id="alarm_send", tags=["devices"], request=None, responses=AlarmActed)
    def post(self, request: Request, pk: int) -> Response:
        """It gets its work order, which its rule does not open by itself."""
        return _acted(services.alarm_send(by=self.viewer, alarm_id=pk))


class SnoozeView(ApiView):
    """Nobody is bothered with it for a while."""

    roles_to_write = selectors.ACTORS

    @extend_schema(operation_id="alarm_snooze", tags=["devices"], request=SnoozeInput, responses=AlarmActed)
    def post(self, request: Request, pk: int) -> Response:
        """No colour, no order, no escalation until then; at most 30 days."""
        said = SnoozeInput(data=request.data)
        said.is_valid(raise_exception=True)
        return _acted(services.alarm_snooze(by=self.viewer, alarm_id=pk, **said.validated_data))


class WakeView(ApiView):
    """The snoozing ends."""

    roles_to_write = selectors.ACTORS

    @extend_schema(operation_id="alarm_wake", tags=["devices"], request=None, responses=AlarmActed)
    def post(self, request: Request, pk: int) -> Response:
        """From now on it counts again."""
        return _acted(services.alarm_wake(by=self.viewer, alarm_id=pk))


def _acted(alarm: Alarm) -> Response:
    return Response(AlarmActed(alarm).data)
