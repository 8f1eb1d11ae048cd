"""How often one client may ask for what costs seconds."""

from __future__ import annotations

from kernel.api.pace import Pace


class ExportPace(Pace):
    """A person takes a file away a few times an hour, a village office's visitors behind one address together; one
    costs seconds of CPU.
    """

    scope, rate = "points-export", "30/hour"
