"""The panel of a place: one request, built from the sections that apps registered."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import Any

from django.db import transaction

from kernel import panel
from kernel.panel import PanelSection, PlaceRef
from kernel.viewer import Viewer
from places.selectors.geography import PlaceDetail, PlaceLine, place_get

log = logging.getLogger(__name__)


def place_panel(viewer: Viewer, code: str) -> dict[str, Any]:
    """Everything the product knows of a place, for a viewer, as JSON.

    A section that fails is logged and says ``unavailable``; the others live. Inside a transaction each is built in a
    savepoint, so that a failed statement does not spoil the statements after it; outside of one there is nothing to
    spoil.

    Cost: one query, and ``max_queries`` for each section.

    Raises:
        NotFound: there is no such place in the county that is looked at.
    """
    place = place_get(viewer, code)
    ref = PlaceRef(place.code, place.name, place.level, place.county, place.lonlat)
    shown = [section for section in panel.all_sections() if viewer.may(section.audience)]
    built = [_built(section, viewer, ref) for section in shown]
    return {"place": place_json(place), "sections": [section for section in built if section]}


def place_json(place: PlaceDetail) -> dict[str, Any]:
    """The head of the panel."""
    return {
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "kind": place.kind,
        "kind_title": place.kind_title,
        "lon": place.lonlat[0],
        "lat": place.lonlat[1],
        "bbox": list(place.bbox),
        "households": place.households,
        "population": place.population,
        "ancestors": [line_json(line) for line in place.ancestors],
        "illustrative": place.is_illustrative,
    }


def line_json(line: PlaceLine) -> dict[str, str]:
    """A place in one line."""
    return {"code": line.code, "name": line.name, "level": line.level}


def _built(section: PanelSection, viewer: Viewer, ref: PlaceRef) -> dict[str, Any] | None:
    head = {"key": section.key, "title": str(section.title)}
    try:
        with nullcontext() if transaction.get_autocommit() else transaction.atomic():
            body = section.build(viewer, ref)
    except Exception:
        log.exception("panel section %s of place %s failed", section.key, ref.code)
        return {**head, "unavailable": True}
    return None if body is None else {**head, "body": body}
