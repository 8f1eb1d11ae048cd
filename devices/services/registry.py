"""Devices, their streams and their tokens."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.services import COMMAND_LINE
from devices import sql
from devices.models import Datastream, Device, DeviceToken, DeviceType, Retention
from devices.selectors.tokens import token_hash
from devices.telemetry.units import is_unit
from kernel import clock, geo
from kernel.errors import Conflict, Invalid, NotFound
from kernel.geo import LonLat
from kernel.search import search_text
from kernel.viewer import Role, Viewer
from kernel.writing import require
from places.models import County
from places.selectors import villages_at
from records.services import audit_write

KEEPERS = (Role.OFFICIAL, Role.ADMIN)
"""Who keeps the registry."""

HANDOVER = dt.timedelta(days=1)
"""So long an old token is good beside the new one, unless told otherwise: time to carry it to the pole."""


def device_register(*, by: Viewer, type_key: str, code: str, name: str, lonlat: LonLat, **fields: Any) -> Device:
    """Add a device at a point of the county that is looked at.

    Args:
        by: who keeps the registry.
        type_key: of a ``DeviceType``.
        code: the county's own number.
        name: for people.
        lonlat: degrees, in the system ``crs`` of ``fields`` (default "EPSG:4326").
        fields: ``name_en``, ``address``, ``address_en``, ``gateway`` (a code), ``is_published``, ``crs``.

    Raises:
        Forbidden: ``by`` does not keep the registry.
        Invalid: an unknown type, gateway or coordinate system, a point outside the county, a text that is missing or
            too long; names the field.
        Conflict: code "code_taken".
    """
    keeper_require(by)
    kind = kind_get(type_key)
    crs = fields.get("crs") or "EPSG:4326"
    lon, lat = geo.to_wgs84(lonlat, crs)
    device = Device(
        county_id=by.county,
        type=kind,
        code=code.strip(),
        name=name.strip(),
        name_en=str(fields.get("name_en") or "").strip(),
        address=str(fields.get("address") or "").strip(),
        address_en=str(fields.get("address_en") or "").strip(),
        is_published=fields.get("is_published", kind.is_public),
        gateway=_gateway(by, fields.get("gateway")),
        village_id=_village(by, lon, lat),
        crs_source=crs,
        geom=Point(lon, lat, srid=4326),
        updated_at=clock.now(),
    )
    fill(device)
    try:
        with transaction.atomic():
            device.save()
            audit_write(by=by, action="device.create", obj=device, changes={"code": [None, device.code]})
    except IntegrityError as error:
        raise Conflict(_("这个编号已经有了。"), code="code_taken", field="code") from error
    return device


def stream_add(*, by: Viewer, device: Device, key: str, title: str, unit: str = "", **fields: Any) -> Datastream:
    """Add a stream to a device; its number is of its retention class, which stays.

    Args:
        by: who keeps the registry.
        device: in the county that is looked at.
        key: what the device calls it.
        title: for people.
        unit: UCUM code; none for words.
        fields: ``title_en``, ``observed_property`` (default: the key), ``is_text``, ``valid_min``, ``valid_max``,
            ``expected_s``, ``retention`` (default: months).

    Raises:
        Forbidden: ``by`` does not keep the registry.
        Invalid: code "unknown_unit"; a text that is missing, too long or no key.
        Conflict: code "key_taken".
    """
    keeper_require(by)
    if unit and not is_unit(unit):
        raise Invalid(_("没有这个单位，请用 UCUM 代码，例如 Cel、m、mg/L。"), code="unknown_unit", field="unit")
    fields.setdefault("observed_property", key)
    (number,) = sql.stream_numbers(int(fields.pop("retention", Retention.MONTHS)))
    stream = Datastream(id=number, device=device, key=key, title=title, unit=unit, **fields)
    fill(stream)
    try:
        with transaction.atomic():
            stream.save(force_insert=True)
            audit_write(by=by, action="device.stream", obj=device, changes={"stream": [None, key]})
    except IntegrityError as error:
        raise Conflict(_("这台设备已经有这个数据流。"), code="key_taken", field="key") from error
    return stream


def token_issue(*, by: Viewer, code: str, handover: dt.timedelta = HANDOVER) -> str:
    """A new token for the device ``code``; those it had end after ``handover``. It is shown this once.

    Raises:
        Forbidden: ``by`` does not keep the registry.
        NotFound: no such device in the county that is looked at.
    """
    keeper_require(by)
    token, now = secrets.token_urlsafe(32), clock.now()
    with transaction.atomic():
        device = Device.objects.select_for_update().filter(county_id=by.county, code=code).first()
        if device is None:
            raise NotFound(_("没有这台设备。"))
        old = DeviceToken.objects.filter(device=device).exclude(ends_at__lt=now + handover)
        ended = old.update(ends_at=now + handover)
        DeviceToken.objects.create(device=device, hash=token_hash(token), made_at=now)
        audit_write(by=by, action="device.token", obj=device, changes={"ended": [None, ended]})
    return token


def tokens_lend(*, by: Viewer, devices: Iterable[Device], until: dt.datetime) -> dict[str, str]:
    """Tokens of many devices that end by themselves; those that the devices have stay good. By code, shown this once.

    Raises:
        Forbidden: ``by`` does not keep the registry.
    """
    keeper_require(by)
    now = clock.now()
    made = {device: secrets.token_urlsafe(32) for device in devices}
    with transaction.atomic():
        DeviceToken.objects.bulk_create(
            DeviceToken(device=device, hash=token_hash(token), made_at=now, ends_at=until)
            for device, token in made.items()
        )
        county = County.objects.get(pk=by.county)
        audit_write(by=by, action="device.tokens", obj=county, changes={"lent": [None, len(made)]})
    return {device.code: token for device, token in made.items()}


def keeper_require(by: Viewer) -> None:
    """Refuse everybody who does not keep the registry; commands are run by whoever may do everything.

    Raises:
        NotSignedIn, Forbidden: ``by`` does not.
    """
    if by.label != COMMAND_LINE:
        require(by, *KEEPERS)


def kind_get(key: str) -> DeviceType:
    """The kind of device ``key``.

    Raises:
        Invalid: code "unknown_type".
    """
    kind = DeviceType.objects.filter(pk=key).first()
    if kind is None:
        raise Invalid(_("没有这种设备类型。"), code="unknown_type", field="type")
    return kind


def fill(row: Device | Datastream) -> None:
    """Check the columns of a row, and fill in those that follow from others.

    Raises:
        Invalid: a text is missing, too long or none of its kind; names the field.
    """
    try:
        row.clean_fields(exclude=["id", "county", "type", "village", "gateway", "device"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(messages), field="geometry" if name == "geom" else name) from None
    if isinstance(row, Device):
        row.search_text = search_text(row.name, row.code, row.name_en)[:400]


def _gateway(by: Viewer, code: object) -> Device | None:
    if not code:
        return None
    gateway = Device.objects.filter(county_id=by.county, code=code).first()
    if gateway is None:
        raise Invalid(_("没有这个网关。"), code="unknown_gateway", field="gateway")
    return gateway


def _village(by: Viewer, lon: float, lat: float) -> str | None:
    (village,) = villages_at(by, [(lon, lat)])
    if village is None:
        raise Invalid(_("这个位置不在本县范围内。"), code="outside_county", field="geometry")
    return village or None
