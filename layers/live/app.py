"""The ASGI application behind ``/live/``: Django decides, in its threads, then the stream runs without one.

The request goes through Django like any other (host, language, session, viewer, parameters, rights, the one error
shape). The view of ``layers.api.live`` finds a ``Ticket`` in the environment of the request, writes into it what the
viewer hears about, and gives its thread back; its answer is the head of the stream. Without that, the answer is a
refusal and is sent as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from layers.live.feeds import Flows, Watch
from layers.live.gate import Gate
from layers.live.hub import Hub
from layers.live.stream import Message, Receive, Send, Stream
from layers.live.topics import Subscription

TICKET = "geogov.live"
"""Where the ticket lies in the environment of a request (PEP 3333); no header of a client can be called like that."""

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Ticket:
    """What the view writes.

    Attributes:
        subscription: what the viewer hears about; None while nobody is let in.
        known: the id of the last event that the client knows.
        watch: what it hears of a feed, if anything.
    """

    def __init__(self, gate: Gate, flows: Flows) -> None:
        """Nobody is in."""
        self.subscription: Subscription | None = None
        self.known = ""
        self.watch: Watch | None = None
        self._gate, self._flows = gate, flows
        self._address: str | None = None

    def admit(
        self, address: str, subscription: Subscription, known: str, begin: Callable[[Flows], Watch] | None = None
    ) -> None:
        """Let the client in.

        Args:
            address: of the client.
            subscription: what it hears about.
            known: the id of the last event that it knows.
            begin: begins to watch a feed.

        Raises:
            Throttled: it has as many streams as one may have.
            Unavailable: there are too many altogether.
        """
        self._gate.enter(address)
        self._address = address
        self.watch = begin(self._flows) if begin else None
        self.subscription, self.known = subscription, known

    def give_back(self) -> None:
        """The stream has ended, or was never begun."""
        if self.watch is not None:
            self.watch.end()
            self.watch = None
        if self._address is not None:
            self._gate.leave(self._address)
            self._address = None


class Live:
    """An ASGI application for scopes of type ``http``.

    Args:
        django: answers requests in its threads; hands ``scope["environ"]`` to them.
        closing: is set when the server ends.
    """

    def __init__(self, django: Application, closing: asyncio.Event) -> None:
        """No stream and no connection yet."""
        self._django = django
        self.gate, self.hub = Gate(), Hub(closing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        ticket = Ticket(self.gate, self.hub.flows)
        said = list[Message]()

        async def keep(message: Message) -> None:
            said.append(message)

        try:
            await self._django({**scope, "environ": {TICKET: ticket}}, receive, keep)
            if ticket.subscription is None or not said:
                for message in said:
                    await send(message)
                return
            await send(_head(said[0]))
            await Stream(self.hub, ticket.subscription, ticket.known, ticket.watch).run(receive, send)
        finally:
            ticket.give_back()


def _head(start: Message) -> Message:
    """The head of the answer without the length of its empty body."""
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    return {**start, "headers": headers}
