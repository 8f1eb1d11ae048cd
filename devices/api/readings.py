"""The door for devices: readings by HTTP."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from devices.api import door
from devices.telemetry.decoding import UnreadableError, batch_from_json
from kernel.api.base import ApiView


class ReadingsInput(serializers.Serializer):
    """Columns of one length, one reading, or a list of readings."""

    stream = serializers.ListField(child=serializers.IntegerField())
    ts = serializers.ListField(child=serializers.CharField())
    value = serializers.ListField(child=serializers.FloatField())


class RejectedReading(serializers.Serializer):
    """A reading that was not taken: its place in the body, and why."""

    i = serializers.IntegerField()
    reason = serializers.ChoiceField(list(door.MEANINGS))


class IngestAnswer(serializers.Serializer):
    """What became of a batch."""

    accepted = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    rejected = RejectedReading(many=True)


class ReadingsView(ApiView):
    """Readings of devices."""

    authentication_classes = ()
    open_writes = True

    @extend_schema(
        operation_id="device_readings", tags=["devices"], request=ReadingsInput, responses=IngestAnswer, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Store readings; the token of a device or gateway stands in `Authorization: Bearer …`.

        Sending the same readings again changes nothing. Readings that cannot be taken do not stop the others; where
        none can be taken the answer is an error. 429: come back after `Retry-After` seconds.
        """
        speaker = door.speaker_or_refused(request)
        body = door.body_of(request)
        try:
            batch = batch_from_json(body)
        except UnreadableError as error:
            raise door.unreadable(error) from error
        outcome = door.taken(batch, speaker, "http")
        rejected = [{"i": row, "reason": reason} for row, reason in outcome.rejected.items()]
        answer = {"accepted": outcome.accepted, "duplicate": outcome.duplicate, "rejected": rejected}
        if refused := door.refusal(outcome):
            return Response({**refused.as_dict(), **answer}, status=refused.status)
        return Response(answer)
