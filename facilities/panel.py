"""The section of facilities in the panel of a place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from facilities.selectors import facilities_of_place, line_json
from kernel.panel import PanelSection, PlaceRef, sections
from kernel.viewer import Viewer


def _facilities(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    """Those inside, nearest to the middle first; a clinic and a shelter from next door where there is none inside."""
    found = facilities_of_place(viewer, place.code, place.lonlat)
    return {
        "total": found.total,
        "items": [line_json(line) for line in found.items],
        "nearest": [line_json(line) for line in found.nearest],
    }


def register() -> None:
    """Offer the section."""
    sections.add(PanelSection("facilities", _("公共设施"), _facilities, order=50, max_queries=2))
