"""Reads of one table of the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from records.models import AuditEvent

Position = tuple[int, int]
"""(era, xid): a place in the order in which audit rows are sealed."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Audit rows."""

    def between(self, start: Position, end: Position | None = None) -> Self:
        """Rows from ``start`` up to ``end``, that not included, in the order of sealing."""
        rows = self.filter(_from(start))
        if end is not None:
            rows = rows.exclude(_from(end))
        return rows.order_by("era", "xid", "id")


def _from(position: Position) -> models.Q:
    era, xid = position
    return models.Q(era__gt=era) | models.Q(era=era, xid__gte=xid)
