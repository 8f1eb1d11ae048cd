"""Who is told when nobody looked at a report in time."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.selectors import answering_for
from dispatch.services.news import message
from incidents.models import Report
from kernel.language import named
from kernel.viewer import Role, Viewer

TEXT = _("%(number)s“%(title)s”一个工作日没有人受理，已自动受理，时限照算。")
RECIPIENTS = (Role.DESK, Role.SUPERVISOR)
"""Who should have looked, and who sees to it; the grid manager hears of the order that was opened."""

_named = lazy(named, str)
"""Says a name in the language that is on when it is read: a message is written in both."""


def alarm(*, by: Viewer, report: Report) -> None:
    """Tell the desk and the supervisors who answer for the place today that a report accepted itself.

    Call it inside a transaction. Cost: one query, and one per person.
    """
    told = {"number": report.number, "title": _named(report.category.title, report.category.title_en)}
    link = f"/console?sel=case:{report.pk}"
    for person in answering_for(report.county_id, RECIPIENTS, report.grid_id or report.village_id):
        message(by, person, f"report-{report.pk}-unseen", TEXT, told, link=link)
