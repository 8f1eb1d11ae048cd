"""Alarms as people read them: what is wrong, where, since when; and for staff what was done about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.selectors import people_named
from devices.models import KIND_TITLES, Alarm, AlarmEvent, AlarmLevel
from devices.querysets import WATCHERS
from devices.states import Kind
from dispatch.models import WorkOrder
from kernel import clock
from kernel.clock import written
from kernel.errors import Invalid, NotFound
from kernel.language import named
from kernel.viewer import Role, Viewer
from places.querysets import answering

SOURCE = "devices"
"""Key of alarms as a source of work orders."""

ACTORS = (Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
"""Who acknowledges and snoozes, inside the own jurisdiction; they read what was done."""

NAMED = ("rule", "rule__type", "device", "stream", "village")
"""What the titles are made of."""


@dataclass(frozen=True, slots=True)
class AlarmStep:
    """A step of an alarm; ``who`` is "" for the product."""

    at: str
    move: str
    title: str
    level: int
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class AlarmWork:
    """What staff know of an alarm.

    Attributes:
        order: number of its work order; None where there is none, or none that the viewer may see.
        acts: what the viewer may do now: "send", "acknowledge", "snooze", "wake".
    """

    acknowledged_at: str | None
    snoozed_until: str | None
    escalated_at: str | None
    order: int | None
    acts: tuple[str, ...]
    steps: tuple[AlarmStep, ...]


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm.

    Attributes:
        title: what is wrong where; ``what`` alone.
        kind: of its rule, and in words.
        level: ``AlarmLevel``; 3 is the worst.
        device: number of the device; None for one of a village.
        value: of the reading that raised it, in ``unit``; of a village how many devices.
        parent: number of the storm that it is part of.
        since, cleared: ISO 8601.
        work: None for whoever does not answer for the place.
    """

    id: int
    title: str
    what: str
    kind: str
    kind_title: str
    level: int
    level_title: str
    type: str
    device: int | None
    device_name: str
    village: str
    village_name: str
    stream: int | None
    value: float | None
    text: str
    unit: str
    parent: int | None
    since: str | None
    cleared: str | None
    work: AlarmWork | None


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """Alarms, the worst first, then the newest; ``next`` is the cursor of the following page."""

    alarms: tuple[AlarmRow, ...]
    next: str


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """What of the alarms is asked for; "" and None are everything.

    Attributes:
        is_open: those that stand; else those that are over.
        place: code of a township or village.
    """

    is_open: bool = True
    level: int = 0
    type: str = ""
    place: str = ""
    device: int | None = None


def alarm_title(alarm: Alarm) -> str:
    """What is wrong where, in the language that is spoken; of a storm with how many."""
    what = named(alarm.rule.title, alarm.rule.title_en)
    if alarm.device is not None:
        where = named(alarm.device.name, alarm.device.name_en)
        return _("%(where)s：%(what)s") % {"where": where, "what": what}
    where = named(alarm.village.name, alarm.village.name_en) if alarm.village else ""
    said = {"where": where, "what": what, "n": round(alarm.value or 0)}
    return _("%(where)s：%(what)s（%(n)d 台）") % said


def alarm_key(alarm: Alarm) -> str:
    """What its order is for: the alarm, and where it is looked at ("17.devices:4", "17.village:990521003007")."""
    where = f"devices:{alarm.device_id}" if alarm.device_id else f"village:{alarm.village_id}"
    return f"{alarm.pk}.{where}"


def alarm_of(key: str) -> int:
    """The number of the alarm of an ``alarm_key``."""
    return int(key.partition(".")[0])


def alarm_link(key: str) -> str:
    """Where the alarm of an ``alarm_key`` is looked at: the device, or the village, on the map."""
    return f"/?sel={key.partition('.')[2]}"


