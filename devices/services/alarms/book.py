"""Alarms on their way into the tables: steps are gathered, then written in a few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from devices.models import Alarm, AlarmEvent, Device
from devices.sql.alarms import alarm_levels
from devices.states import Pace, Phase, Standing, Step
from devices.telemetry.batch import moment_of, us_of

Make = Callable[[int], Alarm]
"""A new alarm for the row of a series that is its first sign."""

_CHANGING = ("phase", "since", "due_at", "raised_at", "cleared_at", "snoozed_until")


class AlarmBook:
    """What happened to alarms in one transaction.

    Use: ``follow`` for each alarm or what may become one, then ``write`` once. Rows of alarms that exist are locked by
    the caller.

    Attributes:
        devices: keys of those with an alarm that changed.
    """

    def __init__(self, now: dt.datetime) -> None:
        """Begin a book at ``now``, for what somebody has snoozed."""
        self.now = now
        self.devices: set[int] = set()
        self._new: list[Alarm] = []
        self._changed: dict[int, Alarm] = {}
        self._gone: list[int] = []
        self._events: list[AlarmEvent] = []
        self._raised: list[Alarm] = []

    def follow(self, alarm: Alarm | None, pace: Pace, steps: Iterable[Step], make: Make) -> None:
        """Take an alarm, or nothing yet, through its steps."""
        for step in steps:
            if step.to is Phase.PENDING:
                alarm = make(step.row)
                self._new.append(alarm)
            if alarm is None:
                raise RuntimeError(f"a step to {step.to} of no alarm")
            self._take(alarm, pace, step)
            alarm = None if step.to is Phase.OK else alarm

    def _take(self, alarm: Alarm, pace: Pace, step: Step) -> None:
        at = moment_of(step.at)
        alarm.since = at
        if step.to is Phase.OK and step.frm is Phase.PENDING:
            self._forget(alarm)
            return
        alarm.phase = Phase.CLEARED if step.to is Phase.OK else step.to
        ends = pace.ends(step.to, step.at)
        alarm.due_at = None if ends is None else moment_of(ends)
        if (step.frm, step.to) == (Phase.PENDING, Phase.ACTIVE):
            alarm.raised_at = at
            self._raised.append(alarm)
            self.note(alarm, AlarmEvent.Move.RAISED, at)
        if alarm.phase == Phase.CLEARED:
            alarm.cleared_at = at
            self.note(alarm, AlarmEvent.Move.CLEARED, at)
        self._keep(alarm)

    def end(self, alarm: Alarm, at: dt.datetime) -> None:
        """An alarm that nothing watches any more."""
        if alarm.raised_at is None:
            self._forget(alarm)
            return
        alarm.phase, alarm.since, alarm.due_at, alarm.cleared_at = Phase.CLEARED, at, None, at
        self.note(alarm, AlarmEvent.Move.CLEARED, at)
        self._keep(alarm)

    def note(self, alarm: Alarm, move: AlarmEvent.Move, at: dt.datetime) -> None:
        """A step for the record, by the product itself."""
        self._events.append(AlarmEvent(alarm=alarm, at=at, move=move, level=alarm.level))

    def _keep(self, alarm: Alarm) -> None:
        if alarm.pk is not None:
            self._changed[alarm.pk] = alarm
        if alarm.device_id is not None and alarm.raised_at is not None:
            self.devices.add(alarm.device_id)

    def _forget(self, alarm: Alarm) -> None:
        if alarm.pk is None:
            self._new.remove(alarm)
        else:
            self._changed.pop(alarm.pk, None)
            self._gone.append(alarm.pk)

    def write(self, also: Iterable[int] = ()) -> int:
        """Write it all; how many alarms were raised.

        Args:
            also: keys of devices that the transaction is going to write to: their rows are locked with those of the
                alarms, in the order of their keys, so that two writers wait for each other and never cross.

        Cost: at most nine statements, none where nothing happened.
        """
        if not (self._new or self._changed or self._gone):
            return 0
        self._place()
        self._inherit()
        if self._gone:
            Alarm.objects.filter(pk__in=self._gone).delete()
        Alarm.objects.bulk_update(self._changed.values(), _CHANGING, batch_size=500)
        Alarm.objects.bulk_create(sorted(self._new, key=_name), batch_size=1000)
        AlarmEvent.objects.bulk_create(self._events, batch_size=1000)
        if self.devices:
            alarm_levels(sorted(self.devices), sorted(self.devices.union(also)), self.now)
        return len(self._raised)

    def _place(self) -> None:
        """Where the devices of new alarms stand."""
        new = [(alarm, alarm.device_id) for alarm in self._new if alarm.device_id is not None]
        places = Device.objects.filter(pk__in={key for _alarm, key in new}).values_list("pk", "county", "village")
        found = {pk: (county, village) for pk, county, village in places} if new else {}
        for alarm, key in new:
            alarm.county_id, alarm.village_id = found[key]

    def _inherit(self) -> None:
        """Whoever snoozed an alarm is not bothered with the next one of the same rule and thing until then."""
        if not self._raised:
            return
        rules, devices = {one.rule_id for one in self._raised}, {one.device_id for one in self._raised}
        rows = Alarm.objects.filter(rule__in=rules, device__in=devices - {None}, snoozed_until__gt=self.now)
        until = {(one.rule_id, one.device_id, one.stream_id): one.snoozed_until for one in rows.order_by("pk")}
        for alarm in self._raised:
            alarm.snoozed_until = until.get((alarm.rule_id, alarm.device_id, alarm.stream_id), alarm.snoozed_until)


def standing_of(alarm: Alarm | None) -> Standing:
    """Where an alarm stands, for the pure rules."""
    return Standing(Phase(alarm.phase), us_of(alarm.since)) if alarm else Standing()


def _name(alarm: Alarm) -> tuple[int, int, int, str]:
    return (alarm.rule_id, alarm.device_id or 0, alarm.stream_id or 0, alarm.village_id or "")
