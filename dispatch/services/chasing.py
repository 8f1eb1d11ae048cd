"""Supervisors chase units (督办): an order of its own, with a deadline, a read receipt and an answer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import Supervision, WorkOrder
from dispatch.selectors import day_of, end_of
from dispatch.services import news
from dispatch.services.acts import Act, Data
from dispatch.services.rows import bounded, lead_of, order_locked
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Viewer
from kernel.writing import given
from records.selectors import workdays_add
from records.services import history_append

MOST_WORKDAYS = 15
"""Working days that a supervision order may give at most: as long as the longest matter of the plan."""


def supervise(act: Act, *, text: str, workdays: int) -> Data:
    """A supervisor orders the unit to act and to answer within so many working days."""
    order = act.order
    if not 1 <= workdays <= MOST_WORKDAYS:
        said = _("督办时限要在 1 到 %d 个工作日之间。") % MOST_WORKDAYS
        raise Invalid(said, code="supervision_length", field="workdays")
    made = Supervision.objects.create(
        order=order,
        unit_id=lead_of(order),
        text=bounded(Supervision, "text", text),
        issued_by_id=act.by.user_id,
        issued_at=act.now,
        due_at=end_of(workdays_add(day_of(act.now), workdays).date),
    )
    return {"supervision": made.pk, "unit": made.unit_id, "text": text, "answer_by": made.due_at}


@transaction.atomic
def supervision_read(*, by: Viewer, supervision_id: int) -> Supervision:
    """Somebody of the unit has read it; the first reader counts, a second reading changes nothing.

    Raises:
        NotSignedIn, NotFound: nobody is signed in; there is none that ``by`` may see.
        Forbidden: code "not_your_unit".
    """
    found, order = _locked(by, supervision_id)
    if found.read_at is None:
        _read(by, found)
        _noted(by, order, found, "supervision_read", {})
    return found


@transaction.atomic
def supervision_answer(*, by: Viewer, supervision_id: int, text: str) -> Supervision:
    """The unit says what it has done.

    Raises:
        NotSignedIn, NotFound, Forbidden: as for reading.
        Invalid: no text, or too long.
        Conflict: code "answered": somebody has answered.
    """
    found, order = _locked(by, supervision_id)
    if found.answered_at is not None:
        raise Conflict(_("这份督办已经回复过了。"), code="answered")
    words = bounded(Supervision, "answer", given(text), "text")
    if not words:
        raise Invalid(_("请写回复。"), code="needs_fields", field="text")
    if found.read_at is None:
        _read(by, found)
    found.answer, found.answered_by_id, found.answered_at = words, by.user_id, clock.now()
    _noted(by, order, found, "supervision_answer", {"text": words})
    return found


def _locked(by: Viewer, supervision_id: int) -> tuple[Supervision, WorkOrder]:
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    order_id = Supervision.objects.visible_to(by).filter(pk=supervision_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotFound(_("没有这份督办，或者您不能看。"))
    order = order_locked(by, order_id)
    found = Supervision.objects.select_for_update().get(pk=supervision_id)
    if by.unit_id is None or by.unit_id != found.unit_id:
        raise Forbidden(_("这份督办不是发给您的单位的。"), code="not_your_unit")
    return found, order


def _read(by: Viewer, found: Supervision) -> None:
    found.read_by_id, found.read_at = by.user_id, clock.now()


def _noted(by: Viewer, order: WorkOrder, found: Supervision, move: str, data: Data) -> None:
    found.save()
    order.version, order.updated_at = order.version + 1, clock.now()
    order.save(update_fields=["version", "updated_at"])
    states = (order.state, order.state)
    event = history_append(by=by, obj=order, move=move, states=states, data={"supervision": found.pk, **data})
    news.tell(by, order, event)
