"""What is told of a run while the transaction that writes its points is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

# A row that somebody holds is told the next time: nobody may wait for the transaction that they tell of
_HEARD = """
UPDATE imagery_changerun SET progress = %s, heard_at = %s
WHERE id = (SELECT id FROM imagery_changerun WHERE id = %s AND state = 'running' FOR NO KEY UPDATE SKIP LOCKED)"""


@contextmanager
def heard_beside(run_id: int) -> Iterator[Callable[[float, dt.datetime], None]]:
    """A function that notes the share that is done and when, for everybody to see at once.

    By a connection of its own: what the open transaction wrote nobody would see before its end, and if it ended with
    every portion, people would review points of a run that may yet be ended or broken off. Cost: that connection
    (some 30 ms), one query for each call.
    """
    beside = connection.copy()

    def heard(share: float, at: dt.datetime) -> None:
        with beside.cursor() as cursor:
            cursor.execute(_HEARD, [share, at, run_id])

    try:
        yield heard
    finally:
        beside.close()
