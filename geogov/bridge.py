"""Django's WSGI application inside an ASGI server, in a fixed set of threads.

Each thread keeps its database connection, since a new PostGIS backend costs 25-30 ms of CPU. A thread is held only
while Django computes: the request's body is read before, and a finished response is sent after, so that a telephone on
a slow network holds none. Only a long streamed response keeps its thread (its cursor belongs to that thread).
Why not a2wsgi: ADR 0004 has the figures.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import unquote_to_bytes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
WSGIApplication = Callable[[Environ, StartResponse], Iterable[bytes]]

_log = logging.getLogger(__name__)

_IN_MEMORY = 2**20
"""Bytes of a request's body that stay in memory (more goes to a temporary file), and of a streamed response that are
gathered before the first is sent (a photo or a script is then whole, and its thread is free)."""


_LINGER_S = 30.0
"""How long the rest of a refused request is taken and thrown away: a browser that is cut off while it still writes
never reads the answer. Source: nginx, ``lingering_time``."""

TOO_LARGE = '{"code": "too_large", "message": "发来的内容太大。"}'.encode()


class _ClientGone(Exception):
    """The client hung up before its request was complete, or while it was being answered."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a request may bring.

    Attributes:
        size: bytes of its body.
        status: HTTP status for a longer one.
        said: the answer to a longer one, in the one error shape; Django, which knows languages, never sees it.
        ask: gives the limit that holds instead, where that takes a query: it is called in one of Django's threads,
            before any of the body is read.
    """

    size: int
    status: int = 413
    said: bytes = TOO_LARGE
    ask: Callable[[], "Limit"] | None = None


@dataclass
class _Response:
    """What Django answered."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def start(self) -> Message:
        """The ASGI message that begins the response."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


class Bridge:
    """An ASGI application for scopes of type ``http``.

    Args:
        application: Django's WSGI application.
        threads: how many requests are computed at once.
        limit: how much a request may bring, from its address and headers. More is neither kept nor shown to Django.
        stall_s: seconds after which a streamed response whose client takes nothing is given up.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        threads: int = 8,
        limit: Callable[[Scope], Limit] = lambda _scope: Limit(200 * 2**20),
        stall_s: float = 60.0,
    ) -> None:
        """Make the threads (they start with the first requests)."""
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._limit = limit
        self._stall_s = stall_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        limit = self._limit(scope)
        if limit.ask:
            limit = await loop.run_in_executor(self._pool, limit.ask)
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            try:
                length = _announced(scope)
                if length <= limit.size:
                    length = await _read(receive, cast(IO[bytes], body), limit.size)
                if length > limit.size:
                    return await _refuse(limit, receive, send)
            except _ClientGone:
                return None
            body.seek(0)
            environ = _environ(scope, cast(IO[bytes], body), length)
            response = await loop.run_in_executor(self._pool, self._compute, environ, loop, send)
        if response:
            await send(response.start())
            await send({"type": "http.response.body", "body": response.body})
        return None

    def close(self, *, wait: bool = False) -> None:
        """Take no more requests; threads end when theirs are answered. ``wait``: until they have."""
        self._pool.shutdown(wait=wait, cancel_futures=True)

    def _compute(self, environ: Environ, loop: asyncio.AbstractEventLoop, send: Send) -> _Response | None:
        """In a thread: let Django answer. ``None`` when the answer was a long stream, which is then sent already."""
        response = _Response()

        def start_response(status: str, headers: list[tuple[str, str]], *_error: object) -> Callable[[bytes], object]:
            response.status = int(status[:3])
            response.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            return lambda _data: None

        try:
            result = self._application(environ, start_response)
            try:
                chunks = iter(result)
                response.body, complete = _gather(chunks)
                if complete:
                    return response
                self._stream(response, chunks, loop, send)
                return None
            finally:
                if close := getattr(result, "close", None):
                    close()
        except _ClientGone:
            return None
        except Exception:
            _log.exception("the application failed outside of Django's own handling: %s", environ["PATH_INFO"])
            return _Response(500, [(b"content-type", b"text/plain")], b"Internal Server Error")

    def _stream(
        self, response: _Response, chunks: Iterable[bytes], loop: asyncio.AbstractEventLoop, send: Send
    ) -> None:
        """Send chunk by chunk, waiting for the client to take each."""

        def put(message: Message) -> None:
            try:
                asyncio.run_coroutine_threadsafe(_awaited(send(message)), loop).result(self._stall_s)
            except (TimeoutError, OSError, RuntimeError, asyncio.CancelledError) as error:
                raise _ClientGone from error

        put(response.start())
        put({"type": "http.response.body", "body": response.body, "more_body": True})
        for chunk in chunks:
            put({"type": "http.response.body", "body": chunk, "more_body": True})
        put({"type": "http.response.body", "body": b""})


def _announced(scope: Scope) -> int:
    """What the request says that its body is long: bytes, 0 when it does not say."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length" and value.isdigit()), 0)


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The request's body as it comes.

    Raises:
        _ClientGone: the client hung up before the end.
    """
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _ClientGone
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def _read(receive: Receive, body: IO[bytes], most: int) -> int:
    """Keep the request's body; its length in bytes, or one above ``most``."""
    length = 0
    async for chunk in _chunks(receive):
        length += len(chunk)
        if length > most:
            break
        body.write(chunk)
    return length


async def _refuse(limit: Limit, receive: Receive, send: Send) -> None:
    """Answer at once, and end the connection when the client has done writing, or after a while."""
    headers = [
        (b"connection", b"close"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(limit.said)).encode()),
    ]
    await send({"type": "http.response.start", "status": limit.status, "headers": headers})
    await send({"type": "http.response.body", "body": limit.said, "more_body": True})
    with suppress(TimeoutError, _ClientGone):
        async with asyncio.timeout(_LINGER_S):
            async for _ in _chunks(receive):
                pass
    await send({"type": "http.response.body", "body": b""})


def _gather(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    """The first part of a body, and whether that is all of it."""
    parts, length = list[bytes](), 0
    for chunk in chunks:
        parts.append(chunk)
        length += len(chunk)
        if length > _IN_MEMORY:
            return b"".join(parts), False
    return b"".join(parts), True


async def _awaited(awaitable: Awaitable[None]) -> None:
    await awaitable


def _environ(scope: Scope, body: IO[bytes], length: int) -> Environ:
    """The WSGI environment (PEP 3333) of an ASGI scope."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"]).decode("latin-1")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        # Objects that an application around us hands to Django's views.
        **scope.get("environ", {}),
    }
    for name, value in scope["headers"]:
        # "X_Forwarded_For" would become the same variable as "X-Forwarded-For": such names are nobody's honest header.
        if b"_" not in name:
            key = _HEADER_KEYS.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    environ["CONTENT_LENGTH"] = str(length)
    return environ


_HEADER_KEYS = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
