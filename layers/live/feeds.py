"""Feeds of values in this process: what was written in the last seconds, read once for all who listen.

A view enters a viewer before it reads what the viewer is told first; from then on every tick holds what that viewer may
see. So nothing is missed between the two, and what is told twice is the same. A stream that finds no tick of its own
any more ends itself: the browser comes back with what it has seen, and the database tells the rest.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kernel.geo import Bbox
from kernel.live import LiveFeed, Written, live_feeds
from kernel.viewer import Viewer

KEPT_TICKS = 32
"""Of each feed; at most one a second. Longer than a stalled client is kept (``stream.STALL_S``)."""

_SEEN = re.compile(r"\d{1,19}:\d{1,19}:(\d{1,19}(,\d{1,19})*)?", re.ASCII)


def is_seen(text: str) -> bool:
    """Whether ``text`` looks like what a reader has seen (PostgreSQL, ``pg_snapshot``)."""
    found = _SEEN.fullmatch(text)
    if not found:
        return False
    low, high, between = text.split(":")
    running = [int(one) for one in between.split(",") if one]
    is_sorted = all(one < other for one, other in pairwise(running))
    inside = all(int(low) <= one < int(high) for one in running)
    return 0 < int(low) <= int(high) < 2**63 and is_sorted and inside


class OutOfStepError(Exception):
    """There is no tick any more that goes on from where a stream stands."""


@dataclass(frozen=True, slots=True)
class _Tick:
    """What was written between two reads.

    Attributes:
        allowed: rights → which rows exist for viewers with them.
    """

    seen: str
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    texts: list[str]
    ids: list[int]
    allowed: Mapping[str, NDArray[np.bool_]]


class Flow:
    """One feed. Entered and left by Django's threads and the event loop, ticked by the listener's thread."""

    def __init__(self, feed: LiveFeed) -> None:
        """Nobody listens."""
        self.feed = feed
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()
        self._viewers: dict[str, Viewer] = {}
        self._seen = ""
        self._count = 0
        self._ticks: deque[_Tick] = deque(maxlen=KEPT_TICKS)

    def enter(self, viewer: Viewer) -> int:
        """Have every tick say what ``viewer`` may see; ``leave`` must follow. Cost: one query when nobody was in.

        Returns:
            The number of ticks so far: those that follow are this viewer's.
        """
        with self._lock:
            self._inside[viewer.rights_key] += 1
            self._viewers[viewer.rights_key] = viewer
            if self._seen:
                return self._count
        seen = self.feed.now()
        with self._lock:
            self._seen = self._seen or seen
            return self._count

    def leave(self, viewer: Viewer) -> None:
        """One stream has ended. With the last one everything is forgotten."""
        with self._lock:
            self._inside[viewer.rights_key] -= 1
            if not self._inside[viewer.rights_key]:
                del self._inside[viewer.rights_key], self._viewers[viewer.rights_key]
            if not self._inside:
                self._seen = ""
                self._ticks.clear()

    def tick(self) -> bool:
        """Read what was written since the last time; whether there was anything.

        Cost: one query, and one more for each of the rights that anybody inside has.
        """
        with self._lock:
            before = self._seen
        if not before:
            return False
        found = self.feed.since(before)
        with self._lock:
            viewers = dict(self._viewers)
        made = _made(self.feed, found, viewers) if found.values else None
        with self._lock:
            if not self._inside:
                return False
            self._seen = found.seen
            if made:
                self._ticks.append(made)
                self._count += 1
        return made is not None

    def taken(self, position: int, rights: str, bbox: Bbox) -> tuple[int, str, list[str]]:
        """What was written since ``position``, inside a box, for viewers with ``rights``; the newest of each only.

        Returns:
            The new position, what has been seen there, and the JSON objects.

        Raises:
            OutOfStepError: the ticks do not reach back so far, or say nothing of these rights.
        """
        with self._lock:
            missing = self._count - position
            ticks = list(self._ticks)[-missing:] if missing else []
            count = self._count
        if len(ticks) < missing or any(rights not in tick.allowed for tick in ticks):
            raise OutOfStepError
        newest: dict[int, str] = {}
        west, south, east, north = bbox
        for tick in ticks:
            lon, lat = tick.lon, tick.lat
            inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north) & tick.allowed[rights]
            for at in np.flatnonzero(inside).tolist():
                newest[tick.ids[at]] = tick.texts[at]
        return count, ticks[-1].seen if ticks else "", list(newest.values())


def _made(feed: LiveFeed, found: Written, viewers: Mapping[str, Viewer]) -> _Tick:
    ids = [value.id for value in found.values]
    allowed = {}
    for rights, viewer in viewers.items():
        shown = feed.allowed(viewer, ids)
        allowed[rights] = np.fromiter((one in shown for one in ids), np.bool_, len(ids))
    places = np.array([value.lonlat for value in found.values], np.float64)
    return _Tick(found.seen, places[:, 0], places[:, 1], [value.text for value in found.values], ids, allowed)


class Watch:
    """What one stream hears of a feed; ``end`` must follow.

    Attributes:
        seen: what its reader has been told up to.
    """

    def __init__(self, flow: Flow, viewer: Viewer, bbox: Bbox, seen: str) -> None:
        """Read what the viewer is told first: all values in the box, or those written since something was ``seen``.

        Cost: two queries, one more when nobody else listens.
        """
        self._flow, self._viewer, self._bbox = flow, viewer, bbox
        self._position = flow.enter(viewer)
        try:
            found = flow.feed.shown(viewer, bbox, seen)
        except BaseException:
            self.end()
            raise
        self.seen, self._first = found.seen, list(found.texts)

    def next(self) -> list[str]:
        """What is new: JSON objects, one for each thing.

        Raises:
            OutOfStepError: the stream has to begin anew.
        """
        self._position, seen, texts = self._flow.taken(self._position, self._viewer.rights_key, self._bbox)
        self.seen = seen or self.seen
        first, self._first = self._first, []
        return first + texts

    def end(self) -> None:
        """Nobody listens to it any more."""
        self._flow.leave(self._viewer)


class Flows:
    """All feeds of this process."""

    def __init__(self) -> None:
        """One for each that is declared."""
        self._flows = {feed.key: Flow(feed) for feed in live_feeds}

    def __getitem__(self, key: str) -> Flow:
        """The flow of a feed."""
        return self._flows[key]

    @property
    def channels(self) -> list[str]:
        """Of NOTIFY."""
        return sorted({flow.feed.channel for flow in self._flows.values()})

    def tick(self, channels: Iterable[str]) -> bool:
        """Read what those feeds have to say whose channels were heard; whether there was anything."""
        heard = set(channels)
        told = [flow.tick() for flow in self._flows.values() if flow.feed.channel in heard]
        return any(told)
