"""Reads of devices that take several tables."""

from devices.selectors.status import TelemetryStatus, telemetry_status
from devices.selectors.streams import REGISTRY, Streams, streams
from devices.selectors.tokens import Speakers, served_by, speaker_of

__all__ = [
    "REGISTRY",
    "Speakers",
    "Streams",
    "TelemetryStatus",
    "served_by",
    "speaker_of",
    "streams",
    "telemetry_status",
]
