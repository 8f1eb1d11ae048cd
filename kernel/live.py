"""What a browser may hear about beside the layers: "your inbox changed", never what is in it; and values themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kernel.geo import Bbox, LonLat
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


@dataclass(frozen=True, slots=True)
class Value:
    """The newest value of something, somewhere.

    Attributes:
        lonlat: where it is.
        text: what is told of it, a JSON object.
    """

    id: int
    lonlat: LonLat
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """Newest values of everybody.

    Attributes:
        seen: up to where the writes of others were seen: ``pg_current_snapshot()`` of the read, as text. Unlike a
            number or a time it is exact in whatever order transactions commit (docs/adr/0018).
    """

    seen: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Shown:
    """Newest values that exist for one viewer, as JSON objects; ``seen`` as in ``Written``."""

    seen: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class LiveFeed:
    """Values that change too often for a layer, told themselves to those who look at where they are.

    Attributes:
        key: its name in ``/live/?feed=``.
        channel: of the NOTIFY that is sent when new ones are committed.
        models: what says which values there are, as "app.Model"; the change ledger watches their tables.
        now: what has been seen by now. One query.
        shown: the values inside a box that exist for a viewer; only those that were written since, where something
            has been seen.
        since: everybody's values that were written since; in one read for all streams of a process.
        allowed: which of the ids exist for a viewer.
    """

    key: str
    channel: str
    models: tuple[str, ...]
    now: Callable[[], str]
    shown: Callable[[Viewer, Bbox, str], Shown]
    since: Callable[[str], Written]
    allowed: Callable[[Viewer, Sequence[int]], set[int]]


live_feeds: Registry[LiveFeed] = Registry("live feed")
