"""Reads of devices; each starts from ``visible_to(viewer)``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.gis.db import models
from django.db.models.expressions import Case, Value, When

from devices.states import Phase
from kernel.viewer import Role, Viewer
from places.querysets import answering, jurisdiction

if TYPE_CHECKING:
    from devices.models import Alarm, AlarmEvent, Device

ALARM_STATES = {3: "critical", 2: "warning", 1: "notice"}
"""Level of the worst alarm of a device → its state, worst first."""


def own(viewer: Viewer) -> models.Q:
    """Devices, or alarms, inside the viewer's jurisdiction."""
    return jurisdiction(answering(viewer), "village_id")


class DeviceQuerySet(models.QuerySet["Device"]):
    """Devices."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Published ones for everybody; all of them inside the viewer's jurisdiction."""
        return self.filter(county_id=viewer.county).filter(models.Q(is_published=True) | own(viewer))

    def with_state(self) -> Self:
        """With ``state``, what is drawn, worst first: the level of its alarms, then whether it speaks."""
        alarms = [When(alarm=level, then=Value(word)) for level, word in ALARM_STATES.items()]
        return self.annotate(state=Case(*alarms, default=models.F("status"), output_field=models.CharField()))


WATCHERS = (Role.GRID_MANAGER, Role.DESK, Role.HANDLER, Role.SUPERVISOR, Role.OFFICIAL)
"""Staff who read what was done about alarms of their places; handlers do no more than that."""


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Alarms."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Raised ones of visible devices; those of a whole village where its kind of device is public."""
        shown = models.Q(device__is_published=True) | models.Q(device=None, rule__type__is_public=True)
        return self.filter(county_id=viewer.county, raised_at__isnull=False).filter(shown | own(viewer))

    def standing(self) -> Self:
        """Those that are raised and not over."""
        return self.filter(phase__in=[Phase.ACTIVE, Phase.CLEARING])

    def awake(self, now: dt.datetime) -> Self:
        """Those that nobody has snoozed beyond ``now``."""
        return self.filter(models.Q(snoozed_until=None) | models.Q(snoozed_until__lte=now))


class OfAlarmQuerySet(models.QuerySet["AlarmEvent"]):
    """Steps of alarms."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those of alarms inside the jurisdiction of staff: who did what, and why, is nobody else's business."""
        if not viewer.has_role(*WATCHERS):
            return self.none()
        return self.filter(alarm__county_id=viewer.county).filter(jurisdiction(answering(viewer), "alarm__village_id"))
