"""The one connection of the process that listens to PostgreSQL, in a thread of its own."""

from __future__ import annotations

import logging
import select
import socket
import threading
from collections.abc import Callable, Collection
from contextlib import suppress

import psycopg2
from django.db import Error, connection

from layers import ledger
from layers.live.feeds import Flows

PACE_S = 1.0
"""The ledger is counted and feeds are read at most once in this time: no stream gets more than one event of each."""

SILENCE_S = 30.0
"""After so long without a notification the ledger is counted all the same: a connection that died without a word is
found out, and at midnight it is another day."""

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Before each attempt to reach a database that is gone; the last repeats."""

APPLICATION = "geogov live"
"""What pg_stat_activity calls the connection."""

log = logging.getLogger(__name__)

Heard = Callable[[ledger.Counts | None, bool], None]


class Listener:
    """Counts the ledger when something was committed.

    Args:
        heard: is called from the thread with the counts (None when only a feed had something to say), and whether the
            connection is a new one after a lost one.
        has_readers: whether anybody wants to know; otherwise nothing is counted.
        flows: the feeds that are read.
    """

    def __init__(self, heard: Heard, has_readers: Callable[[], bool], flows: Flows) -> None:
        """Nothing listens yet."""
        self._heard, self._has_readers, self._flows = heard, has_readers, flows
        self._stopping = threading.Event()
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="live-listener", daemon=True)

    def start(self) -> None:
        """Listen until ``stop``."""
        self._thread.start()

    def ask(self) -> None:
        """Have the ledger counted as if something had been committed: somebody new wants to know."""
        with suppress(OSError):  # full: it has been asked for already; closed: the end is near
            self._mouth.send(b"?")

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the thread, and with it the connection."""
        self._stopping.set()
        self.ask()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        failures, was_lost = 0, False
        while not self._stopping.is_set():
            try:
                self._open()
                self._tell(self._channels, was_lost)
                failures, was_lost = 0, False
                self._listen()
            except (Error, psycopg2.Error, OSError) as error:
                log.warning("the live channel lost the database: %s", str(error).strip())
                was_lost = True
            except Exception:
                log.exception("the live channel's listener failed")
                was_lost = True
            finally:
                connection.close()
            if was_lost:
                self._stopping.wait(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                failures += 1
        self._ear.close()
        self._mouth.close()

    def _open(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET application_name = %s", [APPLICATION])
            for channel in self._channels:
                cursor.execute(f"LISTEN {channel}")

    @property
    def _channels(self) -> list[str]:
        return [ledger.CHANNEL, *self._flows.channels]

    def _listen(self) -> None:
        link = connection.connection
        while not self._stopping.is_set():
            select.select([link, self._ear], [], [], SILENCE_S)
            was_asked = self._drain()
            link.poll()
            said = {one.channel for one in link.notifies}
            link.notifies.clear()
            if self._has_readers() and not self._stopping.is_set():
                self._tell(said if said and not was_asked else self._channels, False)
                self._stopping.wait(PACE_S)

    def _drain(self) -> bool:
        was_asked = False
        with suppress(BlockingIOError):
            while self._ear.recv(4096):
                was_asked = True
        return was_asked

    def _tell(self, channels: Collection[str], was_lost: bool) -> None:
        # Counted after LISTEN: what is committed later is notified, what was committed before is in the counts.
        counts = ledger.counts() if ledger.CHANNEL in channels else None
        has_values = self._flows.tick(channels)
        if counts is not None or has_values:
            self._heard(counts, was_lost)
