"""The door for devices: readings by HTTP."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from devices import selectors, services
from devices.telemetry.batch import Batch
from devices.telemetry.decoding import UnreadableError, batch_from_json
from kernel.api.base import ApiView
from kernel.errors import Invalid, NotSignedIn, Throttled, TooLarge, UnsupportedType

MOST_BYTES = 5 * 2**20
"""Of a body, unpacked: some 100,000 readings as columns."""

MOST_AT_ONCE = 4
"""Batches that are stored at one time in one process; the threads of the server stay free for people."""

PATIENCE_S = 2.0
"""How long one waits for its turn before it is told to come back."""

RETRY_S = 5

_turns = threading.BoundedSemaphore(MOST_AT_ONCE)

MEANINGS = {
    "unknown_stream": gettext_lazy("没有这个数据流。"),
    "foreign_stream": gettext_lazy("这个数据流不属于这台设备。"),
    "bad_time": gettext_lazy("时间要写成带时区的 ISO 8601，或 1970 年以来的毫秒数。"),
    "too_old": gettext_lazy("读数太旧，超过了补传时限。"),
    "in_future": gettext_lazy("读数的时间在将来，请校准设备时钟。"),
    "not_a_number": gettext_lazy("读数要是有限的数。"),
    "not_text": gettext_lazy("读数要是不超过 200 字的文字。"),
}


class ReadingsInput(serializers.Serializer):
    """Columns of one length, one reading, or a list of readings."""

    stream = serializers.ListField(child=serializers.IntegerField())
    ts = serializers.ListField(child=serializers.CharField())
    value = serializers.ListField(child=serializers.FloatField())


class RejectedReading(serializers.Serializer):
    """A reading that was not taken: its place in the body, and why."""

    i = serializers.IntegerField()
    reason = serializers.ChoiceField(list(MEANINGS))


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
        speaker = speaker_or_refused(request)
        batch = _batch(request)
        speakers = selectors.Speakers(np.full(len(batch), speaker), selectors.served_by([speaker]))
        with _turn():
            outcome = services.ingest(batch, source="http", speakers=speakers)
        rejected = [{"i": row, "reason": reason} for row, reason in outcome.rejected.items()]
        answer = {"accepted": outcome.accepted, "duplicate": outcome.duplicate, "rejected": rejected}
        if rejected and not outcome.accepted + outcome.duplicate:
            reason = rejected[0]["reason"]
            error = Invalid(MEANINGS[str(reason)], code=str(reason))
            status = 403 if reason == "foreign_stream" else error.status
            return Response({**error.as_dict(), **answer}, status=status)
        return Response(answer)


def speaker_or_refused(request: Request) -> int:
    """Key of the device or gateway whose token stands in `Authorization: Bearer …`.

    Raises:
        NotSignedIn: code "wrong_token".
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    speaker = selectors.speaker_of(token.strip()) if scheme.lower() == "bearer" else None
    if speaker is None:
        raise NotSignedIn(_("设备令牌不对，或者已经失效。"), code="wrong_token")
    return speaker


def _batch(request: Request) -> Batch:
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if coding not in ("identity", "gzip"):
        raise UnsupportedType(_("内容只能用 gzip 压缩。"))
    try:
        body = _unpacked(request.body) if coding == "gzip" else request.body
        if len(body) > MOST_BYTES:
            raise TooLarge(_("一次最多 5 MB。"))
        batch = batch_from_json(body)
    except (zlib.error, UnreadableError) as error:
        raise Invalid(_("请求内容不是可以读的 JSON。"), code="unreadable", hint=str(error)[:200]) from error
    return batch


def _unpacked(body: bytes) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(body, MOST_BYTES + 1)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_S):
        raise Throttled(_("正忙，请稍后再发。"), code="busy", retry_after=RETRY_S)
    try:
        yield
    finally:
        _turns.release()
