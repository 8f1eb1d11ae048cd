"""How often one address may ask for what costs seconds."""

from __future__ import annotations

from kernel.api.pace import Pace


class ExportPace(Pace):
    """An office of ten behind one address takes a file away a few times an hour each; one costs seconds of CPU."""

    scope, rate = "points-export", "30/hour"
