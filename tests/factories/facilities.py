"""Facilities for tests. Each function makes one row; what it hangs on is made when missing."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point

from facilities.models import Category, Facility, FacilityPhoto
from kernel.search import search_text
from media.models import Photo
from places.models import Place
from tests.factories import places

MOBILE = "13900001234"
"""The private number of every facility made here: a canary."""

MANAGER = "canary-manager"


def category(key: str = "toilet", title: str = "公厕", **fields: Any) -> Category:
    """A category; a second call returns the same."""
    more = {"title": title, "title_en": key.title(), "icon": key, "search_text": search_text(title), **fields}
    return Category.objects.get_or_create(key=key, defaults=more)[0]


def facility(village: Place | str | None = "990521003007", name: str = "文化广场公厕", **fields: Any) -> Facility:
    """A published facility in the middle of ``village`` (a place or a code; None: outside every village)."""
    place = places.village(village) if isinstance(village, str) else village
    county = fields.pop("county", place.county_id if place else places.COUNTY)
    places.county(county)
    lonlat = fields.pop("lonlat", None) or places.lonlat(place.pk if place else county)
    return Facility.objects.create(
        **{
            "county_id": county,
            "village": place,
            "category": fields.pop("category", None) or category(),
            "name": name,
            "search_text": search_text(name),
            "phone": "0572-0123 4567",
            "hours": "全天开放",
            "services": ["无障碍厕位"],
            "manager": MANAGER,
            "manager_mobile": MOBILE,
            "geom": Point(*lonlat, srid=4326),
            **fields,
        }
    )


def facility_photo(facility: Facility, photo: Photo, caption: str = "", order: int = 100) -> FacilityPhoto:
    """Hang a photo on a facility."""
    return FacilityPhoto.objects.create(facility=facility, photo=photo, caption=caption, order=order)
