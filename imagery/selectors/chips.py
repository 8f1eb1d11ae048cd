"""Where the small pictures of a point are, and the ground that they show."""

from __future__ import annotations

from typing import Any

from imagery.models import ChangePoint
from imagery.tiles.drawing import chip_box

SIDES = ("before", "after")


def chips_of(point: ChangePoint) -> dict[str, Any]:
    """Addresses of the chips of a point by side, and the "box" that both show, EPSG:4326.

    They lead to the pictures whether or not somebody has drawn them already (``views.chip``).

    Args:
        point: its run and the run's scenes were selected with it.
    """
    box = chip_box(point.geom.extent, max(point.run.before.gsd_m, point.run.after.gsd_m))
    names = {side: f"/imagery/points/{point.number}/chips/{side}" for side in SIDES}
    return {**names, "box": [round(edge, 7) for edge in box]}
