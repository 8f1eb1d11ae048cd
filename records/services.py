"""Writes of the records: audit rows and their seals, the working calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from kernel import clock
from kernel.viewer import Viewer
from records import selectors, sql
from records.models import AuditEvent, AuditSeal, CalendarDay

Changes = dict[str, list[Any]]
"""``{field: [before, after]}``."""


def audit_write(
    *, by: Viewer, action: str, obj: models.Model | tuple[str, object], changes: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Note what ``by`` did. Call it inside the transaction of the change: both stay or neither.

    Args:
        by: who did it.
        action: "entity.verb", e.g. "facility.update".
        obj: the saved object, or ("app.model", key) for one that is gone.
        changes: ``{field: [before, after]}``; see ``changes_between``.

    Raises:
        RuntimeError: outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs into the transaction of its change")
    kind, key = obj if isinstance(obj, tuple) else (obj._meta.label_lower, obj.pk)
    return AuditEvent.objects.create(
        at=clock.now(),
        actor_id=by.user_id,
        actor_label=by.label[:80],
        role=by.role or "",
        county=by.county,
        action=action,
        object_type=kind,
        object_id=str(key),
        changes=dict(changes or {}),
    )


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """The fields of ``after`` whose value is another one than in ``before``, as ``{field: [before, after]}``."""
    return {
        name: [_plain(before.get(name)), _plain(value)] for name, value in after.items() if before.get(name) != value
    }


def _plain(value: Any) -> Any:
    """A value that JSON can hold: objects by key, files by name, geometries as WKT."""
    if isinstance(value, models.Model):
        return value.pk
    if hasattr(value, "wkt"):
        return value.wkt
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else _text(value)


def _text(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def audit_seal() -> AuditSeal | None:
    """Seal the rows of all transactions that are over, up to the oldest one still running; None if there are none.

    Rows whose transaction commits late are above that mark and come into a later seal, whatever their id.
    """
    with transaction.atomic():
        sql.lock_for_transaction(sql.SEALING)
        last = AuditSeal.objects.order_by("-id").first()
        start = selectors.seal_end(last)
        over = sql.oldest_running_xid()
        newest_era = AuditEvent.objects.between(start).aggregate(era=models.Max("era"))["era"]
        end = (start[0] if newest_era is None else newest_era, over)
        mac, rows = selectors.seal_mac(last.mac if last else "", start, end)
        if not rows:
            return None
        return AuditSeal.objects.create(
            at=clock.now(), end_era=end[0], end_xid=end[1], rows=rows, key_id=selectors.seal_key_id(), mac=mac
        )


def calendar_import(*, by: Viewer, days: Iterable[CalendarDay]) -> int:
    """Put days into the working calendar, replacing those that are there; how many."""
    rows = list(days)
    with transaction.atomic():
        CalendarDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day"], update_fields=["is_workday", "name", "source"]
        )
        said = {row.day.isoformat(): [None, row.is_workday] for row in rows}
        audit_write(by=by, action="calendar.import", obj=("records.calendarday", len(rows)), changes=said)
    return len(rows)
