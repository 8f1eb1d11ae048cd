"""How many streams there may be, of one client and of all."""

from __future__ import annotations

import threading
from collections import Counter

from django.conf import settings
from django.utils.translation import gettext as _

from kernel.errors import Throttled, Unavailable


class Gate:
    """Counts open streams. Entered by Django's threads, left by the event loop."""

    def __init__(self) -> None:
        """Nobody is in."""
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()

    def enter(self, address: str) -> None:
        """Let one more stream of a client in; ``leave`` must follow.

        Raises:
            Throttled: the client has as many as one may have.
            Unavailable: all together are as many as there may be.
        """
        hint = _("可以改为定时查询 /api/layers/changes。")
        with self._lock:
            if self._inside.total() >= settings.LIVE_STREAMS:
                raise Unavailable(_("实时连接已满，请过一会儿再试。"), code="too_many_streams", hint=hint)
            if self._inside[address] >= settings.LIVE_STREAMS_PER_ADDRESS:
                raise Throttled(_("这个网络地址的实时连接太多。"), code="too_many_streams", hint=hint)
            self._inside[address] += 1

    def leave(self, address: str) -> None:
        """One stream of the client has ended."""
        with self._lock:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address]

    @property
    def inside(self) -> int:
        """Open streams."""
        return self._inside.total()
