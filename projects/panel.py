"""What projects bring to the panel of a place: photos, progress, notices, and whom to call about the works."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.panel import PanelSection, Phone, PhoneSource, PlaceRef, phone_sources, sections
from kernel.viewer import Viewer
from projects import selectors


def _photos(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    return asdict(selectors.place_photos(viewer, place.code))


def _progress(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    return asdict(selectors.place_progress(viewer, place.code))


def _notices(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    return asdict(selectors.place_notices(viewer, place.code))


def _phones(viewer: Viewer, place: PlaceRef) -> list[Phone]:
    return selectors.place_phones(viewer, place.code)


def register() -> None:
    """Offer the sections and the phones; the orders are those of ``places.panel``."""
    sections.add(PanelSection("photos", _("施工照片"), _photos, order=10, max_queries=1))
    sections.add(PanelSection("progress", _("工程进度"), _progress, order=20, max_queries=2))
    sections.add(PanelSection("notices", _("项目公示"), _notices, order=60, max_queries=2))
    phone_sources.add(PhoneSource("projects", _phones, order=10, max_queries=1))
