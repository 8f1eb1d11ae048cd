"""What people do about alarms: acknowledge them, snooze them for a while, wake them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from devices.models import Alarm, AlarmEvent
from devices.selectors.alarms import ACTORS, SOURCE, alarm_key, is_kept_by
from devices.services.alarms.orders import work_open
from devices.sql.alarms import alarm_levels
from dispatch.services import matter_hold
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from kernel.viewer import Viewer
from kernel.writing import given
from records.services import audit_write

LONGEST_SNOOZE = dt.timedelta(days=30)
"""What is wrong for longer is a matter of the rule or of the registry."""

_MOST = 200


def alarm_acknowledge(*, by: Viewer, alarm_id: int, note: str = "") -> Alarm:
    """Somebody has seen it and looks after it: it no longer escalates. It clears as before.

    Raises:
        NotSignedIn, NotFound, Forbidden: ``by`` may not.
        Conflict: code "cleared_already" or "acknowledged_already".
        Invalid: the note is too long.
    """

    def act(alarm: Alarm, now: dt.datetime) -> dict[str, list[str | None]]:
        if alarm.acknowledged_at is not None:
            raise Conflict(_("已经有人确认过了。"), code="acknowledged_already")
        _acknowledged(alarm, by, now)
        return {"acknowledged_at": [None, now.isoformat()]}

    return _done(by, alarm_id, AlarmEvent.Move.ACKNOWLEDGED, note, act)


def alarm_signed(*, by: Viewer, alarm_id: int) -> None:
    """Whoever has signed for the order of an alarm looks after it. Call it in the transaction of that move.

    Cost: one query; two more where nobody has acknowledged it before.
    """
    alarm = Alarm.objects.select_for_update().filter(pk=alarm_id, acknowledged_at=None).first()
    if alarm is not None:
        now = clock.now()
        _acknowledged(alarm, by, now)
        move = AlarmEvent.Move.ACKNOWLEDGED
        AlarmEvent.objects.create(alarm=alarm, at=now, move=move, level=alarm.level, by_id=by.user_id)


def _acknowledged(alarm: Alarm, by: Viewer, now: dt.datetime) -> None:
    alarm.acknowledged_at, alarm.acknowledged_by_id = now, by.user_id
    alarm.save(update_fields=["acknowledged_at", "acknowledged_by"])


@transaction.atomic
def alarm_send(*, by: Viewer, alarm_id: int) -> Alarm:
    """Have somebody look after an alarm whose rule opens no order: it gets its one order now.

    Raises:
        NotSignedIn, NotFound, Forbidden: ``by`` may not.
        Conflict: code "cleared_already", or "ordered_already": it has an order, or the storm it is part of.
    """

    def act(alarm: Alarm, _now: dt.datetime) -> dict[str, list[str | None]]:
        if alarm.order_id is not None or alarm.parent_id is not None:
            raise Conflict(_("这条告警已经有工单。"), code="ordered_already")
        work_open(alarm)
        return {"order": [None, str(alarm.order_id)]}

    found = Alarm.objects.visible_to(by).filter(pk=alarm_id).first()
    if found is not None:
        matter_hold(SOURCE, alarm_key(found))  # before the row, as whoever moves the order does
    return _done(by, alarm_id, AlarmEvent.Move.ORDERED, "", act)


def alarm_snooze(*, by: Viewer, alarm_id: int, until: dt.datetime, reason: str) -> Alarm:
    """Bother nobody with it until then: no colour, no order, no escalation; also not when it clears and comes again.

    Of a storm all its alarms are snoozed.

    Raises:
        NotSignedIn, NotFound, Forbidden: ``by`` may not.
        Conflict: code "cleared_already".
        Invalid: no reason, or an end that is past or too far away.
    """
    if not reason.strip():
        raise Invalid(_("请写明搁置的原因。"), code="needs_fields", field="reason")

    def act(alarm: Alarm, now: dt.datetime) -> dict[str, list[str | None]]:
        if not now < until <= now + LONGEST_SNOOZE:
            said = _("搁置到将来的一个时间，最多 %d 天。") % LONGEST_SNOOZE.days
            raise Invalid(said, code="bad_moment", field="until")
        return _snoozed(alarm, until, now)

    return _done(by, alarm_id, AlarmEvent.Move.SNOOZED, reason, act)


def alarm_wake(*, by: Viewer, alarm_id: int) -> Alarm:
    """End the snoozing before its time.

    Raises:
        NotSignedIn, NotFound, Forbidden: ``by`` may not.
        Conflict: code "cleared_already" or "awake_already".
    """

    def act(alarm: Alarm, now: dt.datetime) -> dict[str, list[str | None]]:
        if alarm.snoozed_until is None or alarm.snoozed_until <= now:
            raise Conflict(_("这条告警没有被搁置。"), code="awake_already")
        return _snoozed(alarm, None, now)

    return _done(by, alarm_id, AlarmEvent.Move.WOKEN, "", act)


def _snoozed(alarm: Alarm, until: dt.datetime | None, now: dt.datetime) -> dict[str, list[str | None]]:
    before = alarm.snoozed_until
    alarm.snoozed_until = until
    rows = Alarm.objects.filter(Q(pk=alarm.pk) | Q(parent=alarm.pk, cleared_at=None))
    rows.update(snoozed_until=until)
    devices = sorted(set(rows.filter(device__isnull=False).values_list("device_id", flat=True)))
    if devices:
        alarm_levels(devices, devices, now)
    return {"snoozed_until": [moment.isoformat() if moment else None for moment in (before, until)]}


Act = Callable[[Alarm, dt.datetime], dict[str, list[str | None]]]


@transaction.atomic
def _done(by: Viewer, alarm_id: int, move: AlarmEvent.Move, note: str, act: Act) -> Alarm:
    """Do ``act`` to the locked alarm, with its step and its audit row."""
    if not by.is_signed_in:
        raise NotSignedIn(_("请先登录。"))
    note = given(note)
    if len(note) > _MOST:
        raise Invalid(_("最多 %d 个字。") % _MOST, code="too_long", field="reason")
    rows = Alarm.objects.visible_to(by).select_for_update(of=("self",))
    alarm = rows.filter(pk=alarm_id).first()
    if alarm is None:
        raise NotFound(_("没有这条告警，或者您不能看。"))
    if not is_kept_by(by, alarm, *ACTORS):
        raise Forbidden(_("您没有做这件事的权限。"))
    if alarm.cleared_at is not None:
        raise Conflict(_("这条告警已经恢复。"), code="cleared_already")
    now = clock.now()
    changes = act(alarm, now)
    AlarmEvent.objects.create(alarm=alarm, at=now, move=move, level=alarm.level, by_id=by.user_id, note=note)
    audit_write(by=by, action=f"alarm.{move.value}", obj=alarm, changes=changes)
    return alarm
