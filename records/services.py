"""Writes of the records: audit rows, seals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from kernel import clock
from kernel.viewer import Viewer
from records.models import AuditEvent

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
