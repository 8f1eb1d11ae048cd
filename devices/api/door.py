"""What the doors for readings over HTTP share: who sends, the body, whose turn it is, and what a refusal means."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from devices import selectors, services
from devices.telemetry.batch import Batch
from kernel.errors import DomainError, Forbidden, Invalid, NotSignedIn, Throttled, TooLarge, UnsupportedType

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


def speaker_with(token: str) -> int:
    """Key of the device or gateway whose token this is.

    Raises:
        NotSignedIn: code "wrong_token": it is nobody's.
    """
    speaker = selectors.speaker_of(token.strip())
    if speaker is None:
        raise NotSignedIn(_("设备令牌不对，或者已经失效。"), code="wrong_token")
    return speaker


def speaker_or_refused(request: Request) -> int:
    """Key of the device or gateway whose token stands in ``Authorization: Bearer …``.

    Raises:
        NotSignedIn: code "wrong_token".
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return speaker_with(token if scheme.lower() == "bearer" else "")


def body_of(request: Request) -> bytes:
    """The body, unpacked.

    Raises:
        UnsupportedType: packed by something else than gzip.
        TooLarge: more than ``MOST_BYTES``.
        Invalid: the packing is broken.
    """
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if coding not in ("identity", "gzip"):
        raise UnsupportedType(_("内容只能用 gzip 压缩。"))
    try:
        body = _unpacked(request.body) if coding == "gzip" else request.body
    except zlib.error as error:
        raise unreadable(error) from error
    if len(body) > MOST_BYTES:
        raise TooLarge(_("一次最多 5 MB。"))
    return body


def unreadable(error: Exception) -> Invalid:
    """What is said of a body that cannot be read."""
    return Invalid(_("请求内容不是可以读的 JSON。"), code="unreadable", hint=str(error)[:200])


def _unpacked(body: bytes) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(body, MOST_BYTES + 1)


def taken(batch: Batch, speaker: int, source: str) -> services.Outcome:
    """Have a batch of one sender stored, when it is its turn.

    Raises:
        Throttled: too many are being stored.
    """
    speakers = selectors.Speakers(np.full(len(batch), speaker), selectors.served_by([speaker]))
    with turn(_turns):
        return services.ingest(batch, source=source, speakers=speakers)


def refusal(outcome: services.Outcome) -> DomainError | None:
    """The error that a batch is answered with of which nothing could be taken; None for all others."""
    if not outcome.rejected or outcome.accepted + outcome.duplicate:
        return None
    reason = next(iter(outcome.rejected.values()))
    kind = Forbidden if reason == "foreign_stream" else Invalid
    return kind(MEANINGS[reason], code=reason)


@contextmanager
def turn(turns: threading.Semaphore) -> Iterator[None]:
    """One of the turns, held while the block runs.

    Raises:
        Throttled: none came up within ``PATIENCE_S``.
    """
    if not turns.acquire(timeout=PATIENCE_S):
        raise Throttled(_("正忙，请稍后再试。"), code="busy", retry_after=RETRY_S)
    try:
        yield
    finally:
        turns.release()
