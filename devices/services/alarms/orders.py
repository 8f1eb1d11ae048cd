"""Alarms and the work that they make: each opens one order, and tells it when it is right again."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from devices.models import Alarm, AlarmEvent, AlarmLevel
from devices.querysets import AlarmQuerySet
from devices.selectors.alarms import SOURCE, alarm_key, alarm_title
from devices.services.alarms.news import product
from dispatch.services import matter_hold, order_open, order_settle
from dispatch.states import State
from kernel import clock
from kernel.geo import LonLat
from kernel.language import in_both
from places.models import Place

log = logging.getLogger(__name__)

KIND = "device"
"""Which policy of the county counts, where a rule does not say how many working days."""

CLEARED = _("告警已自行恢复，无人签收，系统终止。")
JOINED = _("已并入同村的合并告警，由那一张工单处理。")


def orders_settle() -> int:
    """Open the orders of alarms that have none, and tell those whose alarm is over; how many orders were touched.

    Each in a transaction of its own: one that cannot be opened stops no other. Cost: two queries; more for each.
    """
    touched = sum(_alone(_open, key) for key in _orderless().values_list("pk", flat=True))
    return touched + sum(_alone(_tell, key) for key in _untold().values_list("pk", flat=True))


def orders_due() -> bool:
    """Whether ``orders_settle`` has anything to do. Cost: two queries."""
    return _orderless().exists() or _untold().exists()


def _orderless() -> AlarmQuerySet:
    """Alarms for which an order has to be opened, the oldest first."""
    rows = Alarm.objects.standing().awake(clock.now())
    return rows.filter(order=None, parent=None, rule__opens_order=True).order_by("pk")


def _untold() -> AlarmQuerySet:
    """Alarms that are over, or that a storm has taken over where nobody has signed, and whose order has to hear it."""
    is_joined = Q(parent__isnull=False, order__state__in=[State.OPENED, State.ASSIGNED], order__children=None)
    rows = Alarm.objects.filter(Q(cleared_at__isnull=False) | is_joined, order__isnull=False, order_told_at=None)
    return rows.order_by("pk")


def _alone(act: Callable[[Alarm], bool], key: int) -> bool:
    """Do ``act`` to one alarm, held as ``dispatch`` holds its matter, in a transaction of its own."""
    try:
        with transaction.atomic():
            alarm = Alarm.objects.get(pk=key)
            matter_hold(SOURCE, alarm_key(alarm))
            return act(Alarm.objects.select_for_update().get(pk=key))
    except Exception:
        log.exception("the order of alarm %d could not be settled", key)
        return False


def _open(alarm: Alarm) -> bool:
    if alarm.order_id is not None or alarm.parent_id is not None or alarm.cleared_at is not None:
        return False
    work_open(alarm)
    move = AlarmEvent.Move.ORDERED
    AlarmEvent.objects.create(alarm=alarm, at=clock.now(), move=move, level=alarm.level)
    return True


def work_open(alarm: Alarm) -> None:
    """Open the order of an alarm that has none; it is held as its matter, and so is the row."""
    rule = alarm.rule
    title, title_en = in_both(lambda: alarm_title(alarm))
    alarm.order = order_open(
        by=product(alarm.county_id),
        source=SOURCE,
        source_id=alarm_key(alarm),
        title=title,
        title_en=title_en,
        kind=KIND,
        lonlat=_lonlat(alarm),
        village=alarm.village_id,
        category=rule.type_id,
        is_urgent=alarm.level == AlarmLevel.CRITICAL,
        workdays=rule.workdays,
    )
    alarm.save(update_fields=["order"])


def _lonlat(alarm: Alarm) -> LonLat:
    """Where the device stands; of a village a point inside it. EPSG:4326."""
    if alarm.device is not None:
        return alarm.device.geom.x, alarm.device.geom.y
    inside = Place.objects.filter(pk=alarm.village_id).values_list(PointOnSurface("geom"), flat=True).get()
    return inside.x, inside.y


def _tell(alarm: Alarm) -> bool:
    if alarm.order_told_at is not None:
        return False
    by, key, over = product(alarm.county_id), alarm_key(alarm), alarm.cleared_at
    with translation.override("zh-hans"):
        reason = str(CLEARED if over else JOINED)
    order_settle(by=by, source=SOURCE, source_id=key, reason=reason, over_at=over)
    if over is not None:
        alarm.order_told_at = clock.now()
        alarm.save(update_fields=["order_told_at"])
    return True
