"""Jobs that recur: declared by the apps, enqueued by the one scheduler, done by the workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A job that recurs.

    Attributes:
        every_s: seconds from one start to the next; the last start is kept in the database.
        enqueue: puts the task into the queue, or looks first whether there is anything to do. It must be quick.
    """

    key: str
    every_s: int
    enqueue: Callable[[], object]
    order: int = 100


jobs: Registry[PeriodicJob] = Registry("periodic job")
