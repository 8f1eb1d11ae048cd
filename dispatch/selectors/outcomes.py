"""What became of orders: the terms that the statistics count and the lists open."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from dispatch.models import HandBack, Reply
from dispatch.states import OPEN_STATES, State
from kernel import clock
from kernel.work import work_sources

if TYPE_CHECKING:
    from dispatch.querysets import WorkOrderQuerySet

_OPEN = Q(state__in=[state.value for state in OPEN_STATES])
_DONE = Q(state=State.DONE.value)


class Outcome(StrEnum):
    """A term of the statistics. The first four are every leading order, each exactly once.

    Attributes:
        rows: which orders it is, after ``with_outcomes``.
    """

    ON_TIME = "on_time"
    LATE = "late"
    PENDING = "pending"
    CANCELLED = "cancelled"
    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    REOPENED = "reopened"
    REPLIED = "replied"
    REPLIED_ON_TIME = "replied_on_time"
    REPLY_DUE = "reply_due"
    RATED = "rated"
    SATISFIED = "satisfied"

    @property
    def rows(self) -> Q:
        """Which orders it is."""
        return _ROWS[self]


_LATE = (_DONE & Q(finished_at__gt=F("due_at"))) | (_OPEN & Q(due_at__lt=F("clock_at")))
_REPLIED = Q(first_reply_at__isnull=False)

_ROWS = {
    Outcome.ON_TIME: _DONE & Q(finished_at__lte=F("due_at")),
    Outcome.LATE: _LATE,
    Outcome.PENDING: _OPEN & Q(due_at__gte=F("clock_at")),
    Outcome.CANCELLED: Q(state=State.CANCELLED.value),
    Outcome.OPEN: _OPEN,
    Outcome.DONE: _DONE,
    Outcome.RETURNED: Q(was_returned=True),
    Outcome.REOPENED: Q(round__gt=1),
    Outcome.REPLIED: _REPLIED,
    Outcome.REPLIED_ON_TIME: Q(first_reply_at__lte=F("due_at")),
    Outcome.REPLY_DUE: _REPLIED | _LATE,
    Outcome.RATED: Q(rating__isnull=False),
    Outcome.SATISFIED: Q(rating=True),
}


def with_outcomes(rows: WorkOrderQuerySet) -> WorkOrderQuerySet:
    """``rows`` with what the terms ask: ``clock_at``, ``first_reply_at``, ``was_returned``, ``rating``.

    What a list does not use PostgreSQL does not compute: Django leaves unused annotations out of counts only, so
    ``alias`` is used, which adds none to the columns.
    """
    first = Reply.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(at=Min("at")).values("at")
    backs = HandBack.objects.filter(order=OuterRef("pk")).values(value=Value(True))[:1]
    return rows.alias(
        clock_at=Coalesce(F("paused_at"), Value(clock.now())),
        first_reply_at=Subquery(first),
        was_returned=Coalesce(Subquery(backs), Value(False)),
        rating=_rating(),
    )


def _rating() -> Case:
    asked = [When(source=source.key, then=source.rating()) for source in work_sources if source.rating]
    return Case(*asked, default=Value(None), output_field=BooleanField(null=True))
