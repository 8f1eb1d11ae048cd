"""What a browser may hear about beside the layers: "your inbox changed", never what is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kernel.registry import Registry
from kernel.viewer import Viewer


def _county(viewer: Viewer) -> str:
    return viewer.county


@dataclass(frozen=True, slots=True)
class LiveTopic:
    """Something that changes and is no layer. Every layer is a topic of its own, under its key.

    Attributes:
        key: its name in ``/live/?layers=``; no layer has it.
        models: what it is made of, as "app.Model"; the change ledger watches their tables.
        listens: for whom it exists; for all others it is as unknown as a layer they may not see.
        column: model column that says whose a row is: a county's, or with ``recipient_id`` a person's. A table has
            one such column, whoever watches it.
        part: the value of ``column`` whose changes concern a viewer.
    """

    key: str
    models: tuple[str, ...]
    listens: Callable[[Viewer], bool]
    column: str = "county_id"
    part: Callable[[Viewer], str] = _county


live_topics: Registry[LiveTopic] = Registry("live topic")
