"""Sendings of the form by the key that the client gave them."""

from __future__ import annotations

from incidents.models import Submission
from kernel import sealed


def submission_key(county: str, key: str) -> str:
    """What is kept of a client's key of one sending, hexadecimal."""
    return sealed.digest(f"{county} {key}", "submission")


def submission_number(county: str, key: str) -> str | None:
    """The number of the report that was sent with a key, None when none was. Cost: one query."""
    rows = Submission.objects.filter(key=submission_key(county, key))
    return rows.values_list("report__number", flat=True).first()
