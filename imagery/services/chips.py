"""Chips: what both scenes show of a point, drawn when the point is made, so that nobody waits for them in review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from imagery.models import ChangePoint, ChangeRun, Scene
from imagery.rasters import store

if TYPE_CHECKING:
    from kernel.geo import Bbox

SIDES = ("before", "after")


def chips_render(run: ChangeRun) -> int:
    """Draw the chips of all points of a run that have none; how many points. Done again, it goes on where it ended."""
    points = ChangePoint.objects.filter(run=run, chips={}).select_related("run__before", "run__after").iterator(500)
    done = 0
    for point in points:
        for side in SIDES:
            chip_file(point, side)
        names = {side: f"/imagery/points/{point.number}/chips/{side}" for side in SIDES}
        ChangePoint.objects.filter(pk=point.pk).update(chips={**names, "box": [round(edge, 7) for edge in _box(point)]})
        done += 1
    return done


def chip_file(point: ChangePoint, side: str) -> Path:
    """The file of a chip, drawn now if nobody has; empty where the scene has no data.

    Args:
        point: with its run and the run's scenes.
        side: one of ``SIDES``.

    Raises:
        OSError: the scene's file cannot be read.
    """
    from imagery.tiles import drawing  # the raster libraries, for those only who draw

    path = store.root() / "chips" / str(point.run_id) / f"{point.pk}-{side}"
    if not path.exists():
        scene: Scene = point.run.before if side == "before" else point.run.after
        store.publish(path, drawing.chip(store.root() / scene.path, scene.bands, _box(point)))
    return path


def _box(point: ChangePoint) -> Bbox:
    from imagery.tiles.drawing import chip_box

    return chip_box(point.geom.extent, max(point.run.before.gsd_m, point.run.after.gsd_m))
