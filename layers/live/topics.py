"""Who may hear of what, and what is told: the version of each layer, for this viewer.

A version is opaque: equal versions mean that nothing changed. It covers what an ETag covers (the ledger, the rights of
the viewer, the day, the code), without the language. All versions together are the id of an event, so that any process
can tell somebody who comes back what changed since, without remembering anything; commits in any order and joined rows
of the ledger change nothing about that, because counts of added rows only grow (``layers.ledger``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kernel import clock
from kernel.live import live_topics
from kernel.viewer import Viewer
from layers import ledger
from layers.catalogue import layer_for
from layers.validators import release

_DIGITS = 12
"""Of a version, hexadecimal: two of a few thousand versions of a layer are equal once in 10⁷ years of a county."""

_ID = re.compile(rf"[0-9a-f]{{{_DIGITS}}}(\.[0-9a-f]{{{_DIGITS}}})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Topic:
    key: str
    tables: tuple[str, ...]
    part: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one viewer hears about.

    Attributes:
        tables: all tables behind it.
    """

    topics: tuple[_Topic, ...]
    rights: str

    @property
    def tables(self) -> set[str]:
        """All tables behind it."""
        return {table for topic in self.topics for table in topic.tables}

    def versions(self, counts: ledger.Counts) -> dict[str, str]:
        """The version of each topic, in the order of their keys."""
        day = clock.today().isoformat()
        return {
            topic.key: self._digest(topic.key, ledger.version_in(counts, topic.tables, topic.part), day)
            for topic in self.topics
        }

    def _digest(self, *parts: str) -> str:
        text = "\n".join((release(), self.rights, *parts))
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def subscribe(viewer: Viewer, keys: Iterable[str]) -> Subscription:
    """What ``viewer`` hears who asks for the layers and topics ``keys``. Cost: no query.

    Raises:
        NotFound: one of them does not exist for the viewer.
    """
    return Subscription(tuple(_topic(viewer, key) for key in sorted(set(keys))), viewer.rights_key)


def _topic(viewer: Viewer, key: str) -> _Topic:
    topic = live_topics.get(key)
    if topic is not None and topic.listens(viewer):
        return _Topic(key, ledger.tables(topic.models), topic.part(viewer))
    return _Topic(key, ledger.tables(ledger.models_of(layer_for(viewer, key))), viewer.county)


@dataclass(frozen=True, slots=True)
class News:
    """What somebody is told.

    Attributes:
        id: of all versions as they are now; whoever shows it again is told what changed since.
        changed: topic → version, of those that changed.
        reset: nothing is known of what the reader knows: ``changed`` holds all topics.
    """

    id: str
    changed: dict[str, str]
    reset: bool


def news(versions: Mapping[str, str], known: str) -> News:
    """What has changed for somebody who knows the id ``known``; everything, when that is no id."""
    is_known = is_id(known)
    old = frozenset(known.split(".")) if is_known else frozenset()
    changed = {key: version for key, version in versions.items() if version not in old}
    return News(".".join(versions.values()), changed, not is_known)


def is_id(text: str) -> bool:
    """Whether ``text`` looks like the id of an event."""
    return bool(_ID.fullmatch(text))
