"""How work of many rows goes on portion by portion, says how far it is, and hears that nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

Told = Callable[[float], None]
"""Called with the share that is done, 0…1, before each portion; what it raises ends the work, and undoes it."""

One = TypeVar("One")

PORTION = 500
"""Rows that are asked for or written in one statement: less than a second of work."""


def unheard(share: float) -> None:
    """Nobody wants to know."""


def portions(rows: Iterable[One]) -> Iterator[list[One]]:
    """``PORTION`` rows at a time."""
    coming = iter(rows)
    while some := list(islice(coming, PORTION)):
        yield some


def part(told: Told, begin: float, end: float) -> Told:
    """Tell of a part of the work, that from ``begin`` to ``end`` of all of it."""
    return lambda share: told(begin + (end - begin) * share)
