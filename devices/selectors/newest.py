"""The newest value of each device that the map shows: of one of its streams, in a box, or since something was seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.gis.geos import Polygon
from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext as _

from devices.models import Datastream, Device
from devices.selectors.streams import REGISTRY
from devices.sql import newest as sql
from devices.telemetry.batch import Ints
from kernel import live
from kernel.errors import Invalid
from kernel.geo import Bbox
from kernel.viewer import Viewer
from layers import ledger

MOST = 5_000
"""Devices in a box: five times what fits on a screen singly."""

GAP = 128
"""Streams are read in runs of numbers. To read on over so many others costs two pages of the table, to look a number up
in the index three."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The stream of each device that the map shows.

    Attributes:
        stream: device → stream.
        unit: stream → its unit as JSON.
    """

    stream: dict[int, int]
    unit: dict[int, str]


_kept: tuple[object, _Shown] | None = None


def _shown() -> _Shown:
    """As it is now. Cost: one query, from an index alone; two after the registry has changed."""
    global _kept
    version = sorted(ledger.counts(ledger.tables(REGISTRY)).items())
    if _kept is None or _kept[0] != version:
        named = When(key=F("device__type__shown"), then=Value(0))
        others = Case(named, default=Value(1), output_field=IntegerField())
        rows = Datastream.objects.order_by("device_id", others, "pk").distinct("device_id")
        found = list(rows.values_list("device_id", "pk", "unit"))
        units = {unit: json.dumps(unit) for _device, _stream, unit in found}
        streams = {device: stream for device, stream, _unit in found}
        _kept = (version, _Shown(streams, {stream: units[unit] for _device, stream, unit in found}))
    return _kept[1]


def newest_in(viewer: Viewer, bbox: Bbox, seen: str = "") -> live.Shown:
    """The newest values of the devices in a box that exist for the viewer, each as a JSON object.

    Args:
        viewer: who looks.
        bbox: EPSG:4326, degrees.
        seen: of an earlier answer: only what was written since.

    Cost: three queries, one more after the registry has changed; history does not matter.

    Raises:
        Invalid: code "too_many": more than ``MOST`` devices.
    """
    box = Polygon.from_bbox(bbox)
    box.srid = 4326
    inside = Device.objects.visible_to(viewer).filter(geom__bboverlaps=box).order_by()
    devices = list(inside.values_list("pk", flat=True)[: MOST + 1])
    if len(devices) > MOST:
        raise Invalid(_("这个范围里的设备太多，请放大地图。"), code="too_many", field="bbox")
    shown = _shown()
    streams = np.unique(np.array([shown.stream[device] for device in devices if device in shown.stream], np.int64))
    now, rows = sql.newest_of(streams.tolist(), _runs(streams), seen)
    return live.Shown(now, [_text(row, shown) for row in rows])


def _runs(streams: Ints) -> list[tuple[int, int]]:
    """First and last of each run of numbers, ascending, with gaps of at most ``GAP``."""
    if not len(streams):
        return []
    ends = np.flatnonzero(np.diff(streams) > GAP)
    firsts, lasts = np.append(0, ends + 1), np.append(ends, len(streams) - 1)
    return list(zip(streams[firsts].tolist(), streams[lasts].tolist(), strict=True))


def newest_since(seen: str) -> live.Written:
    """Everybody's newest values that were written since something was ``seen``.

    Cost: three queries, one more after the registry has changed. One reads all of ``Latest``, 6 ms for 50,000 streams.
    """
    shown = _shown()
    now, found = sql.newest_since(seen)
    rows = [row for row in found if row[0] in shown.unit]
    places = sql.positions([row[1] for row in rows]) if rows else {}
    return live.Written(
        now, [live.Value(row[1], places[row[1]], _text(row, shown)) for row in rows if row[1] in places]
    )


def visible_among(viewer: Viewer, devices: Sequence[int]) -> set[int]:
    """Those of the devices that exist for the viewer. Cost: one query."""
    return set(Device.objects.visible_to(viewer).filter(pk__in=devices).order_by().values_list("pk", flat=True))


def as_list(texts: Iterable[str]) -> str:
    """A JSON array of JSON objects."""
    return f"[{','.join(texts)}]"


def _text(row: sql.NewestRow, shown: _Shown) -> str:
    stream, device, moment, value, word, quality = row[:6]
    said = json.dumps(word if value is None else value, ensure_ascii=False)
    return (
        f'{{"id":{device},"stream":{stream},"ts":"{moment}","value":{said},"unit":{shown.unit[stream]},'
        f'"quality":{quality}}}'
    )
