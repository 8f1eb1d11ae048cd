"""The devices of a place: how many of each kind, and what is wrong with some of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from devices.models import Alarm, Device
from devices.querysets import ALARM_STATES, DeviceQuerySet
from kernel import kept
from kernel.kept import given
from kernel.language import named
from kernel.viewer import Viewer
from places.querysets import VILLAGE_DIGITS

STATE_TITLES = {
    "critical": _("告警"),
    "warning": _("留意"),
    "notice": _("提示"),
    "offline": _("离线"),
    "online": _("运行正常"),
    "unknown": _("未上报"),
}
"""What people call the states of ``with_state``, worst first."""

WRONG_MOST = 10
"""Devices that are named: more than that are looked at on the map."""


@dataclass(frozen=True, slots=True)
class KindOfPlace:
    """The devices of a kind; ``alarming`` and ``offline`` are among ``total``, and no device is both."""

    key: str
    title: str
    icon: str
    total: int
    alarming: int
    offline: int


@dataclass(frozen=True, slots=True)
class WrongDevice:
    """A device that alarms or is silent.

    Attributes:
        state: as on the map.
        since: when its worst alarm was raised, or it fell silent.
    """

    id: int
    name: str
    kind: str
    icon: str
    state: str
    since: dt.datetime | None


@dataclass(frozen=True, slots=True)
class DevicesOfPlace:
    """The devices of a place, kinds in their order; the worst of those with which something is wrong first."""

    kinds: tuple[KindOfPlace, ...]
    wrong: tuple[WrongDevice, ...]


def devices_of_place(viewer: Viewer, code: str) -> DevicesOfPlace:
    """The devices of a place that exist for the viewer; those of a grid are its village's.

    Cost: one query, a second where something is wrong.
    """
    whole, village = code == viewer.county, code[:VILLAGE_DIGITS]
    counted = kept.rows(_counted, viewer, whole, village=village)
    kinds = tuple(
        KindOfPlace(key, named(title, title_en), icon, total, alarming, offline)
        for key, title, title_en, icon, total, alarming, offline in counted
    )
    is_wrong = any(kind.alarming or kind.offline for kind in kinds)
    wrong = kept.rows(_wrong, viewer, whole, village=village) if is_wrong else []
    return DevicesOfPlace(kinds, tuple(_line(*row) for row in wrong))


def _of_place(viewer: Viewer, whole: bool) -> DeviceQuerySet:
    rows = Device.objects.visible_to(viewer).with_state()
    return rows if whole else rows.filter(village__code__startswith=given("village"))


_ALARMING, _OFFLINE = Q(state__in=ALARM_STATES.values()), Q(state="offline")


def _counted(viewer: Viewer, whole: bool) -> QuerySet[Device, Any]:
    kinds = _of_place(viewer, whole).order_by("type__order", "type_id")
    counts = {"n": Count("pk"), "alarming": Count("pk", filter=_ALARMING), "silent": Count("pk", filter=_OFFLINE)}
    named_by = ("type_id", "type__title", "type__title_en", "type__icon")
    found: QuerySet[Device, Any] = kinds.values(*named_by).annotate(**counts).values_list(*named_by, *counts)
    return found


def _wrong(viewer: Viewer, whole: bool) -> QuerySet[Device, Any]:
    raised = Alarm.objects.standing().filter(device=OuterRef("pk"), level=OuterRef("alarm"))
    begun = Coalesce(Subquery(raised.order_by("raised_at").values("raised_at")[:1]), F("since"))
    rows = _of_place(viewer, whole).filter(_ALARMING | _OFFLINE).annotate(begun=begun)
    rows = rows.order_by("-alarm", "-begun", "pk")
    shown = ("pk", "name", "name_en", "type__title", "type__title_en", "type__icon", "state", "begun")
    return rows.values_list(*shown)[:WRONG_MOST]


def _line(
    pk: int, name: str, name_en: str, title: str, title_en: str, icon: str, state: str, since: dt.datetime | None
) -> WrongDevice:
    return WrongDevice(pk, named(name, name_en), named(title, title_en), icon, state, since)
