"""Reports: what the desk keeps from the map, and text and address, for those who keep the place.

Handlers see the reports whose orders their unit leads and agents those they made (``tests/incidents/test_rights.py``):
their places open nothing here.
"""

from __future__ import annotations

from typing import Any

from incidents.models import Report
from kernel.viewer import Role
from tests.contracts import samples
from tests.factories import incidents, places

PUBLIC = {
    *("number", "title", "status", "category", "category_title", "category_title_en", "icon", "village"),
    *("village_name", "village_name_en", "township", "submitted_at", "due_at", "is_overdue", "followers", "is_urgent"),
}
GRID = frozenset(PUBLIC | {"text", "address"})


def _report(label: str, place: str, *, is_public: bool) -> Report:
    village = places.village(place, f"村{place[-6:]}") if len(place) > 6 else None
    return incidents.report(village, county=place[:6], title=f"反映{label}", is_public=is_public)


def _reports() -> dict[str, Any]:
    at = {
        "inside": samples.INSIDE_VILLAGE,
        "outside": samples.OUTSIDE_VILLAGE,
        "nowhere": samples.HOME,
        "abroad": samples.ABROAD_VILLAGE,
    }
    made = {}
    for label, place in at.items():
        made[label] = _report(label, place, is_public=True)
        made[f"{label}_hidden"] = _report(f"{label}_hidden", place, is_public=False)
    return made


SAMPLES = {
    "incidents": samples.Sample(
        _reports,
        samples.ROWS_BY_JURISDICTION,
        samples.OWN_BY_JURISDICTION,
        fields=samples.everyone(set(GRID)) | {"public": frozenset(PUBLIC)},
        tile_fields=samples.everyone(
            {"number", "title", "status", "category", "icon", "is_overdue", "is_urgent"},
        ),
        private={"text": "grid", "address": "grid"},
        keepers=frozenset({Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL}),
    )
}
