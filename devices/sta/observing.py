"""Readings that are sent: single ones, and many as arrays (OGC 18-088, clauses 10 and 13)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from rest_framework.request import Request

from devices.api import door
from devices.sta.errors import NotOffered
from devices.sta.identity import observation_number
from devices.telemetry.batch import batch_of
from kernel import clock
from kernel.errors import Invalid

SOURCE = "sta"
FAILED = "error"
"""Stands in the answer in the place of a reading that was not taken."""

Sent = tuple[Any, Any, Any]
"""Number of the stream, moment and result, as they came."""


def token_of(request: Request) -> str:
    """The token of ``Authorization: Bearer TOKEN``, or the password of ``Basic``, which is all that some clients speak.

    "" where there is none.
    """
    scheme, _space, said = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return said if scheme.lower() == "bearer" else ""
    try:
        return base64.b64decode(said.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def json_of(request: Request) -> Any:
    """The body.

    Raises:
        Invalid: it is no JSON.
        TooLarge, UnsupportedType: as the doors for readings say.
    """
    try:
        return msgspec.json.decode(door.body_of(request))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise door.unreadable(error) from error


def taken(sent: Sequence[Sent], speaker: int) -> list[int | None]:
    """Have readings stored; of each its ``@iot.id``, None for one that was not taken.

    Raises:
        Invalid, Forbidden: none could be taken.
        Throttled: too many are being stored.
    """
    streams, moments, results = zip(*sent, strict=True) if sent else ((), (), ())
    batch = batch_of(streams, moments, results)
    outcome = door.taken(batch, speaker, SOURCE)
    if refused := door.refusal(outcome):
        raise refused
    pairs = zip(batch.stream.tolist(), batch.ts.tolist(), strict=True)
    return [
        None if row in outcome.rejected else observation_number(stream, us) for row, (stream, us) in enumerate(pairs)
    ]


def observation(body: Any, stream: int | None) -> Sent:
    """A reading of the body of a POST; ``stream`` where the address names it.

    Raises:
        Invalid: something is missing.
        NotOffered: it was measured over a span of time.
    """
    if not isinstance(body, dict):
        raise Invalid(_("这里要一个 JSON 对象。"), code="unreadable")
    named = _stream(body.get("Datastream"), required=stream is None)
    if stream is not None and named not in (None, stream):
        raise Invalid(_("网址和内容里的数据流不一样。"), field="Datastream")
    if "result" not in body:
        raise Invalid(_("缺少“%s”。") % "result", field="result")
    return named if stream is None else stream, _moment(body), body["result"]


def arrays(body: Any) -> list[Sent]:
    """The readings of a body of CreateObservations.

    Raises:
        Invalid: it has not the shape of data arrays.
    """
    found: list[Sent] = []
    for part in body if isinstance(body, list) else [None]:
        if not isinstance(part, dict):
            raise Invalid(_("这里要一列 dataArray。"), code="unreadable")
        stream = _stream(part.get("Datastream"), required=True)
        names, rows = part.get("components"), part.get("dataArray")
        if not isinstance(names, list) or "result" not in names:
            raise Invalid(_("缺少“%s”。") % "result", field="components")
        if not isinstance(rows, list) or any(not isinstance(row, list) or len(row) != len(names) for row in rows):
            raise Invalid(_("dataArray 的每一行要和 components 一样长。"), field="dataArray")
        for row in rows:
            told = dict(zip(names, row, strict=True))
            found.append((stream, _moment(told), told["result"]))
    return found


def _stream(named: Any, *, required: bool) -> Any:
    number = named.get("@iot.id") if isinstance(named, dict) else named
    if number is None and required:
        raise Invalid(_("缺少“%s”。") % "Datastream", field="Datastream")
    return number


def _moment(told: dict[str, Any]) -> Any:
    """The moment of the phenomenon, else of the result, else this millisecond: microseconds make long numbers."""
    moment = told.get("phenomenonTime") or told.get("resultTime") or clock.now().isoformat(timespec="milliseconds")
    if isinstance(moment, str) and "/" in moment:
        raise NotOffered(_("读数只有一个时刻，没有时段。"), field="phenomenonTime")
    return moment
