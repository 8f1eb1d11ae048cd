"""Numbers of hours and days, counted anew from the readings wherever some came in."""

from __future__ import annotations

from django.db import transaction

from devices import sql

HOURS_AT_ONCE = 20_000
"""Marks in one transaction: about a second of work, so that a stop of the worker loses no more than that."""


def rollups_refresh() -> int:
    """Count all marked hours and their days anew; how many hours."""
    counted = 0
    while True:
        with transaction.atomic():
            found = sql.count_anew(HOURS_AT_ONCE)
        counted += found
        if found == 0:
            return counted
