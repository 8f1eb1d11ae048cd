"""What devices offer to the live channel: the newest value of each."""

from __future__ import annotations

from devices.selectors.newest import newest_in, newest_since, visible_among
from devices.selectors.streams import REGISTRY
from devices.sql.newest import seen
from devices.sql.readings import CHANNEL
from kernel.live import LiveFeed, live_feeds

DEVICES = LiveFeed(
    key="devices",
    channel=CHANNEL,
    models=REGISTRY,
    now=seen,
    shown=newest_in,
    since=newest_since,
    allowed=visible_among,
)


def register() -> None:
    """Declare the feed."""
    live_feeds.add(DEVICES)
