"""The product's settings without a live channel."""

from geogov.settings import *  # noqa: F403

LIVE_APP = None
