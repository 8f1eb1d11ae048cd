"""What ./dev says: one line per step on stderr, with the seconds since the start and what each step took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_STARTED = time.monotonic()


class Stop(SystemExit):
    """An end with a sentence for the person at the terminal instead of a traceback."""

    def __init__(self, message: str) -> None:
        """Keep the sentence; Python prints it on stderr and exits with 1."""
        super().__init__(f"\n{message}")


def say(text: str) -> None:
    """Print one line, headed by the seconds since the start."""
    print(f"[{time.monotonic() - _STARTED:6.1f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a long step, and say at its end how long it took (when it took half a second or more)."""
    say(f"{text} …")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 0.5:
        say(f"{text}: done in {took:.1f} s")
