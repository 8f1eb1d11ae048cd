"""SQL of the records: snapshots and advisory locks of PostgreSQL, which the ORM does not know."""

from __future__ import annotations

from django.db import connection

SEALING = 990521_01
"""Advisory lock of whoever seals the audit (any number that nothing else in the database uses)."""

SCHEDULER = 990521_02
"""Advisory lock of the one scheduler that is at work."""


def oldest_running_xid() -> int:
    """The 64-bit number of the oldest transaction still running: all below it are over, for good or for nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def lock_for_transaction(number: int) -> None:
    """Wait for an advisory lock and hold it to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def try_lock(number: int) -> bool:
    """Take an advisory lock for as long as the connection lives, unless somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def unlock(number: int) -> None:
    """Give an advisory lock of this connection back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
