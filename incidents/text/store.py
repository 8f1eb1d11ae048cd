"""Which model serves a county: its own, else the shipped one; read once per process and version."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from incidents.models import TextHelp
from incidents.text.features import place_words
from incidents.text.model import CorruptModel, TextModel, from_bytes, version_of
from kernel import clock
from places.models import Level, Place

SHIPPED = Path(__file__).with_name("shipped.npz")
"""Trained on the demo county's texts alone."""

NAMES_LIVE = dt.timedelta(minutes=10)
"""So long a process may not know a new village by its name."""

log = logging.getLogger(__name__)
_names: dict[str, tuple[dt.datetime, frozenset[str]]] = {}


@dataclass(frozen=True)
class Served:
    """A model with the name of its version, and whether it is the county's own."""

    model: TextModel
    version: str
    is_own: bool


def served(county: str) -> Served | None:
    """The model for a county, None when not even the shipped one can be read. Cost: one query, two when it changed."""
    version = TextHelp.objects.filter(county_id=county).values_list("version", flat=True).first()
    own = _own(county, version) if version else None
    return own or _shipped()


def names_of(county: str) -> frozenset[str]:
    """The names of the county's places as people write them. Cost: one query in ten minutes."""
    now = clock.now()
    made, names = _names.get(county, (now, frozenset()))
    if county not in _names or not now - NAMES_LIVE < made <= now:
        rows = Place.objects.filter(county_id=county).exclude(level=Level.GRID)
        names = place_words(rows.values_list("name", flat=True))
        _names[county] = now, names
    return names


@lru_cache(maxsize=8)
def _own(county: str, version: str) -> Served | None:
    data = TextHelp.objects.filter(county_id=county, version=version).values_list("data", flat=True).first()
    if data is None:
        return None
    try:
        if version_of(bytes(data)) != version:
            raise CorruptModel(f"the bytes are not those of version {version}")
        return Served(from_bytes(bytes(data)), version, is_own=True)
    except CorruptModel:
        log.exception("text model of county %s cannot be read; the shipped one serves. Train again.", county)
        return None


@lru_cache(maxsize=1)
def _shipped() -> Served | None:
    try:
        data = SHIPPED.read_bytes()
        return Served(from_bytes(data), version_of(data), is_own=False)
    except (OSError, CorruptModel):
        log.exception("the shipped text model cannot be read; words of the kinds serve")
        return None
