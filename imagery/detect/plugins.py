"""Detectors of installed packages by their names: a light module, for nothing of theirs is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType

PLUGINS = "geogov.detectors"
"""Entry points of installed packages: the name of each is the key of a detector, its object a ``Detector``."""

LONGEST_KEY = 20
"""Characters of a key that a run keeps; what is called longer is not found."""


@cache
def plugins() -> Mapping[str, EntryPoint]:
    """By key. Read once: what is installed later is there when the process starts again."""
    found = {one.name: one for one in entry_points(group=PLUGINS) if len(one.name) <= LONGEST_KEY}
    return MappingProxyType(found)
