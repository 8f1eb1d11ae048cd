"""The sections that places themselves bring to the panel: whom to call, and the villages of a township."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from kernel import panel
from kernel.language import named
from kernel.panel import PanelSection, Phone, PlaceRef
from kernel.viewer import Viewer
from places.models import Contact, Level
from places.selectors import place_contacts, villages_of


def _phones(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    """Whom to call: supervision phones (of the works first), then contacts, the nearest level first."""
    rows = place_contacts(viewer, place.code, with_those_inside=place.level == Level.TOWNSHIP)
    rows.sort(key=lambda row: _nearness(row.place_id, place.code))
    works = [phone for source in panel.phone_sources for phone in source.find(viewer, place)]
    phones = works + [Phone(number=row.number, **_said(row)) for row in rows if row.kind == "supervision"]
    return {
        "supervision": [
            {"title": phone.title, "number": phone.number, "duty": phone.duty, "hours": phone.hours}
            for phone in dict.fromkeys(phones)
        ],
        "contacts": [_contact_json(row) for row in rows if row.kind == "contact"],
    }


def _nearness(code: str, place: str) -> int:
    """0 = of the place itself, then outwards; what lies inside it comes last."""
    return len(place) - len(code) if place.startswith(code) else 100


def _said(row: Contact) -> dict[str, str]:
    """Who it is, what for and when, in the language of the reader."""
    return {
        "title": named(row.title, row.title_en),
        "duty": named(row.duty, row.duty_en),
        "hours": named(row.hours, row.hours_en),
    }


def _contact_json(row: Contact) -> dict[str, str]:
    name = named(row.place.name, row.place.name_en)
    return {"level": row.place.level, "name": name, "number": row.number, **_said(row)}


def _villages(viewer: Viewer, place: PlaceRef) -> dict[str, Any] | None:
    if place.level != Level.TOWNSHIP:
        return None
    return {"items": [{"code": line.code, "name": line.name} for line in villages_of(viewer, place.code)]}


def register() -> None:
    """Offer the place's own sections. The order leaves room: photos 10, progress 20, phones 30, facilities 50 …"""
    panel.sections.add(PanelSection("phones", gettext_lazy("有问题找谁"), _phones, order=30, max_queries=4))
    panel.sections.add(PanelSection("villages", gettext_lazy("所辖村"), _villages, order=90, max_queries=1))
