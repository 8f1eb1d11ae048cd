"""SQL of the app: locks on the content of a file."""

from __future__ import annotations

from django.db import connection


def hold_content(sha256: str) -> None:
    """Until the transaction ends, nobody removes the sealed file of ``sha256``. Uploads do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_number(sha256)])


def claim_content(sha256: str) -> bool:
    """Whether no other transaction that is running names the sealed file of ``sha256``, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(sha256)])
        row = cursor.fetchone()
    return bool(row and row[0])


def _number(sha256: str) -> int:
    """63 bits of the digest as a bigint."""
    return int(sha256[:16], 16) >> 1
