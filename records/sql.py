"""SQL of the records: snapshots and advisory locks of PostgreSQL, which the ORM does not know."""

from __future__ import annotations

from django.db import connection

SEALING = 990521_01
"""Advisory lock of whoever seals the audit (any number that nothing else in the database uses)."""

SCHEDULER = 990521_02
"""Advisory lock of the one scheduler that is at work."""


_RUNNING = """
WITH here AS (
  SELECT pid, backend_xid FROM pg_stat_activity
  WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND usesysid IS NOT NULL  -- no autovacuum: it writes no audit rows
)
SELECT backend_xid::text::bigint FROM here WHERE backend_xid IS NOT NULL
UNION
SELECT l.transactionid::text::bigint FROM pg_locks l
WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
  AND (l.pid IS NULL OR l.pid IN (SELECT pid FROM here))
"""
"""Low 32 bits of the numbers of this database's running transactions.

Both sources are needed: pg_stat_activity hides the numbers of other users' transactions from us, and a transaction has
its number for an instant before it shows in pg_locks. Prepared transactions have no process.
"""


def oldest_running_xid() -> int:
    """The 64-bit number of this database's oldest transaction still running: all below it are over.

    ``pg_snapshot_xmin`` would do, but it waits for the transactions of all databases of the cluster. The upper end is
    read first: whatever gets its number after that is above it, and what had one is either over or still running.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        newest = int(cursor.fetchone()[0])
        cursor.execute(_RUNNING)
        return min([newest, *(_nearest(newest, low) for (low,) in cursor.fetchall())])


def _nearest(newest: int, low: int) -> int:
    """The 64-bit number that ends in the 32 bits of ``low`` and is nearest to ``newest``."""
    return newest + (low - newest + 2**31) % 2**32 - 2**31


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
