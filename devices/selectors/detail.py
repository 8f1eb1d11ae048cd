"""One device in full: what it says now, what is wrong with it, what it saw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from devices.models import AlarmRule, Datastream, Device, Latest, Snapshot
from devices.selectors.alarms import AlarmRow, device_alarms
from devices.states import Kind
from kernel.errors import NotFound
from kernel.files import FileKind
from kernel.geo import LonLat
from kernel.viewer import Role, Viewer
from media.selectors import PhotoUrls, photo_urls
from places.querysets import answering

WATCHERS = (Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL)
"""Who sees what the cameras of the own jurisdiction saw. Never the public: people are in the pictures."""

ALARMS_SHOWN = 20
SNAPSHOTS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class LatestValue:
    """The newest reading of a stream; ``quality`` 0 is good, 1 beyond what can be true."""

    ts: str
    value: float | None
    text: str
    quality: int


@dataclass(frozen=True, slots=True)
class DeviceLimit:
    """A limit of a stream, as a line across its chart: wrong from ``on``, right again at ``off``."""

    level: int
    kind: str
    on: float
    off: float


@dataclass(frozen=True, slots=True)
class DeviceStream:
    """A stream with its newest reading.

    Attributes:
        unit: UCUM code; "" for words.
        expected_s: seconds between two readings; None: whenever something happens.
    """

    id: int
    key: str
    title: str
    title_en: str
    unit: str
    is_text: bool
    expected_s: int | None
    latest: LatestValue | None
    lines: tuple[DeviceLimit, ...]


@dataclass(frozen=True, slots=True)
class DevicePicture:
    """What a camera saw."""

    taken_at: str
    urls: PhotoUrls


@dataclass(frozen=True, slots=True)
class DeviceDetail:
    """A device in full.

    Attributes:
        village: code; "" outside every village. Its names, and those of the township, stand beside it.
        state: worst first: "critical", "warning", "notice", then "offline", "online", "unknown"; ``since`` of the
            last three.
        seen_at: its last sign of life.
        stream_url: where its film runs, for those who may watch and where the county has set it; else "".
        may_watch: whether the viewer sees snapshots.
    """

    id: int
    code: str
    name: str
    name_en: str
    type: str
    type_title: str
    type_title_en: str
    icon: str
    village: str
    village_name: str
    village_name_en: str
    township_name: str
    township_name_en: str
    address: str
    address_en: str
    lonlat: LonLat
    state: str
    since: str | None
    seen_at: str | None
    is_published: bool
    streams: tuple[DeviceStream, ...]
    alarms: tuple[AlarmRow, ...]
    snapshots: tuple[DevicePicture, ...]
    stream_url: str
    may_watch: bool


def device_get(viewer: Viewer, pk: int) -> Device:
    """A visible device with its kind, places, ``state`` and last sign of life. Cost: one query.

    Raises:
        NotFound: there is none for this viewer.
    """
    rows = Device.objects.visible_to(viewer).with_state().select_related("type", "village__parent", "seen")
    device = rows.defer("village__geom", "village__parent__geom").filter(pk=pk).first()
    if device is None:
        raise NotFound(_("没有这台设备，或者您不能看。"))
    return device


def device_detail(viewer: Viewer, pk: int) -> DeviceDetail:
    """A device in full. Cost: at most nine queries.

    Raises:
        NotFound: there is none for this viewer.
    """
    device = device_get(viewer, pk)
    may_watch = _watches(viewer, device)
    village, township = device.village, device.village.parent if device.village else None
    seen = getattr(device, "seen", None)
    return DeviceDetail(
        id=device.pk,
        code=device.code,
        name=device.name,
        name_en=device.name_en,
        type=device.type_id,
        type_title=device.type.title,
        type_title_en=device.type.title_en,
        icon=device.type.icon,
        village=device.village_id or "",
        village_name=village.name if village else "",
        village_name_en=village.name_en if village else "",
        township_name=township.name if township else "",
        township_name_en=township.name_en if township else "",
        address=device.address,
        address_en=device.address_en,
        lonlat=(round(device.geom.x, 6), round(device.geom.y, 6)),
        state=device.state,  # type: ignore[attr-defined]  # annotated
        since=_iso(device.since),
        seen_at=_iso(seen.at if seen else None),
        is_published=device.is_published,
        streams=tuple(_streams(device)),
        alarms=device_alarms(viewer, device.pk, ALARMS_SHOWN),
        snapshots=tuple(_snapshots(device)) if may_watch else (),
        stream_url=_film(device) if may_watch else "",
        may_watch=may_watch,
    )


def _answers(viewer: Viewer, device: Device) -> bool:
    return viewer.is_signed_in and answering(viewer).covers(device.village_id)


def _watches(viewer: Viewer, device: Device) -> bool:
    return _answers(viewer, device) and viewer.has_role(*WATCHERS)


def _film(device: Device) -> str:
    return settings.CAMERA_STREAM_URL.replace("{code}", quote(device.code)) if device.type.takes_pictures else ""


def _streams(device: Device) -> Iterable[DeviceStream]:
    newest = {row.stream_id: row for row in Latest.objects.filter(device_id=device.pk)}
    own = Q(device=None) | Q(device=device)
    limits = AlarmRule.objects.filter(
        own, county=device.county_id, type=device.type_id, is_active=True, kind__in=[Kind.ABOVE, Kind.BELOW]
    )
    lines: dict[str, list[DeviceLimit]] = {}
    for rule in limits:
        on = float(rule.on or 0)
        lines.setdefault(rule.key, []).append(
            DeviceLimit(rule.level, rule.kind, on, on if rule.off is None else rule.off)
        )
    for stream in Datastream.objects.filter(device=device).order_by("pk"):
        last = newest.get(stream.pk)
        yield DeviceStream(
            id=stream.pk,
            key=stream.key,
            title=stream.title,
            title_en=stream.title_en,
            unit=stream.unit,
            is_text=stream.is_text,
            expected_s=stream.expected_s,
            latest=LatestValue(last.ts.isoformat(), last.value, last.text, last.quality) if last else None,
            lines=tuple(lines.get(stream.key, ())),
        )


def _snapshots(device: Device) -> Iterable[DevicePicture]:
    for one in Snapshot.objects.filter(device=device).select_related("photo")[:SNAPSHOTS_SHOWN]:
        yield DevicePicture(one.taken_at.isoformat(), photo_urls(one.photo))


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def file_shown(viewer: Viewer, kind: FileKind, pk: int) -> bool | None:
    """The say of devices in ``kernel.files``: what cameras saw is for watchers of the village. Cost: one query."""
    if kind != "photo":
        return None
    shot = Snapshot.objects.filter(photo_id=pk).select_related("device").first()
    return None if shot is None else shot.device.county_id == viewer.county and _watches(viewer, shot.device)
