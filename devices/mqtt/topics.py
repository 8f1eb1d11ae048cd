"""Topics of kinds of device: which to subscribe to, and whose a message is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STANDARD = "geogov/{county}-{device}/up"
"""Of kinds that name no topic of their own. The level in the middle is the device's user name at the broker."""

_PLACES = {"{county}": r"(?P<county>\d{6})", "{device}": r"(?P<device>[^/]+)", "+": "[^/]+", "#": ".*"}
_PARTS = re.compile(r"(\{county\}|\{device\}|\+|#)")


class TopicError(ValueError):
    """It cannot be the topic of a kind of device; says why, in English."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whose a message is.

    Attributes:
        county: its code; "" where the topic does not say it.
        device: the device's code.
        kinds: keys of the kinds of device that have such topics.
    """

    county: str
    device: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Route:
    """Topics that one or several kinds of device publish to.

    Attributes:
        filter: what is subscribed to.
        pattern: tells county and device of a topic.
        kinds: keys of the kinds.
    """

    filter: str
    pattern: re.Pattern[str]
    kinds: frozenset[str]


def routes_of(topics: Mapping[str, str]) -> list[Route]:
    """A route for each different topic.

    Args:
        topics: kind of device → topic, with ``{device}`` and perhaps ``{county}`` where their codes stand, and MQTT's
            wildcards; "" for the standard one.

    Raises:
        TopicError: one of them is none.
    """
    kinds: dict[str, set[str]] = {}
    for kind, topic in topics.items():
        kinds.setdefault(topic or STANDARD, set()).add(kind)
    return [Route(_filter(topic), _pattern(topic), frozenset(some)) for topic, some in kinds.items()]


def addressed(topic: str, routes: Iterable[Route]) -> Addressed | None:
    """Whose a message with that topic is; None when no kind of device has such topics."""
    found: Addressed | None = None
    for route in routes:
        match = route.pattern.fullmatch(topic)
        if match is None:
            continue
        said = match.groupdict("")
        one = Addressed(said.get("county", ""), said["device"], route.kinds)
        if found and (found.county, found.device) == (one.county, one.device):
            one = Addressed(one.county, one.device, one.kinds | found.kinds)
        found = one
    return found


def topic_of(template: str, county: str, device: str) -> str:
    """The topic that a device publishes to; where it may choose, "x"."""
    filled = (template or STANDARD).replace("{county}", county).replace("{device}", device)
    return "/".join("x" if level in ("+", "#") else level for level in filled.split("/"))


def _filter(topic: str) -> str:
    """With a wildcard for every level that has a place to be filled."""
    levels = topic.split("/")
    for at, level in enumerate(levels):
        if level in ("+", "#"):
            if level == "#" and at < len(levels) - 1:
                raise TopicError(f"{topic}: # may only be the last level")
        elif "+" in level or "#" in level:
            raise TopicError(f"{topic}: + and # stand for whole levels")
    return "/".join("+" if "{" in level else level for level in levels)


def _pattern(topic: str) -> re.Pattern[str]:
    places = _PARTS.findall(topic)
    if places.count("{device}") != 1 or places.count("{county}") > 1:
        raise TopicError(f"{topic}: {{device}} has to stand in it once, {{county}} at most once")
    return re.compile("".join(_PLACES.get(part, re.escape(part)) for part in _PARTS.split(topic)))
