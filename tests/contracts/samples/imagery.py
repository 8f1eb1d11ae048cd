"""Published points: rows of their own for everybody; what is not published has none here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from imagery.services.published import published_put
from tests.contracts import samples
from tests.factories import imagery as make

PUBLIC = {
    *("name", "kind", "kind_title", "kind_title_en", "stage", "stage_title", "stage_title_en"),
    *("found_on", "handled_on", "position", "position_en", "village", "village_name", "village_name_en", "township"),
}


def scene() -> dict[str, Any]:
    """A published point of each label, and beside each one that is not."""
    at = {
        "inside": samples.INSIDE_VILLAGE,
        "outside": samples.OUTSIDE_VILLAGE,
        "nowhere": samples.HOME,
        "abroad": samples.ABROAD_VILLAGE,
    }
    made = {}
    for label, place in at.items():
        point = make.point(place, "confirmed")
        make.point(place)
        published_put(point)
        made[label] = point.published
        assert made[label].found_on == dt.date(2026, 3, 8)
    return made


SAMPLES = {
    "changepoints": samples.Sample(
        scene,
        dict.fromkeys(samples.STANDS, samples.PUBLISHED),
        dict.fromkeys(samples.STANDS, frozenset()),
        fields=samples.everyone(PUBLIC),
        tile_fields=samples.everyone({"name", "kind", "stage"}),
    )
}
