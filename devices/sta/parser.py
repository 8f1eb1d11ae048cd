"""Words of a query as a tree, by recursive descent (OData 4.0 part 2, as OGC 18-088 clause 9.3.3.5 uses it)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devices.sta.lexer import SyntaxFaultError, Token, tokens

DEEPEST = 40
"""Brackets in brackets."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that was written; ``kind`` as of its token, or "bool" and "null"."""

    kind: str
    value: Any
    at: int


@dataclass(frozen=True, slots=True)
class Path:
    """A property, with the relations on the way to it."""

    parts: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function."""

    name: str
    args: tuple[Node, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one operand ("not", "-") or two."""

    name: str
    args: tuple[Node, ...]
    at: int


Node = Literal | Path | Call | Operation

_LEVELS = (("or",), ("and",), ("eq", "ne", "gt", "ge", "lt", "le"), ("add", "sub"), ("mul", "div", "mod"))
"""Operators from the loosest to the tightest."""

_COMPARED = 2
_NAMED: dict[str, tuple[str, Any]] = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}
_VALUES = ("number", "text", "time", "interval", "date", "clock", "duration", "geo")


def parsed(text: str) -> Node:
    """The tree of an expression.

    Raises:
        SyntaxFaultError: it is none.
    """
    return _Parser(text).whole()


def ordered(text: str) -> list[tuple[Node, bool]]:
    """The expressions of ``$orderby``, and whether each is descending.

    Raises:
        SyntaxFaultError: it is none.
    """
    return _Parser(text).order()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._next = next(self._tokens)
        self._depth = 0

    def whole(self) -> Node:
        node = self._level(0)
        self._expect("end")
        return node

    def order(self) -> list[tuple[Node, bool]]:
        found = []
        while True:
            node, word = self._level(0), str(self._next.value).lower()
            if self._next.kind == "word" and word in ("asc", "desc"):
                self._take()
            found.append((node, word == "desc"))
            if not self._skip(","):
                self._expect("end")
                return found

    def _level(self, level: int) -> Node:
        """Operators of this level between expressions of tighter ones; comparisons do not chain."""
        if level == len(_LEVELS):
            return self._single()
        if level == _COMPARED and self._is_word("not"):
            at = self._take().at
            return Operation("not", (self._deeper(_COMPARED),), at)
        node = self._level(level + 1)
        while self._next.kind == "word" and self._next.value in _LEVELS[level]:
            operator = self._take()
            node = Operation(operator.value, (node, self._level(level + 1)), operator.at)
            if level == _COMPARED:
                break
        return node

    def _single(self) -> Node:
        token = self._take()
        if token.kind in _VALUES:
            return Literal(token.kind, token.value, token.at)
        if token.kind == "word":
            return self._named(token)
        if token.kind == "sign" and token.value == "(":
            node = self._deeper(0)
            self._expect("sign", ")")
            return node
        raise SyntaxFaultError(token.at, str(token.value))

    def _named(self, token: Token) -> Node:
        if self._skip("("):
            args: list[Node] = []
            if not self._skip(")"):
                args.append(self._deeper(0))
                while self._skip(","):
                    args.append(self._deeper(0))
                self._expect("sign", ")")
            return Call(token.value.lower(), tuple(args), token.at)
        if token.value in _NAMED:
            return Literal(*_NAMED[token.value], token.at)
        parts = [token.value]
        while self._skip("/"):
            parts.append(self._expect("word").value)
        return Path(tuple(parts), token.at)

    def _deeper(self, level: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise SyntaxFaultError(self._next.at, str(self._next.value))
        node = self._level(level)
        self._depth -= 1
        return node

    def _is_word(self, word: str) -> bool:
        return self._next.kind == "word" and self._next.value == word

    def _skip(self, sign: str) -> bool:
        found = self._next.kind == "sign" and self._next.value == sign
        if found:
            self._take()
        return found

    def _expect(self, kind: str, value: str = "") -> Token:
        if self._next.kind != kind or (value and self._next.value != value):
            raise SyntaxFaultError(self._next.at, str(self._next.value))
        return self._take()

    def _take(self) -> Token:
        token = self._next
        self._next = next(self._tokens, token)
        return token
