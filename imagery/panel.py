"""The section of change points in the panel of a place: what was found there from above, and what became of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from imagery.selectors.place import place_points
from kernel.panel import PanelSection, PlaceRef, sections
from kernel.viewer import Viewer


def _points(viewer: Viewer, place: PlaceRef) -> dict[str, Any] | None:
    """How many were found and handled, and the last ten; nothing where there are none."""
    found = place_points(viewer, place.code)
    return asdict(found) if found.found else None


def register() -> None:
    """Offer the section."""
    sections.add(PanelSection("changepoints", _("变化图斑"), _points, order=48, max_queries=2))
