"""Reasons that a county starts with."""

from __future__ import annotations

from dataclasses import asdict

from imagery.models import RejectReason
from imagery.states import DEFAULT_REASONS


def reasons_default(county: str) -> int:
    """Give a county the reasons that it does not have yet; how many. What it has changed or switched off stays."""
    known = set(RejectReason.objects.filter(county=county).values_list("code", flat=True))
    rows = [
        RejectReason(county_id=county, order=10 * number, **asdict(one))
        for number, one in enumerate(DEFAULT_REASONS, start=1)
        if one.code not in known
    ]
    RejectReason.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
