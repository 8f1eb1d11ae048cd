"""The section of devices in the panel of a place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from devices.selectors import STATE_TITLES, devices_of_place
from kernel.panel import PanelSection, PlaceRef, sections
from kernel.viewer import Viewer


def _devices(viewer: Viewer, place: PlaceRef) -> dict[str, Any] | None:
    """How many of each kind, and those that alarm or are silent, the worst first; nothing where there are none."""
    found = devices_of_place(viewer, place.code)
    if not found.kinds:
        return None
    return {
        "total": sum(kind.total for kind in found.kinds),
        "alarming": sum(kind.alarming for kind in found.kinds),
        "offline": sum(kind.offline for kind in found.kinds),
        "kinds": [asdict(kind) for kind in found.kinds],
        "items": [
            {
                **asdict(one),
                "state_title": str(STATE_TITLES[one.state]),
                "since": one.since.isoformat() if one.since else None,
            }
            for one in found.wrong
        ],
    }


def register() -> None:
    """Offer the section."""
    sections.add(PanelSection("devices", _("感知设备"), _devices, order=45, max_queries=2))
