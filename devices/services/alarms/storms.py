"""Many alarms of one kind in one village are one storm; what nobody has acknowledged in time is one level worse."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q

from devices.models import Alarm, AlarmEvent, AlarmLevel
from devices.services.alarms.news import supervisors_tell
from devices.states import Kind, Phase

SPAN = dt.timedelta(minutes=5)
"""Alarms of one rule in one village that were raised within this time of each other can be one storm."""


def storms_gather() -> int:
    """Make storms of what belongs together, and put what is raised into those that go on; how many alarms joined.

    Cost: two queries, four more for each village in which alarms join.
    """
    loose = Alarm.objects.standing().filter(parent=None, device__isnull=False, village__isnull=False)
    rows = loose.filter(rule__storm_n__isnull=False).select_related("rule").order_by("raised_at", "pk")
    groups: dict[tuple[int, str | None], list[Alarm]] = defaultdict(list)
    for alarm in rows:
        groups[alarm.rule_id, alarm.village_id].append(alarm)
    storms = {(storm.rule_id, storm.village_id): storm for storm in _storms()} if groups else {}
    joined = 0
    for name, alarms in groups.items():
        storm, most = storms.get(name), alarms[0].rule.storm_n or 0
        if storm is not None:
            members = [one for one in alarms if _moment(one) > storm.since - SPAN]
        else:
            members = _burst(alarms)
            storm = _begun(members) if len(members) > most else None
        if storm is not None and members:
            _join(storm, members)
            joined += len(members)
    return joined


def _storms() -> Sequence[Alarm]:
    """Storms that are not over: alarms of a village by a rule that counts none."""
    return list(Alarm.objects.standing().filter(device=None).exclude(rule__kind=Kind.VILLAGE).select_for_update())


def _burst(alarms: Sequence[Alarm]) -> list[Alarm]:
    """The most alarms that were raised within ``SPAN``; ``alarms`` by the moment of their raising."""
    best: list[Alarm] = []
    start = 0
    for end, alarm in enumerate(alarms, 1):
        while _moment(alarm) - _moment(alarms[start]) > SPAN:
            start += 1
        if end - start > len(best):
            best = list(alarms[start:end])
    return best


def _moment(alarm: Alarm) -> dt.datetime:
    if alarm.raised_at is None:
        raise RuntimeError(f"alarm {alarm.pk} is no raised one")
    return alarm.raised_at


def _begun(members: Sequence[Alarm]) -> Alarm:
    first, at = members[0], _moment(members[-1])
    storm = Alarm.objects.create(
        county_id=first.county_id,
        rule_id=first.rule_id,
        village_id=first.village_id,
        level=max(one.level for one in members),
        phase=Phase.ACTIVE,
        since=at,
        raised_at=at,
    )
    AlarmEvent.objects.create(alarm=storm, at=at, move=AlarmEvent.Move.RAISED, level=storm.level)
    return storm


def _join(storm: Alarm, members: Sequence[Alarm]) -> None:
    Alarm.objects.filter(pk__in=[one.pk for one in members]).update(parent=storm)
    move = AlarmEvent.Move.JOINED
    AlarmEvent.objects.bulk_create(
        AlarmEvent(alarm=one, at=max(storm.since, _moment(one)), move=move, level=one.level) for one in members
    )
    storm.value = storm.children.count()
    storm.save(update_fields=["value"])


def storms_end() -> int:
    """End the storms of which nothing stands any more; how many. Cost: one query, one more for each that goes on."""
    over = []
    for storm in _storms():
        found = storm.children.aggregate(left=Count("pk", filter=Q(cleared_at=None)), at=Max("cleared_at"))
        if found["at"] and not found["left"]:
            over.append((storm, found["at"]))
    for storm, at in over:
        storm.phase, storm.since, storm.cleared_at = Phase.CLEARED, at, at
        storm.save(update_fields=["phase", "since", "cleared_at"])
        AlarmEvent.objects.create(alarm=storm, at=at, move=AlarmEvent.Move.CLEARED, level=storm.level)
    return len(over)


def alarms_escalate(now: dt.datetime) -> int:
    """Make alarms one level worse that nobody has acknowledged in time, once each, and tell supervisors; how many.

    Cost: one query; for each two writes and one per person.
    """
    wait = ExpressionWrapper(F("rule__escalate_s") * dt.timedelta(seconds=1), DurationField())
    rows = (
        Alarm.objects.standing()
        .awake(now)
        .filter(
            parent=None,
            acknowledged_at=None,
            escalated_at=None,
            rule__escalate_s__isnull=False,
            raised_at__lte=now - wait,
        )
    )
    alarms = list(rows.select_related("rule", "device", "village").select_for_update(of=("self",), skip_locked=True))
    for alarm in alarms:
        alarm.level, alarm.escalated_at = min(alarm.level + 1, AlarmLevel.CRITICAL), now
        alarm.save(update_fields=["level", "escalated_at"])
        AlarmEvent.objects.create(alarm=alarm, at=now, move=AlarmEvent.Move.ESCALATED, level=alarm.level)
        supervisors_tell(alarm)
    return len(alarms)
