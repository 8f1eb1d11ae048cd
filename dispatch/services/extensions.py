"""More time (延期): once for an order, asked before it is due, at most the length it had, granted by a supervisor."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dispatch.models import Extension
from dispatch.selectors import times_of
from dispatch.services.acts import Act, Data, due_put
from dispatch.services.children import due_follow
from dispatch.services.rows import bounded
from kernel.errors import Invalid


def extend(act: Act, *, workdays: int, reason: str) -> Data:
    """A unit asks for more working days."""
    order = act.order
    _length(workdays, order.workdays)
    Extension.objects.create(
        order=order,
        workdays=workdays,
        reason=bounded(Extension, "reason", reason),
        asked_by_id=act.by.user_id,
        asked_at=act.now,
        due_before=order.due_at,
    )
    return {"workdays": workdays, "reason": reason}


def grant(act: Act, *, workdays: int | None = None, note: str = "") -> Data:
    """A supervisor grants them, or fewer."""
    order = act.order
    asked = _decided(act, Extension.State.GRANTED, note)
    if workdays is not None:
        _length(workdays, asked.workdays)
        asked.workdays = workdays
    order.workdays += asked.workdays
    moved = due_put(order, times_of(order))
    asked.due_after = order.due_at
    asked.save()
    return {"workdays": asked.workdays, "note": note, **moved, **due_follow(act)}


def refuse(act: Act, *, reason: str) -> Data:
    """A supervisor does not grant them."""
    _decided(act, Extension.State.REFUSED, reason).save()
    return {"reason": reason}


def _decided(act: Act, state: Extension.State, note: str) -> Extension:
    asked = Extension.objects.select_for_update().get(order=act.order, state=Extension.State.ASKED)
    asked.state, asked.decided_by_id, asked.decided_at = state, act.by.user_id, act.now
    asked.note = bounded(Extension, "note", note)
    return asked


def _length(workdays: int, most: int) -> None:
    if not 1 <= workdays <= most:
        raise Invalid(_("延期要在 1 到 %d 个工作日之间。") % most, code="extension_length", field="workdays")
