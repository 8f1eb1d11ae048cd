"""Writes of facilities: each inside the jurisdiction, with its audit row, against the version that was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from facilities.models import Category, Facility, FacilityPhoto
from facilities.selectors import EDITORS, category_check, may_edit
from kernel import clock, geo
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.geo import LonLat
from kernel.phones import normal_number
from kernel.search import search_text
from kernel.viewer import Viewer
from kernel.writing import require, same_version, storable, version_given
from media.models import Photo
from places.models import Level, Place
from places.selectors import place_at
from records.services import audit_write, changes_between

PLAIN = ("name", "name_en", "code", "status", "address", "hours", "hours_en", "manager", "is_published")
PHONES = ("phone", "manager_mobile")
FIELDS = frozenset({*PLAIN, *PHONES, "category", "village", "services", "lonlat", "crs"})
"""What an editor may set. ``lonlat`` is in the system ``crs``; ``village`` follows from the point where left out."""

KEPT = (*PLAIN, *PHONES, "category_id", "village_id", "services", "geom", "crs_source")
"""Columns whose changes the audit keeps."""

PRIVATE = frozenset({"manager", "manager_mobile"})
"""Columns of which the audit keeps only that they changed."""

SERVICES_MOST, SERVICE_LONGEST, PHOTOS_MOST = 12, 30, 20

CRS = tuple(geo.FROM)
"""Coordinate systems that are taken."""


def facility_create(*, by: Viewer, fields: Mapping[str, Any]) -> Facility:
    """Add a facility in the county that is looked at.

    Raises:
        NotSignedIn, Forbidden: ``by`` does not keep facilities there.
        Invalid: something is missing, unknown or wrong; names the field.
        Conflict: code "code_taken".
    """
    require(by, *EDITORS)
    for name in ("name", "category", "lonlat"):
        if not fields.get(name):
            raise Invalid(_("这一项必须填写。"), code="required", field=_called(name))
    with transaction.atomic():
        facility = Facility(county_id=by.county)
        _apply(by, facility, fields)
        _check_area(by, facility.village_id, field="geometry")
        _save(facility, is_new=True)
        audit_write(by=by, action="facility.create", obj=facility, changes=_changes({}, _state(facility)))
    return facility


def facility_update(*, by: Viewer, pk: int, version: int | None, fields: Mapping[str, Any]) -> Facility:
    """Change what is given of a facility; ``version`` is the one that was read.

    Raises:
        NotSignedIn, Forbidden: ``by`` does not keep it, or not the place that it moves to.
        NotFound: there is none for this viewer.
        Conflict: code "version_conflict" or "code_taken".
        Invalid: a value is wrong; names the field.
    """
    require(by, *EDITORS)
    with transaction.atomic():
        facility = _locked(by, pk, version)
        before = _state(facility)
        _apply(by, facility, fields)
        if facility.village_id != before["village_id"]:
            _check_area(by, facility.village_id, field="geometry")
        changes = _changes(before, _state(facility))
        if changes:
            _save(facility)
            audit_write(by=by, action="facility.update", obj=facility, changes=changes)
    return facility


def facility_unpublish(*, by: Viewer, pk: int, version: int | None) -> Facility:
    """Take a facility off the map. The row stays for those who keep it, and can be published again.

    Raises:
        NotSignedIn, Forbidden, NotFound, Conflict: as for ``facility_update``.
    """
    return facility_update(by=by, pk=pk, version=version, fields={"is_published": False})


class Captioned(NamedTuple):
    """An uploaded photo, and what is written under it."""

    photo: int
    caption: str = ""
    caption_en: str = ""


def facility_photos_set(*, by: Viewer, pk: int, version: int | None, photos: Sequence[Captioned]) -> Facility:
    """Show these photos of a facility, in this order, in place of those it had.

    Args:
        by: who keeps the facility.
        pk: of the facility.
        version: that was read.
        photos: uploaded photos of the county.

    Raises:
        NotSignedIn, Forbidden, NotFound, Conflict: as for ``facility_update``.
        Invalid: an unknown photo, the same twice, too many, an over-long caption.
    """
    require(by, *EDITORS)
    wanted = [one.photo for one in photos]
    with transaction.atomic():
        facility = _locked(by, pk, version)
        had = list(FacilityPhoto.objects.filter(facility=facility).values_list("photo_id", flat=True))
        _check_photos(by, photos, had)
        FacilityPhoto.objects.filter(facility=facility).delete()
        FacilityPhoto.objects.bulk_create(
            FacilityPhoto(
                facility=facility, photo_id=one.photo, caption=one.caption, caption_en=one.caption_en, order=order
            )
            for order, one in enumerate(photos, start=1)
        )
        _save(facility)
        audit_write(by=by, action="facility.photos", obj=facility, changes={"photos": [had, wanted]})
    return facility


def _check_area(by: Viewer, village: str | None, *, field: str = "") -> None:
    if may_edit(by, village):
        return
    place = Place.objects.filter(pk=village).values_list("name", flat=True).first() or _("各村以外")
    raise Forbidden(_("“%s”不在您的辖区。") % place, code="outside_jurisdiction", field=field)


def _locked(by: Viewer, pk: int, version: int | None) -> Facility:
    facility = Facility.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=pk).first()
    if facility is None:
        raise NotFound(_("没有这个设施，或者您不能看。"))
    _check_area(by, facility.village_id)
    same_version(facility.version, version_given(version), _("别人刚刚改过这个设施，您的修改没有保存。"))
    return facility


def _apply(by: Viewer, facility: Facility, fields: Mapping[str, Any]) -> None:
    """Put values on ``facility``; nothing is saved."""
    unknown = next((name for name in fields if name not in FIELDS), None)
    if unknown:
        raise Invalid(_("没有“%s”这一项。") % unknown[:30], code="unknown_field", field=unknown[:30])
    for name in fields:
        if name in _READ:
            setattr(facility, name, _READ[name](name, fields[name]))
    if "lonlat" in fields:
        _move(by, facility, fields["lonlat"], fields.get("crs") or "EPSG:4326")
    if {"lonlat", "village"} & set(fields):
        facility.village_id = _village(by, facility, fields)


def _text(name: str, value: str) -> str:
    """One line, without blanks around it."""
    return " ".join(storable(value, name).split())


def _phone(name: str, value: str) -> str:
    return normal_number(value, field=name, mobile=name == "manager_mobile") if value.strip() else ""


def _category(name: str, key: str) -> Category:
    return category_check(key)


def _services(name: str, services: Sequence[str]) -> list[str]:
    """Short texts, without blanks and repetitions."""
    texts = list(dict.fromkeys(text for text in (_text(name, one) for one in services) if text))
    if len(texts) > SERVICES_MOST:
        raise Invalid(_("服务内容最多 %d 项。") % SERVICES_MOST, field="services")
    if any(len(text) > SERVICE_LONGEST for text in texts):
        raise Invalid(_("每项服务最多 %d 个字。") % SERVICE_LONGEST, field="services")
    return texts


_READ: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(PLAIN, _text),
    **dict.fromkeys(PHONES, _phone),
    "is_published": lambda name, value: bool(value),
    "category": _category,
    "services": _services,
}
"""How a value becomes that of its column."""


def _move(by: Viewer, facility: Facility, lonlat: LonLat, crs: str) -> None:
    if crs not in geo.FROM:
        known = "、".join(CRS)
        raise Invalid(_("不认识坐标系“%s”。") % crs[:20], code="unknown_crs", field="crs", hint=known)
    lon, lat = lonlat
    if abs(lon) > 180 or abs(lat) > 90:
        raise _outside(by, lon, lat)
    lon, lat = geo.FROM[crs]((lon, lat))
    facility.geom = Point(round(lon, 7), round(lat, 7), srid=4326)
    facility.crs_source = crs


def _village(by: Viewer, facility: Facility, fields: Mapping[str, Any]) -> str | None:
    """Code of the village at the position of ``facility``; None where no village reaches.

    Raises:
        Invalid: code "outside_county", or "wrong_village" when another village was given.
    """
    lon, lat = facility.geom.x, facility.geom.y
    try:
        place = place_at(by, lon, lat).place
    except NotFound:
        raise _outside(by, lon, lat) from None
    found = place.code if place.level == Level.VILLAGE else None
    if fields.get("village") not in (None, "", found):
        said = _("位置和所在村对不上：这个位置在“%s”。") % place.name
        hint = _("请移动位置，或者把所在村改成 %s。") % (found or _("空"))
        raise Invalid(said, code="wrong_village", field="village", hint=hint)
    return found


def _outside(by: Viewer, lon: float, lat: float) -> Invalid:
    """The refusal of a point outside the county; says so when longitude and latitude seem swapped."""
    hint = _("请在地图上重新选择位置。")
    if abs(lat) <= 180 and abs(lon) <= 90:
        try:
            place_at(by, lat, lon)
            hint = _("经度和纬度可能写反了：先写经度，再写纬度。")
        except NotFound:
            pass
    return Invalid(_("这个位置不在本县范围内。"), code="outside_county", field="geometry", hint=hint)


def _save(facility: Facility, *, is_new: bool = False) -> None:
    """Check the columns and write them.

    Raises:
        Invalid: a value is too long or none of the choices.
        Conflict: code "code_taken".
    """
    try:
        facility.clean_fields(exclude=["county", "category", "village", "services"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(messages), field=_called(name)) from None
    facility.search_text = search_text(facility.name, facility.code, facility.name_en)[:400]
    facility.updated_at = clock.now()
    facility.version += 0 if is_new else 1
    try:
        with transaction.atomic():
            facility.save(force_insert=is_new)
    except IntegrityError as error:
        if "facility_code_once" not in str(error):
            raise
        said = _("编号“%s”已经用于另一个设施。") % facility.code
        raise Conflict(said, code="code_taken", field="code") from None


def _check_photos(by: Viewer, photos: Sequence[Captioned], had: Sequence[int]) -> None:
    wanted = {one.photo for one in photos}
    if len(photos) > PHOTOS_MOST:
        raise Invalid(_("最多 %d 张照片。") % PHOTOS_MOST, field="photos")
    if len(wanted) < len(photos):
        raise Invalid(_("同一张照片只能放一次。"), field="photos")
    for one in photos:
        for text, most in ((one.caption, 120), (one.caption_en, 240)):
            if len(text) > most or "\x00" in text:
                raise Invalid(_("照片说明最多 %d 个字。") % most, field="photos")
    known = {*had, *Photo.objects.kept_by(by).filter(pk__in=wanted).values_list("pk", flat=True)}
    if missing := sorted(wanted - known):
        raise Invalid(_("没有编号为 %s 的照片。") % missing[0], code="unknown_photo", field="photos")


def _state(facility: Facility) -> dict[str, Any]:
    return {name: getattr(facility, name) for name in KEPT}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    changes = changes_between(before, after)
    return {name: ["…", "…"] if name in PRIVATE else pair for name, pair in changes.items()}


def _called(name: str) -> str:
    """What the API calls a column."""
    return {"lonlat": "geometry", "geom": "geometry", "category_id": "category"}.get(name, name)
