"""Text of a query as words with their places."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_duration


class SyntaxFaultError(ValueError):
    """The text cannot be read at ``at``, counted from 0."""

    def __init__(self, at: int, what: str) -> None:
        """Keep where, and what stands there."""
        super().__init__(f"{what} (at {at + 1})")
        self.at, self.what = at, what


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``start`` until ``end``, which is no longer part of it."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A word.

    Attributes:
        kind: "word", "sign" (brackets, comma, slash), "end", or of a value: "number", "text", "time", "interval",
            "date", "clock", "duration", "geo".
        value: what it says; of words and signs their text, of a "geo" well-known text.
        at: where it begins.
    """

    kind: str
    value: Any
    at: int


_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+\- ]\d\d:?\d\d)?"
_PATTERNS = {
    "blank": r"\s+",
    "interval": rf"{_MOMENT}/{_MOMENT}",
    "time": _MOMENT,
    "date": r"\d{4}-\d\d-\d\d(?![\w.])",
    "clock": r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?",
    "number": r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])",
    "duration": r"duration'[^']*'",
    "geo": r"geo(?:graphy|metry)'[^']*'",
    "text": r"'(?:[^']|'')*'",
    "word": r"[A-Za-z_@][\w.@\-]*",
    "sign": r"[(),/]",
}
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()), re.ASCII)


def tokens(text: str) -> Iterator[Token]:
    """The words of ``text``, and an "end".

    Raises:
        SyntaxFaultError: something is no word.
    """
    at = 0
    while at < len(text):
        found = _ANY.match(text, at)
        if found is None:
            raise SyntaxFaultError(at, text[at : at + 20])
        kind = str(found.lastgroup)
        if kind != "blank":
            try:
                yield Token(kind, _READ.get(kind, str)(found[0]), at)
            except ValueError:
                raise SyntaxFaultError(at, found[0][:60]) from None
        at = found.end()
    yield Token("end", "", at)


def moment(text: str) -> dt.datetime:
    """A moment of ISO 8601 with an offset; a plus that a client did not escape has come as a blank.

    Raises:
        ValueError: it is none.
    """
    found = dt.datetime.fromisoformat(text.replace(" ", "+"))
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(dt.UTC)


def _interval(text: str) -> Interval:
    start, end = map(moment, text.split("/"))
    if end < start:
        raise ValueError(text)
    return Interval(start, end)


def _number(text: str) -> int | float:
    if text.lstrip("-").isdigit():
        return int(text)
    found = float(text)
    if abs(found) == float("inf"):
        raise ValueError(text)
    return found


def _duration(text: str) -> dt.timedelta:
    found = parse_duration(text[len("duration'") : -1])
    if found is None:
        raise ValueError(text)
    return found


_READ: dict[str, Any] = {
    "interval": _interval,
    "time": moment,
    "date": dt.date.fromisoformat,
    "clock": dt.time.fromisoformat,
    "number": _number,
    "duration": _duration,
    "geo": lambda text: text[text.index("'") + 1 : -1],
    "text": lambda text: text[1:-1].replace("''", "'"),
}
