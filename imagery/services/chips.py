"""Chips: what both scenes show of a point, drawn before anybody looks, so that nobody waits for them in review."""

from __future__ import annotations

import logging
from pathlib import Path

from imagery.models import ChangePoint, ChangeRun, Scene
from imagery.querysets import PointQuerySet
from imagery.rasters import store
from imagery.selectors.chips import SIDES, chips_of
from imagery.selectors.facts import with_scenes
from imagery.tiles import drawing

log = logging.getLogger(__name__)

CHIPS_AT_ONCE = 200
"""Points that a worker draws before it looks what else waits: some 6 s, at 30 ms for both pictures (the demo's)."""


def _undrawn() -> PointQuerySet:
    """Points without chips whose scenes are in use: those of a withdrawn one wait until it is back."""
    return with_scenes(ChangePoint.objects.filter(chips={}))


def chips_wait() -> bool:
    """Whether a point has no chips yet, be it that a run was broken off after it had found them."""
    return _undrawn().exists()


def chips_render(run: ChangeRun | None = None, *, most: int | None = None) -> int:
    """Draw the chips of points that have none, those first that come first in review; of how many points.

    Done again, it goes on where it ended. A picture that cannot be drawn, of a file that is gone, is tried once: from
    then on it is drawn when somebody asks for it, or they hear why not.

    Args:
        run: only of points that it found.
        most: points at most.
    """
    points = _undrawn().filter(**({"run": run} if run else {})).order_by("-priority", "pk")
    done, failed, why = 0, 0, ""
    for point in points.select_related("run__before", "run__after")[:most].iterator(500):
        chips = chips_of(point)
        try:
            blank = [side for side in SIDES if not chip_file(point, side).stat().st_size]
            chips |= {"blank": blank} if blank else {}
            done += 1
        except Exception as error:  # whatever it is, the next time it would be the same, and no other point's turn
            failed, why = failed + 1, repr(error)
        ChangePoint.objects.filter(pk=point.pk).update(chips=chips)
    if failed:
        log.warning("chips of %d points were not drawn: %s", failed, why)
    return done


def chip_file(point: ChangePoint, side: str) -> Path:
    """The file of a chip, drawn now if nobody has; empty where the scene has no data.

    Args:
        point: with its run and the run's scenes.
        side: one of ``SIDES``.

    Raises:
        OSError: the scene's file cannot be read.
    """
    scene: Scene = point.run.before if side == "before" else point.run.after
    box = chips_of(point)["box"]
    path = store.root() / store.chip_path(scene.sha256, scene.bands, box)
    if not path.exists():
        store.publish(path, drawing.chip(store.root() / scene.path, scene.bands, box))
    return path
