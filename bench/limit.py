"""The limit: PostgreSQL alone, building what one request of the product takes out of it.

The statements are those that the product runs for that request, caught in this process with their parameters. Where one
of them gives the whole body (a collection, a tile), it is the limit. Where Python puts an answer together from several
(the panel), the limit is one statement that gives the rows of all of them as one JSON value.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from bench.cpu import tree_s

_WHOLE = 0.8
"""A value at least this part of the body long is the body (a page adds its link to the next one)."""


class Limit:
    """Prepared statements on a connection of this process, and the CPU of the whole cluster."""

    def __init__(self) -> None:
        """Find the cluster's first process.

        Raises:
            SystemExit: when the database is not on this machine.
        """
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            pid_file = Path(cursor.fetchone()[0]) / "postmaster.pid"
        try:
            self._postmaster = int(pid_file.read_bytes().split()[0])  # the next line is a path, in any script
        except OSError as error:
            raise SystemExit(f"The CPU of a database elsewhere cannot be read here: {error}.") from error
        self._count = 0

    def cpu_s(self) -> float:
        """CPU seconds of the cluster so far."""
        return tree_s(self._postmaster)

    def prepare(self, path: str) -> Callable[[], int]:
        """A function that runs the limit's statement for that request once, and gives the bytes it built."""
        statement = _statement(path)
        self._count += 1
        name = f"bench_{self._count}"
        with connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {statement.replace('%', '%%')}")

        def run() -> int:
            with connection.cursor() as cursor:
                cursor.execute(f"EXECUTE {name}")
                value = cursor.fetchone()[0]
            return len(value)

        return run


def _statement(path: str) -> str:
    """The limit's statement for a request."""
    with _caught() as statements:
        response = Client(HTTP_HOST="127.0.0.1").get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path}: {response.status_code}")
    length = len(response.content)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("%", "%%"))
            row = cursor.fetchone()
            if row and len(row) == 1 and _size(row[0]) >= _WHOLE * length:
                return statement
    parts = (f"(SELECT json_agg(row_to_json(q{n})) FROM ({s}) q{n})" for n, s in enumerate(statements))
    return f"SELECT json_build_array({', '.join(parts)})::text"


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    return len(value) if isinstance(value, bytes | memoryview) else 0


@contextmanager
def _caught() -> Iterator[list[str]]:
    """The SELECT statements that are run in here, with their parameters in them."""
    statements: list[str] = []

    def catch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        text = context["cursor"].cursor.mogrify(sql, params).decode()
        if text.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(text.rstrip().rstrip(";"))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(catch):
        yield statements
