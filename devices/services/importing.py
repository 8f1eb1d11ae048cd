"""Devices of a list: added, changed or left as they are, and every row that cannot be taken is told with its reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from devices.models import Device, DeviceType
from devices.services.registry import fill, keeper_require, kind_get
from kernel import clock
from kernel.errors import Invalid, NotFound
from kernel.geo import LonLat
from kernel.viewer import Viewer
from places.models import County
from places.selectors import villages_at
from records.services import audit_write

DEVICE_REASONS = {
    "no_code": gettext_lazy("没有编号"),
    "code_twice": gettext_lazy("编号在文件里重复"),
    "other_type": gettext_lazy("这个编号已经是另一种设备"),
    "bad_position": gettext_lazy("没有位置，或者读不出来"),
    "outside_county": gettext_lazy("位置在本县以外"),
    "bad_text": gettext_lazy("文字太长，或者有不允许的字符"),
}
"""Why a row is not taken; the first that holds."""

TEXTS = ("name", "name_en", "address", "address_en")
"""Of a device, what a list may say."""

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A row of a list.

    Attributes:
        row: its number in the list, for people.
        lonlat: degrees, EPSG:4326; None where the list has none that can be read.
        crs: the system that it was given in.
        texts: of ``TEXTS`` those that the list has; the others stay as they are.
    """

    row: int
    code: str
    lonlat: LonLat | None
    crs: str = "EPSG:4326"
    texts: dict[str, str] = field(default_factory=dict)


class Untaken(NamedTuple):
    """A row that was not taken: its number, its code, and why (``DEVICE_REASONS``)."""

    row: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceImport:
    """What became of the rows of a list."""

    rows: int
    added: int
    changed: int
    same: int
    untaken: tuple[Untaken, ...]


def devices_import(*, by: Viewer, type_key: str, listed: Sequence[ListedDevice], source: str) -> DeviceImport:
    """Add the devices of a list to the county that is looked at, and change those that are there.

    A device is known by its code. Rows that cannot be taken do not stop the others. Cost: one statement for the
    villages, one or two for every 2,000 rows.

    Args:
        by: who keeps the registry.
        type_key: of the kind that all of them are.
        listed: the rows.
        source: name of the list, for the audit.

    Raises:
        Forbidden: ``by`` does not keep the registry.
        NotFound: there is no such county.
        Invalid: code "unknown_type".
    """
    keeper_require(by)
    kind = kind_get(type_key)
    with transaction.atomic():
        county = County.objects.select_for_update().filter(pk=by.county).first()
        if county is None:
            raise NotFound(_("没有代码为“%s”的县。") % by.county, code="unknown_county", field="county")
        work = _Import(by, county, kind)
        done = work.of(listed)
        Device.objects.bulk_create(work.new, batch_size=_AT_ONCE)
        Device.objects.bulk_update(work.changed, _Import.WRITTEN, batch_size=_AT_ONCE)
        changes = {name: [None, value] for name, value in (("source", source[:120]), ("rows", done.rows))}
        counts = {"added": [None, done.added], "changed": [None, done.changed], "untaken": [None, len(done.untaken)]}
        audit_write(by=by, action="device.import", obj=county, changes=changes | counts)
    return done


class _Import:
    """The rows of one list on their way into the registry."""

    WRITTEN = (*TEXTS, "search_text", "village", "crs_source", "geom", "version", "updated_at")

    def __init__(self, by: Viewer, county: County, kind: DeviceType) -> None:
        self._by, self._county, self._kind, self._now = by, county, kind, clock.now()
        self.new: list[Device] = []
        self.changed: list[Device] = []

    def of(self, listed: Sequence[ListedDevice]) -> DeviceImport:
        seen: set[str] = set()
        untaken = []
        rows = Device.objects.select_for_update().filter(county=self._county, code__in={one.code for one in listed})
        there = {device.code: device for device in rows}
        for one, village in zip(listed, self._villages(listed), strict=True):
            device = there.get(one.code)
            reason = self._fault(one, device, seen, village) or self._take(one, device, village or None)
            seen.add(one.code)
            if reason:
                untaken.append(Untaken(one.row, one.code[:40], reason))
        added, changed = len(self.new), len(self.changed)
        return DeviceImport(len(listed), added, changed, len(listed) - added - changed - len(untaken), tuple(untaken))

    def _villages(self, listed: Sequence[ListedDevice]) -> list[str | None]:
        usable = [number for number, one in enumerate(listed) if one.lonlat and _is_position(one.lonlat)]
        found = villages_at(self._by, [listed[number].lonlat or (0, 0) for number in usable])
        villages: list[str | None] = [None] * len(listed)
        for number, village in zip(usable, found, strict=True):
            villages[number] = village
        return villages

    def _fault(self, one: ListedDevice, device: Device | None, seen: set[str], village: str | None) -> str:
        if not one.code:
            return "no_code"
        if one.code in seen:
            return "code_twice"
        if device is not None and device.type_id != self._kind.pk:
            return "other_type"
        if one.lonlat is None or not _is_position(one.lonlat):
            return "bad_position"
        if village is None:
            return "outside_county"
        return ""

    def _take(self, one: ListedDevice, device: Device | None, village: str | None) -> str:
        """Put the row among the new or the changed ones, unless it says what is there; "", or why it cannot be."""
        if device is None:
            made = Device(county=self._county, type=self._kind, code=one.code, is_published=self._kind.is_public)
        else:
            made = copy(device)
            made.version += 1
        made.name = made.name or f"{self._kind.title} {one.code}"
        made.name_en = made.name_en or f"{self._kind.title_en} {one.code}"
        for name, text in one.texts.items():
            setattr(made, name, text)
        lon, lat = one.lonlat or (0, 0)
        made.geom = Point(round(lon, 7), round(lat, 7), srid=4326)
        made.village_id, made.crs_source, made.updated_at = village, one.crs, self._now
        if device is not None and _state(made) == _state(device):
            return ""
        try:
            fill(made)
        except Invalid:
            return "bad_text"
        (self.new if device is None else self.changed).append(made)
        return ""


def _state(device: Device) -> tuple[Any, ...]:
    texts = (getattr(device, name) for name in TEXTS)
    return (*texts, device.village_id, device.crs_source, device.geom.x, device.geom.y)


def _is_position(lonlat: LonLat) -> bool:
    lon, lat = lonlat
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
