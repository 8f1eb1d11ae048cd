"""Waiting for what happens elsewhere: in another process, thread or connection."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60
"""Two processes that load Django on a busy machine."""


def until(is_so: Callable[[], object], what: str, within_s: float = PATIENCE_S) -> None:
    """Ask again until it is so; ``what`` is said when it never comes."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
