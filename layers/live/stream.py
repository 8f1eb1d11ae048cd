"""One stream of server-sent events (HTML standard, 9.2)."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from layers.live.feeds import OutOfStepError, Watch
from layers.live.hub import Hub
from layers.live.topics import News, Subscription, news

HEARTBEAT_S = 15.0
"""A comment is sent after so long without an event: proxies cut connections that are silent for 30 to 60 seconds."""

LIFE_S = (480.0, 600.0)
"""A stream ends within ten minutes and the browser comes back by itself: then its rights are looked at again. Each ends
at another moment, so that they do not come back together."""

RETRY_MS = (1000, 5000)
"""How long a browser waits before it comes back, another time for each: a server that starts anew is not overrun."""

STALL_S = 20.0
"""A client that takes nothing for so long is dropped (64 KB wait for it in the server, not more)."""

BESIDE = "~"
"""In the id of an event: between the versions of the topics and what was seen of a feed."""

_HEARTBEAT = b":\n\n"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Stream:
    """From the first event to the last.

    Args:
        hub: tells what was heard.
        subscription: what this viewer hears about.
        known: the id of the last event that the client knows, "" for none.
        watch: what it hears of a feed, if anything.
    """

    def __init__(self, hub: Hub, subscription: Subscription, known: str, watch: Watch | None = None) -> None:
        """Nothing is sent yet."""
        self._hub, self._subscription, self._watch = hub, subscription, watch
        self._known = known
        self._heard, self._resets = hub.heard, hub.resets
        self._woken = asyncio.Event()
        self._is_gone = False

    def wake(self) -> None:
        """There is something new, or the server ends."""
        self._woken.set()

    async def run(self, receive: Receive, send: Send) -> None:
        """Send until the client hangs up or stalls, the server ends, or the time is over."""
        self._hub.join(self)
        watch = asyncio.create_task(self._until_gone(receive))
        loop = asyncio.get_running_loop()
        ends = loop.time() + random.uniform(*LIFE_S)  # noqa: S311  no secret
        try:
            await _put(send, f"retry: {random.randint(*RETRY_MS)}\n\n".encode())  # noqa: S311
            while not self._is_over(loop.time() >= ends):
                if text := self._next() + self._values():
                    await _put(send, text)
                elif not await self._something():
                    await _put(send, _HEARTBEAT)
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            pass  # the server closes the connection of a response that was not completed
        except OutOfStepError:
            await send({"type": "http.response.body", "body": b""})  # the browser comes back, and is told the rest
        finally:
            watch.cancel()
            self._hub.leave(self)

    def _is_over(self, is_late: bool) -> bool:
        return is_late or self._is_gone or self._hub.closing.is_set()

    def _next(self) -> bytes:
        """The event to send now; empty when nothing has changed for this viewer."""
        hub = self._hub
        if self._heard == hub.heard:
            return b""
        self._heard = hub.heard
        if self._resets != hub.resets:
            self._resets, self._known = hub.resets, ""
        said = news(self._subscription.versions(hub.counts), self._known)
        self._known = said.id
        return event(said, self._id()) if said.changed else b""

    def _values(self) -> bytes:
        """The event with what is new in the feed; empty when nothing is."""
        texts = self._watch.next() if self._watch else []
        return f"id: {self._id()}\nevent: values\ndata: [{','.join(texts)}]\n\n".encode() if texts else b""

    def _id(self) -> str:
        return f"{self._known}{BESIDE}{self._watch.seen}" if self._watch else self._known

    async def _something(self) -> bool:
        """Whether something happened before the next heartbeat."""
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
        self.wake()


def event(said: News, known: str = "") -> bytes:
    """News as an event; its data are the topics that changed, with their versions.

    Args:
        said: the news.
        known: the id of the event where that says more than the news.
    """
    data = json.dumps(said.changed, separators=(",", ":"))
    return f"id: {known or said.id}\nevent: {'reset' if said.reset else 'change'}\ndata: {data}\n\n".encode()


async def _put(send: Send, text: bytes) -> None:
    """Send a part.

    Raises:
        TimeoutError: the client takes nothing.
    """
    async with asyncio.timeout(STALL_S):
        await send({"type": "http.response.body", "body": text, "more_body": True})
