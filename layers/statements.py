"""SQL text with its parameters, and the one place where it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2.extensions
from django.db import connection

TEXT_OID = 25
_text_as_bytes = psycopg2.extensions.new_type((TEXT_OID,), "TEXT_AS_BYTES", psycopg2.extensions.BYTES)


@dataclass(frozen=True, slots=True)
class Statement:
    """One query.

    Attributes:
        sql: text with ``%s`` for each of ``params``, or ``%(name)s``.
    """

    sql: str
    params: tuple[Any, ...] | dict[str, Any]

    def row(self) -> tuple[Any, ...]:
        """The first row; columns of type text arrive as UTF-8 bytes, so that a megabyte is not decoded and encoded.

        Cost: one query.
        """
        with connection.cursor() as cursor:
            psycopg2.extensions.register_type(_text_as_bytes, cursor.cursor)
            cursor.execute(self.sql, self.params)
            row: tuple[Any, ...] = cursor.fetchone()
        return row

    def rows(self) -> list[tuple[Any, ...]]:
        """All rows, columns of type text as str. Cost: one query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return list(cursor.fetchall())

    def portions(self, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """All rows, at most so many at once in memory; read them inside a transaction. Cost: one query."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(self.sql, self.params)
            while some := cursor.fetchmany(size):
                yield some

    def literal(self) -> str:
        """The statement with its values written in, as the server gets it (for benches and EXPLAIN)."""
        with connection.cursor() as cursor:
            text: str = cursor.cursor.mogrify(self.sql, self.params).decode()
        return text


def quote(name: str) -> str:
    """``name`` as an SQL identifier."""
    return connection.ops.quote_name(name)
