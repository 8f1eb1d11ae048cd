"""Field checks and their photos: they come from telephones, late, twice, and in any order."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import math
import uuid
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from imagery import sql
from imagery.models import ChangePoint, FieldCheck, FieldPhoto
from imagery.querysets import WRITERS
from imagery.selectors.facts import FAR_M
from imagery.services.moves import point_locked
from imagery.states import Finding, Kind
from kernel import clock
from kernel.errors import Conflict, Invalid
from kernel.geo import LonLat
from kernel.viewer import Viewer
from kernel.writing import given, require
from media.models import State as FileState
from media.pipeline.incoming import Readable, read_limited
from media.pipeline.limits import MAX_PHOTO_BYTES
from media.services import photo_add
from records.services import history_append

CLOCK_AHEAD = dt.timedelta(days=1)
"""By so much a telephone's clock may run ahead."""

LONGEST_WAIT = dt.timedelta(days=60)
"""How old a check may be that comes only now: the longest length of an order (dispatch.models.SlaPolicy)."""


@dataclass(frozen=True, slots=True)
class CheckFields:
    """A field check as a telephone sends it.

    Attributes:
        client_id: made by the telephone; sent twice it is one check.
        at: when they were there.
        lonlat: where they stood, EPSG:4326; ``accuracy_m`` as the telephone says.
        finding: one of ``Finding``; ``kind`` what it is as they saw it, one of ``Kind`` or "".
    """

    client_id: uuid.UUID
    at: dt.datetime
    lonlat: LonLat
    accuracy_m: float
    finding: str
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShotFields:
    """What a telephone says of a photo.

    Attributes:
        client_id: made by the telephone; sent twice it is one photo.
        check_client: ``client_id`` of the check, which may come later.
        azimuth: where the camera looked, degrees clockwise from north.
        sha256: of the file, hex: what came is what was taken.
        lonlat: where it was taken, EPSG:4326, and how exactly; None where the telephone did not know.
    """

    client_id: uuid.UUID
    check_client: uuid.UUID
    azimuth: float
    taken_at: dt.datetime
    sha256: str
    lonlat: LonLat | None = None
    accuracy_m: float | None = None


@transaction.atomic
def check_add(*, by: Viewer, point_id: int, fields: CheckFields) -> FieldCheck:
    """Keep that somebody was there; whatever has become of the point since.

    Returns:
        The check; the first one where it was sent before.

    Raises:
        NotSignedIn, Forbidden, NotFound: ``by`` was not sent there, and does not keep the place.
        Conflict: code "client_id_used".
        Invalid: no position, no time that can be true, no such finding.
    """
    point = _point(by, point_id)
    sql.hold_sent(fields.client_id)
    if (again := FieldCheck.objects.filter(client_id=fields.client_id).first()) is not None:
        _same(again, point, by)
        return again
    note = given(fields.note)
    if fields.finding not in list(Finding):
        raise Invalid(_("没有这个结果。"), field="finding")
    if fields.kind and fields.kind not in list(Kind):
        raise Invalid(_("没有这个类型。"), field="kind")
    if len(note) > 500:
        raise Invalid(_("最多 %d 个字。") % 500, code="too_long", field="note")
    where = _where(fields.lonlat, fields.accuracy_m)
    away = sql.distance_to_m(point.pk, fields.lonlat)
    check = FieldCheck.objects.create(
        point=point,
        client_id=fields.client_id,
        order_id=point.order_id,
        by_id=by.user_id or 0,
        at=_moment(fields.at, "at"),
        received_at=clock.now(),
        geom=where,
        accuracy_m=fields.accuracy_m,
        distance_m=round(away, 1),
        is_far=away > FAR_M,
        finding=fields.finding,
        kind=fields.kind,
        note=note,
    )
    data = {"finding": check.finding, "distance_m": round(away), "is_far": check.is_far}
    history_append(by=by, obj=point, move="checked", states=(point.state, point.state), data=data)
    return check


def check_photo_add(*, by: Viewer, point_id: int, fields: ShotFields, file: Readable, name: str) -> FieldPhoto:
    """Keep a photo from the spot, for whoever sees the point.

    Returns:
        The photo; the first one where it was sent before.

    Raises:
        NotSignedIn, Forbidden, NotFound, Conflict: as ``check_add``.
        Invalid: code "sha256_mismatch": something else came than was taken; no direction; what ``media`` finds wrong.
        TooLarge, UnsupportedType: what ``media`` finds wrong.
    """
    with transaction.atomic():
        point = _point(by, point_id)
        sql.hold_sent(fields.client_id)
        if (again := FieldPhoto.objects.filter(client_id=fields.client_id).first()) is not None:
            _same(again, point, by)
            return again
        if not (math.isfinite(fields.azimuth) and 0 <= fields.azimuth <= 360):
            said = {"name": "azimuth", "low": 0, "high": 360}
            raise Invalid(_("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % said, field="azimuth")
        where = _where(fields.lonlat, fields.accuracy_m or 0) if fields.lonlat else None
        data = read_limited(file, MAX_PHOTO_BYTES)
        if hashlib.sha256(data).hexdigest() != fields.sha256.lower():
            raise Invalid(_("照片没有传完整，请重新上传。"), code="sha256_mismatch", field="sha256")
        return FieldPhoto.objects.create(
            point=point,
            client_id=fields.client_id,
            check_client=fields.check_client,
            photo=photo_add(by=by, file=io.BytesIO(data), name=name, state=FileState.PENDING),
            azimuth=fields.azimuth,
            taken_at=_moment(fields.taken_at, "taken_at"),
            geom=where,
            accuracy_m=fields.accuracy_m if where else None,
            by_id=by.user_id or 0,
        )


def _point(by: Viewer, point_id: int) -> ChangePoint:
    require(by, *WRITERS)
    return point_locked(by, point_id)


def _where(lonlat: LonLat, accuracy_m: float) -> Point:
    lon, lat = lonlat
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 <= accuracy_m < 100_000):
        raise Invalid(_("经度要在 -180…180 之间，纬度要在 -90…90 之间。"), field="lonlat")
    return Point(lon, lat, srid=4326)


def _same(row: FieldCheck | FieldPhoto, point: ChangePoint, by: Viewer) -> None:
    if (row.point_id, row.by_id) != (point.pk, by.user_id):
        raise Conflict(_("这个提交编号已经用过。"), code="client_id_used", field="client_id")


def _moment(at: dt.datetime, field: str) -> dt.datetime:
    now = clock.now()
    if not now - LONGEST_WAIT <= at <= now + CLOCK_AHEAD:
        raise Invalid(_("时间不对，请检查手机的时钟。"), code="bad_moment", field=field)
    return at
