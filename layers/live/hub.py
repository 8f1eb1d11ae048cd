"""Hands what the listener heard to all streams of the process, inside the event loop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

from layers import ledger
from layers.live.feeds import Flows
from layers.live.listener import Heard, Listener


class Reader(Protocol):
    """Whoever wants to know that there is something new."""

    def wake(self) -> None:
        """There is something new, or the server ends."""
        ...


class Hub:
    """What was heard last, and who wants to know.

    It holds one state, whatever the number of streams: a slow reader finds the latest when it comes to read, and
    nothing is kept for it meanwhile.

    Attributes:
        counts: the ledger when it was counted last.
        heard: how many times it was counted.
        resets: how many times the connection was lost and found again.
        flows: what feeds have told lately.
    """

    def __init__(self, closing: asyncio.Event) -> None:
        """Nothing runs before the first reader."""
        self.closing = closing
        self.counts: ledger.Counts = {}
        self.heard = self.resets = 0
        self.flows = Flows()
        self._readers: set[Reader] = set()
        self._task: asyncio.Task[None] | None = None
        self._listener: Listener | None = None

    def join(self, reader: Reader) -> None:
        """From now on it is woken by everything new; at first by the ledger as it is now."""
        self._readers.add(reader)
        if self._task is None:
            loop = asyncio.get_running_loop()
            self._listener = Listener(self._from_thread(loop), lambda: bool(self._readers), self.flows)
            self._task = asyncio.create_task(self._run(self._listener))
        elif self._listener:
            self._listener.ask()

    def leave(self, reader: Reader) -> None:
        """It does not want to know any more."""
        self._readers.discard(reader)

    def _from_thread(self, loop: asyncio.AbstractEventLoop) -> Heard:
        def heard(counts: ledger.Counts | None, was_lost: bool) -> None:
            with suppress(RuntimeError):  # the loop has ended before the thread
                loop.call_soon_threadsafe(self._publish, counts, was_lost)

        return heard

    def _publish(self, counts: ledger.Counts | None, was_lost: bool) -> None:
        if counts is not None:
            self.counts = counts
            self.heard += 1
            self.resets += was_lost
        self._wake_all()

    def _wake_all(self) -> None:
        for reader in self._readers:
            reader.wake()

    async def _run(self, listener: Listener) -> None:
        listener.start()
        try:
            await self.closing.wait()
        finally:
            self._wake_all()
            await asyncio.get_running_loop().run_in_executor(None, listener.stop)
