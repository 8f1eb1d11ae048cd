"""Who is told when nobody looked at a report in time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Report
from kernel.outbox import channels
from kernel.viewer import Role, Viewer
from records.services import outbox_add

CHANNEL = "inbox"
TEXT = _("%(number)s“%(title)s”一个工作日没有人受理，已自动受理，时限照算。")


def alarm(*, by: Viewer, report: Report) -> None:
    """Tell the desk and the supervisors of the place that a report accepted itself. Cost: one query, one per person.

    Call it inside a transaction.
    """
    if CHANNEL not in channels:
        return
    places = [code for code in (report.county_id, (report.village_id or "")[:9], report.village_id) if code]
    people = User.objects.filter(
        county_id=report.county_id,
        role__in=[Role.DESK, Role.SUPERVISOR],
        is_active=True,
        jurisdictions__place_id__in=places,
    )
    for key in people.values_list("pk", flat=True).distinct():
        outbox_add(
            by=by,
            dedupe_key=f"report-{report.pk}-unseen-{key}",
            channel=CHANNEL,
            recipient=str(key),
            subject=str(_("没有人受理的反映")),
            body=str(TEXT) % {"number": report.number, "title": report.category.title},
            data={"kind": "report.unseen", "link": f"/console?sel=case:{report.pk}"},
        )
