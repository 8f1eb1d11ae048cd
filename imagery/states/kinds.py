"""What a changed patch is. No Django here; the titles are with the models."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Kinds in the order of the keys 1–7 of the workbench."""

    BUILDING = "building"
    BARE = "bare"
    ROAD = "road"
    WATER = "water"
    VEGETATION = "vegetation"
    PV = "pv"
    OTHER = "other"

    @property
    def key(self) -> int:
        """Its number on the keyboard, 1…7."""
        return list(Kind).index(self) + 1