def alarm_page(viewer: Viewer, asked: AlarmFilter, after: str = "", limit: int = 50) -> AlarmPage:
    """One page. Cost: four queries.

    Raises:
        Invalid: ``after`` is no ``next`` of an earlier page.
    """
    rows = Alarm.objects.visible_to(viewer).filter(_fits(asked))
    rows = rows.standing() if asked.is_open else rows.filter(cleared_at__isnull=False)
    found = list(rows.filter(_beyond(after)).select_related(*NAMED).order_by("-level", "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return AlarmPage(_rows(viewer, found[:limit]), f"{last.level}-{last.pk}" if last else "")


def _fits(asked: AlarmFilter) -> Q:
    found = Q(level=asked.level) if asked.level else Q()
    if asked.type:
        found &= Q(rule__type=asked.type)
    if asked.place:
        found &= Q(village__code__startswith=asked.place)
    return found & Q(device=asked.device) if asked.device is not None else found


def _beyond(after: str) -> Q:
    if not after:
        return Q()
    level, _dash, key = after.partition("-")
    if not (level.isdecimal() and key.isdecimal() and len(level) == 1 and len(key) < 19):
        raise Invalid(_("不是上一页给出的位置。"), field="cursor")
    return Q(level__lt=int(level)) | Q(level=int(level), pk__lt=int(key))


def alarm_get(viewer: Viewer, alarm: int) -> AlarmRow:
    """One alarm. Cost: four queries.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    found = Alarm.objects.visible_to(viewer).select_related(*NAMED).filter(pk=alarm).first()
    if found is None:
        raise NotFound(_("没有这条告警，或者您不能看。"))
    return _rows(viewer, [found])[0]


def device_alarms(viewer: Viewer, device: int, most: int) -> tuple[AlarmRow, ...]:
    """The newest alarms of a device, those that stand first. Cost: four queries.

    Args:
        viewer: who looks; what was done about them is told to staff of the place.
        device: number of a device that the viewer sees.
        most: how many.
    """
    rows = Alarm.objects.visible_to(viewer).filter(device=device).select_related(*NAMED)
    return _rows(viewer, list(rows.order_by(F("cleared_at").desc(nulls_first=True), "-pk")[:most]))


def is_kept_by(viewer: Viewer, alarm: Alarm, *roles: Role) -> bool:
    """Whether the viewer plays one of ``roles`` and answers for the place of the alarm."""
    return viewer.has_role(*roles) and answering(viewer).covers(alarm.village_id)


def _rows(viewer: Viewer, alarms: Sequence[Alarm]) -> tuple[AlarmRow, ...]:
    watched = [alarm for alarm in alarms if is_kept_by(viewer, alarm, *WATCHERS)]
    steps: dict[int, list[AlarmEvent]] = defaultdict(list)
    events = AlarmEvent.objects.visible_to(viewer).filter(alarm__in=watched).order_by("at", "pk")
    for event in events if watched else ():
        steps[event.alarm_id].append(event)
    people = people_named(event.by_id for events in steps.values() for event in events)
    numbers = [alarm.order_id for alarm in watched if alarm.order_id]
    mine = WorkOrder.objects.visible_to(viewer).filter(pk__in=numbers).values_list("pk", flat=True) if numbers else ()
    orders = set(mine)
    works = {alarm.pk: _work(viewer, alarm, steps[alarm.pk], people, orders) for alarm in watched}
    return tuple(_row(alarm, works.get(alarm.pk)) for alarm in alarms)


def _row(alarm: Alarm, work: AlarmWork | None) -> AlarmRow:
    device, stream, village = alarm.device, alarm.stream, alarm.village
    return AlarmRow(
        id=alarm.pk,
        title=alarm_title(alarm),
        what=named(alarm.rule.title, alarm.rule.title_en),
        kind=alarm.rule.kind,
        kind_title=str(KIND_TITLES[Kind(alarm.rule.kind)]),
        level=alarm.level,
        level_title=str(AlarmLevel(alarm.level).label),
        type=alarm.rule.type_id,
        device=alarm.device_id,
        device_name=named(device.name, device.name_en) if device else "",
        village=alarm.village_id or "",
        village_name=named(village.name, village.name_en) if village else "",
        stream=alarm.stream_id,
        value=alarm.value,
        text=alarm.text,
        unit=stream.unit if stream else "",
        parent=alarm.parent_id,
        since=written(alarm.raised_at),
        cleared=written(alarm.cleared_at),
        work=work,
    )


def _work(
    viewer: Viewer, alarm: Alarm, steps: Sequence[AlarmEvent], people: dict[int, str], orders: set[int]
) -> AlarmWork:
    return AlarmWork(
        acknowledged_at=written(alarm.acknowledged_at),
        snoozed_until=written(alarm.snoozed_until),
        escalated_at=written(alarm.escalated_at),
        order=alarm.order_id if alarm.order_id in orders else None,
        acts=alarm_acts(viewer, alarm),
        steps=tuple(
            AlarmStep(
                at=event.at.astimezone(clock.ZONE).isoformat(timespec="seconds"),
                move=event.move,
                title=str(AlarmEvent.Move(event.move).label),
                level=event.level,
                who=people.get(event.by_id or 0, ""),
                note=event.note,
            )
            for event in steps
        ),
    )


def alarm_acts(viewer: Viewer, alarm: Alarm) -> tuple[str, ...]:
    """What the viewer may do with it now: the buttons."""
    if alarm.cleared_at is not None or not is_kept_by(viewer, alarm, *ACTORS):
        return ()
    is_snoozed = alarm.snoozed_until is not None and alarm.snoozed_until > clock.now()
    may_send = alarm.order_id is None and alarm.parent_id is None
    return (
        *(("send",) if may_send else ()),
        *(() if alarm.acknowledged_at else ("acknowledge",)),
        "wake" if is_snoozed else "snooze",
    )
