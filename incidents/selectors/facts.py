"""What the guards of the machine ask of a report, and which rows a part may move."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from dispatch.models import WorkOrder
from incidents.models import Report
from incidents.querysets import ReportQuerySet
from incidents.states import REPORTER, SYSTEM, TERMINAL, ReportFacts, State
from kernel.viewer import Role, Viewer

SOURCE = "incidents"
"""How dispatch knows reports."""

MOST_QUESTIONS = 2
"""How often a reporter is asked for more, the pauses of the order included."""


def part_of(by: Viewer) -> str:
    """As what a signed-in person moves a report: agents and citizens as reporters, for they see only what they made."""
    return REPORTER if by.has_role(Role.VILLAGE_AGENT, Role.CITIZEN) else ""


def reports_of(by: Viewer, part: str = "") -> ReportQuerySet:
    """The reports that ``by`` may move as ``part``.

    Whoever holds the tracking code, and the product itself, are nobody that a row knows: the caller has checked them.
    """
    if part == SYSTEM or (part == REPORTER and not by.is_signed_in):
        return Report.objects.filter(county_id=by.county)
    return Report.objects.business_of(by)


def report_facts(
    by: Viewer, report: Report, now: dt.datetime, *, has_evidence: bool = False, target: Report | None = None
) -> ReportFacts:
    """The facts for ``states.machine``. Cost: at most two queries."""
    closed_for = now - report.closed_at if report.state == State.CLOSED and report.closed_at else None
    return ReportFacts(
        reopens=report.reopens,
        is_closed=report.state == State.CLOSED,
        closed_for=closed_for,
        has_new_evidence=has_evidence,
        is_own_work=_worked_on(by, report),
        has_appeal=report.appealed_at is not None,
        target_is_open=target is None or (target.state not in TERMINAL | {State.CLOSED} and target.pk != report.pk),
        has_followers_of_its_own=report.merged.exists(),
        questions_left=MOST_QUESTIONS - report.questions,
    )


def _worked_on(by: Viewer, report: Report) -> bool:
    """Whether ``by`` signed for, did or reviewed any of the report's orders."""
    if by.user_id is None or report.order_id is None:
        return False
    hands = Q(signed_by=by.user_id) | Q(submitted_by=by.user_id) | Q(reviewed_by=by.user_id)
    return WorkOrder.objects.filter(hands, county_id=by.county, source=SOURCE, source_id=str(report.pk)).exists()
