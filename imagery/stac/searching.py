"""What a search asks for, as rows that the reader may see."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Polygon
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from imagery.models import Scene
from imagery.stac.documents import collection_id
from kernel.errors import Invalid
from kernel.geo import parse_bbox
from kernel.viewer import Viewer
from kernel.writing import storable

LIMIT, LIMIT_MOST = 10, 200
NAMES = ("bbox", "datetime", "ids", "collections", "intersects", "limit", "token")


@dataclass(frozen=True)
class Search:
    """A search, read and checked.

    Attributes:
        area: EPSG:4326.
        times: from and until, both included; None is open.
        skip: scenes of earlier pages.
    """

    area: GEOSGeometry | None
    times: tuple[dt.datetime | None, dt.datetime | None]
    ids: tuple[str, ...]
    collections: tuple[str, ...]
    limit: int
    skip: int


LISTS = ("ids", "collections")


def listed(query: Mapping[str, str]) -> dict[str, Any]:
    """A query as a body has it: its lists are written with commas."""
    return {name: text.split(",") if name in LISTS and text else text for name, text in query.items()}


def read(asked: Mapping[str, Any]) -> Search:
    """A search out of a body (JSON), or of a query (texts) that is ``listed``; null or empty text is as if not there.

    Raises:
        Invalid: an unknown member, or one that cannot be read.
    """
    for name in asked:
        if name not in NAMES:
            raise Invalid(_("没有参数“%s”。") % str(name)[:60], code="unknown_parameter", field=str(name)[:60])
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    if "bbox" in given and "intersects" in given:
        raise Invalid(_("bbox 和 intersects 只能给一个。"), field="intersects")
    return Search(
        area=_area(given),
        times=_times(given["datetime"]) if "datetime" in given else (None, None),
        **{name: _words(given, name) for name in LISTS},
        limit=_number(given, "limit", LIMIT, 1, LIMIT_MOST),
        skip=_number(given, "token", 0, 0, 1_000_000),
    )


def offered(viewer: Viewer) -> QuerySet[Scene]:
    """The scenes in use that the viewer may see."""
    return Scene.objects.visible_to(viewer).filter(status=Scene.Status.READY)


def rows(viewer: Viewer, search: Search) -> QuerySet[Scene]:
    """All offered scenes that fit, the newest first."""
    found = offered(viewer).order_by("-acquired_at", "pk")
    if search.area is not None:
        found = found.filter(footprint__intersects=search.area)
    if search.ids:
        found = found.filter(key__in=search.ids)
    if search.collections:
        sensors = {
            one for one in found.order_by().values_list("sensor", flat=True) if collection_id(one) in search.collections
        }
        found = found.filter(sensor__in=sensors)
    start, end = search.times
    found = found.filter(acquired_at__gte=start) if start else found
    return found.filter(acquired_at__lte=end) if end else found


def _area(given: Mapping[str, Any]) -> GEOSGeometry | None:
    if "bbox" in given:
        box = given["bbox"]
        parts = box.split(",") if isinstance(box, str) else box
        if not isinstance(parts, list) or len(parts) not in (4, 6):
            raise Invalid(_("范围要写成 西,南,东,北 四个数。"), field="bbox")
        flat = parts if len(parts) == 4 else [*parts[:2], *parts[3:5]]
        outline = Polygon.from_bbox(parse_bbox(",".join(map(str, flat))))
        return GEOSGeometry(outline.convex_hull.wkb, srid=4326)  # without width or height a line or a point
    return _shape(given["intersects"]) if "intersects" in given else None


def _shape(given: Any) -> GEOSGeometry:
    try:
        area = GEOSGeometry(json.dumps(json.loads(given) if isinstance(given, str) else given), srid=4326)
    except (GEOSException, GDALException, ValueError, TypeError, RecursionError) as error:
        raise Invalid(_("intersects 要是 GeoJSON 的几何图形。"), field="intersects") from error
    if not area.valid or "EMPTY" in area.wkt:  # an empty ring is valid to GEOS, and an error to PostGIS
        raise Invalid(_("intersects 要是 GeoJSON 的几何图形。"), field="intersects", hint=area.valid_reason)
    return area


def _times(given: Any) -> tuple[dt.datetime | None, dt.datetime | None]:
    """A moment of RFC 3339, or two with a slash between, one of which may be open: ".." or nothing."""
    parts = str(given).split("/")
    if len(parts) == 1:
        parts *= 2
    try:
        start, end = (None if part in ("", "..") else _moment(part) for part in parts)
        if not (start or end) or (start and end and end < start):
            raise ValueError
    except ValueError:
        said = _("datetime 要写成 2026-03-08T00:00:00Z，或者用 / 隔开的起止时间。")
        raise Invalid(said, field="datetime") from None
    return start, end


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""RFC 3339, 5.6; ``fromisoformat`` takes weeks, and digits without anything between, as well."""


def _moment(text: str) -> dt.datetime:
    written = text.replace(" ", "+").upper()  # a plus that nobody encoded comes as a space
    if not _MOMENT.fullmatch(written):
        raise ValueError(text)
    return dt.datetime.fromisoformat(written)


def _words(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    words = given.get(name) or []
    if not isinstance(words, list) or len(words) > LIMIT_MOST or not all(isinstance(one, str) for one in words):
        raise Invalid(_("“%s”要是一列标识。") % name, field=name)
    return tuple(storable(one, name) for one in words)


def _number(given: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    text = str(given.get(name, default))
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and int(text) >= low):
        said = _("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % {"name": name, "low": low, "high": high}
        raise Invalid(said, field=name)
    return min(int(text), high)
