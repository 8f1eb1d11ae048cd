"""Who is told of alarms; those with an order are heard of through the order."""

from __future__ import annotations

from functools import partial

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.selectors import answering_for
from devices.models import Alarm
from devices.selectors.alarms import alarm_key, alarm_link, alarm_title
from dispatch.services.news import message
from kernel.viewer import Role, Viewer

TEXT = _("告警无人确认，已升级：%(title)s。")


def product(county: str) -> Viewer:
    """The product itself, at work for a county."""
    return Viewer(county=county, label="system")


def supervisors_tell(alarm: Alarm) -> None:
    """Tell the supervisors who answer for the place that nobody has acknowledged an alarm in time.

    Call it inside a transaction, with ``rule``, ``device`` and ``village`` loaded. Cost: one query, one per person.
    """
    title = lazy(partial(alarm_title, alarm), str)()  # said in both languages, when it is read
    link = alarm_link(alarm_key(alarm))
    for person in answering_for(alarm.county_id, [Role.SUPERVISOR], alarm.village_id):
        message(product(alarm.county_id), person, f"alarm-{alarm.pk}-escalated", TEXT, {"title": title}, link=link)
