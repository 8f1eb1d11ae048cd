"""Who is told of alarms, and in which words; those with an order are heard of through the order."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.selectors import answering_for
from devices.models import Alarm
from devices.selectors.alarms import alarm_key, alarm_link, alarm_title
from kernel.outbox import channels
from kernel.viewer import Role, Viewer
from records.services import outbox_add

CHANNEL = "inbox"
SUBJECT = _("告警无人确认，已升级")


def product(county: str) -> Viewer:
    """The product itself, at work for a county."""
    return Viewer(county=county, label="system")


def supervisors_tell(alarm: Alarm) -> None:
    """Tell the supervisors who answer for the place that nobody has acknowledged an alarm in time.

    Call it inside a transaction, with ``rule``, ``device`` and ``village`` loaded. Cost: one query, one per person.
    """
    if CHANNEL not in channels:
        return
    told = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            told[key] = (str(SUBJECT), alarm_title(alarm))
    subject, body = told["zh"]
    english = dict(zip(("subject_en", "body_en"), told["en"], strict=True))
    for person in answering_for(alarm.county_id, [Role.SUPERVISOR], alarm.village_id):
        outbox_add(
            by=product(alarm.county_id),
            dedupe_key=f"alarm-{alarm.pk}-escalated-{person}",
            channel=CHANNEL,
            recipient=str(person),
            subject=subject,
            body=body,
            data={"kind": "alarm.escalated", "link": alarm_link(alarm_key(alarm)), **english},
        )
