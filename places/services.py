"""Writes of the places: contacts and supervision phones, and what the base map draws of the places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.phones import normal_number
from kernel.search import search_text
from kernel.viewer import Role, Viewer
from kernel.writing import require, same_version
from places import sql
from places.models import Contact, County, Place
from records.services import audit_write, changes_between

EDITORS = frozenset({Role.VILLAGE_AGENT, Role.GRID_MANAGER, Role.DESK, Role.OFFICIAL})
"""Who keeps contacts, each inside the own jurisdiction."""

CONTACT_FIELDS = (
    *("kind", "title", "title_en", "duty", "duty_en", "number", "mobile", "hours", "hours_en"),
    *("order", "is_published", "place_id"),
)
"""What an editor may set; in a request ``place_id`` is called ``place``."""


def contact_create(*, by: Viewer, place: str, fields: Mapping[str, Any]) -> Contact:
    """Add a contact or supervision phone of the place ``place`` (a code).

    Raises:
        NotSignedIn, Forbidden: ``by`` does not answer for the place.
        Invalid: the place is unknown, or a value is wrong.
    """
    require(by, *EDITORS)
    target = _own_place(by, place)
    with transaction.atomic():
        contact = Contact(county_id=by.county, updated_at=clock.now(), **_clean({**fields, "place": target.code}))
        contact.full_clean(exclude=["county", "place"])
        contact.save(force_insert=True)
        changes = changes_between({}, {name: getattr(contact, name) for name in CONTACT_FIELDS})
        audit_write(by=by, action="contact.create", obj=contact, changes=changes)
    return contact


def contact_update(*, by: Viewer, pk: int, version: int, fields: Mapping[str, Any]) -> Contact:
    """Change a contact; ``version`` is the one that was read.

    Raises:
        NotSignedIn, Forbidden: ``by`` does not answer for its place, or not for the place it shall move to.
        NotFound: there is none for this viewer.
        Conflict: code "version_conflict", somebody else changed it meanwhile.
        Invalid: a value is wrong.
    """
    require(by, *EDITORS)
    with transaction.atomic():
        contact = _locked(by, pk, version)
        before = {name: getattr(contact, name) for name in CONTACT_FIELDS}
        wanted = _clean(fields)
        if "place_id" in wanted:
            _own_place(by, wanted["place_id"])
        for name, value in wanted.items():
            setattr(contact, name, value)
        contact.full_clean(exclude=["county", "place"])
        contact.version += 1
        contact.updated_at = clock.now()
        contact.save()
        changes = changes_between(before, {name: getattr(contact, name) for name in CONTACT_FIELDS})
        audit_write(by=by, action="contact.update", obj=contact, changes=changes)
    return contact


def contact_delete(*, by: Viewer, pk: int, version: int) -> None:
    """Delete a contact; the audit keeps what it said.

    Raises:
        NotSignedIn, Forbidden, NotFound, Conflict: as for ``contact_update``.
    """
    require(by, *EDITORS)
    with transaction.atomic():
        contact = _locked(by, pk, version)
        changes = {name: [getattr(contact, name), None] for name in CONTACT_FIELDS}
        audit_write(by=by, action="contact.delete", obj=contact, changes=changes)
        contact.delete()


def base_rebuild(county: str) -> int:
    """Derive from the places of a county what the base map draws of them, and what they are found by.

    Land, border lines (each edge once, at its highest level) and names are made again; other features of the base map
    stay. Places without a search text get one. To be called by whatever loads places.

    Returns:
        How many base features of the three layers there are.

    Raises:
        NotFound: there is no such county.
    """
    with transaction.atomic():
        if not County.objects.select_for_update().filter(pk=county).exists():
            raise NotFound(_("没有代码为“%s”的县。") % county, code="unknown_county")
        blank = list(Place.objects.filter(county_id=county, search_text="").only("code", "name", "name_en"))
        for place in blank:
            place.search_text = search_text(place.name, place.code, place.name_en)
        Place.objects.bulk_update(blank, ["search_text"], batch_size=500)
        return sql.base_rebuild(county)


def _own_place(by: Viewer, code: str) -> Place:
    place = Place.objects.visible_to(by).filter(pk=code).defer("geom").first()
    if place is None:
        raise Invalid(_("本县没有代码为“%s”的地方。") % code[:20], code="unknown_place", field="place")
    if not by.covers(place.code):
        raise Forbidden(_("“%s”不在您的辖区。") % place.name, code="outside_jurisdiction", field="place")
    return place


def _locked(by: Viewer, pk: int, version: int) -> Contact:
    contact = Contact.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=pk).first()
    if contact is None:
        raise NotFound(_("没有这个联系电话，或者已经删除。"))
    if not by.covers(contact.place_id):
        raise Forbidden(_("这个联系电话不在您的辖区。"), code="outside_jurisdiction")
    same_version(contact.version, version, _("别人刚改过这个联系电话，您的修改没有保存。"))
    return contact


def _clean(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored.

    Raises:
        Invalid: a number that cannot be called, or a field that nobody may set.
    """
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    if "place" in clean:
        clean["place_id"] = clean.pop("place")
    unknown = next((name for name in clean if name not in CONTACT_FIELDS), None)
    if unknown:
        raise Invalid(_("没有“%s”这一项。") % unknown, code="unknown_field", field=unknown)
    if "number" in clean:
        clean["number"] = normal_number(clean["number"])
    if clean.get("mobile"):
        clean["mobile"] = normal_number(clean["mobile"], field="mobile", mobile=True)
    return clean
