"""Who is told when nobody looked at a report in time."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.selectors import answering_for
from incidents.models import Report
from kernel.language import named
from kernel.outbox import channels
from kernel.viewer import Role, Viewer
from records.services import outbox_add

CHANNEL = "inbox"
SUBJECT = _("没有人受理的反映")
TEXT = _("%(number)s“%(title)s”一个工作日没有人受理，已自动受理，时限照算。")
RECIPIENTS = (Role.DESK, Role.SUPERVISOR)
"""Who should have looked, and who sees to it; the grid manager hears of the order that was opened."""


def alarm(*, by: Viewer, report: Report) -> None:
    """Tell the desk and the supervisors who answer for the place today that a report accepted itself.

    Call it inside a transaction. Cost: one query, and one per person.
    """
    if CHANNEL not in channels:
        return
    told = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            title = named(report.category.title, report.category.title_en)
            told[key] = (str(SUBJECT), str(TEXT) % {"number": report.number, "title": title})
    subject, body = told["zh"]
    english = dict(zip(("subject_en", "body_en"), told["en"], strict=True))
    for person in answering_for(report.county_id, RECIPIENTS, report.grid_id or report.village_id):
        outbox_add(
            by=by,
            dedupe_key=f"report-{report.pk}-unseen-{person}",
            channel=CHANNEL,
            recipient=str(person),
            subject=subject,
            body=body,
            data={"kind": "report.unseen", "link": f"/console?sel=case:{report.pk}", **english},
        )
