"""What time does to reports: they accept themselves, lapse, and are closed by silence."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet

from incidents.models import Report
from incidents.services.alarms import alarm
from incidents.services.moves import report_move
from incidents.states import RATE_WITHIN, SYSTEM, State
from kernel import clock
from kernel.errors import DomainError
from kernel.viewer import Viewer

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Reports of one run; what is left waits for the next, a minute later."""


def overdue_accept() -> int:
    """Accept what nobody looked at within a working day, and raise the alarm; how many."""
    rows = Report.objects.filter(state=State.SUBMITTED.value, accept_by__lt=clock.now())
    return _each(rows, "accept", _accept)


@transaction.atomic
def _accept(by: Viewer, report: Report) -> None:
    report_move(by=by, report_id=report.pk, move="accept", part=SYSTEM, category=report.category.code)
    alarm(by=by, report=report)


def silent_lapse() -> int:
    """Withdraw reports whose question was not answered; how many."""
    rows = Report.objects.filter(state=State.NEED_INFO.value, info_by__lt=clock.now())
    return _each(rows, "lapse", lambda by, one: report_move(by=by, report_id=one.pk, move="lapse", part=SYSTEM))


def silent_expire() -> int:
    """Close answered reports after two weeks of silence; how many. What waits for a ruling waits."""
    rows = Report.objects.filter(
        state=State.ANSWERED.value, answered_at__lt=clock.now() - RATE_WITHIN, appealed_at=None
    )
    return _each(rows, "expire", lambda by, one: report_move(by=by, report_id=one.pk, move="expire", part=SYSTEM))


def _each(rows: QuerySet[Report], move: str, act: Callable[[Viewer, Report], object]) -> int:
    """Each in a transaction of its own: one that somebody moved meanwhile, or that fails, stops no other."""
    done = 0
    for report in rows.select_related("category").order_by("pk")[:AT_ONCE]:
        try:
            act(Viewer(county=report.county_id, label=SYSTEM), report)
            done += 1
        except DomainError as error:
            log.warning("report %s: %s did not happen: %s", report.number, move, error)
    return done
