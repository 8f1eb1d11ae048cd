"""Projects: hidden ones, and the contractor's contact, for those who answer for the village."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point

from projects.models import Project
from tests.contracts import samples
from tests.factories import places
from tests.factories import projects as factory

PUBLIC = {
    *("name", "name_en", "code", "category", "category_title", "category_title_en", "icon", "stage", "status"),
    *("actual", "planned", "month", "note", "note_en", "owner_unit", "owner_unit_en", "contractor", "budget"),
    *("planned_start", "planned_end", "actual_start", "actual_end", "start"),
    *("supervision_title", "supervision_title_en", "supervision_phone"),
    *("village", "village_name", "village_name_en", "township", "township_name", "township_name_en", "photo_count"),
    "updated_at",
}
GRID = frozenset(PUBLIC | {"is_published"})
STAFF = frozenset(GRID | {"contractor_contact"})


def _project(label: str, place: str, *, is_published: bool) -> Project:
    """A project in a village, or in no village when the code is a county's."""
    if len(place) > 6:
        village = places.village(place, f"村{place[-6:]}")
        return factory.project(village, f"工程{label}", is_published=is_published)
    hall = places.village(f"{place}003001")
    made = factory.project(hall, f"工程{label}", is_published=is_published, villages=[])
    Project.objects.filter(pk=made.pk).update(village=None, geom=Point(*places.lonlat(place), srid=4326))
    return made


def _projects() -> dict[str, Any]:
    at = {
        "inside": samples.INSIDE_VILLAGE,
        "outside": samples.OUTSIDE_VILLAGE,
        "nowhere": samples.HOME,
        "abroad": samples.ABROAD_VILLAGE,
    }
    made = {}
    for label, place in at.items():
        made[label] = _project(label, place, is_published=True)
        made[f"{label}_hidden"] = _project(f"{label}_hidden", place, is_published=False)
    return made


SAMPLES = {
    "projects": samples.Sample(
        _projects,
        samples.ROWS_BY_JURISDICTION,
        samples.OWN_BY_JURISDICTION,
        fields={
            "public": frozenset(PUBLIC),
            "grid": GRID,
            "staff": STAFF,
            "official": STAFF,
        },
        tile_fields=samples.everyone({"name", "name_en", "category", "icon", "status", "actual", "planned"}),
        private={"contractor_contact": "staff"},
    )
}
