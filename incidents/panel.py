"""What reports bring to the panel of a place: how many are open, late and answered, and the last ten."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import selectors
from kernel.panel import PanelSection, PlaceRef, sections
from kernel.viewer import Viewer


def _issues(viewer: Viewer, place: PlaceRef) -> dict[str, Any]:
    body = asdict(selectors.place_issues(viewer, place.code))
    is_quiet = not (body["items"] or body["open"] or body["answered"])
    return {**body, "note": _("这里还没有群众反映。") if is_quiet else ""}


def register() -> None:
    """Offer the section; the orders are those of ``places.panel``."""
    sections.add(PanelSection("issues", gettext_lazy("群众反映"), _issues, order=40, max_queries=3))
