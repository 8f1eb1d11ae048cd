"""Reads of devices that take several tables."""

from devices.selectors.codes import devices_by_code, streams_by_key
from devices.selectors.status import TelemetryStatus, telemetry_status
from devices.selectors.streams import REGISTRY, Streams, streams
from devices.selectors.tokens import Speakers, served_by, speaker_of

__all__ = [
    "REGISTRY",
    "Speakers",
    "Streams",
    "TelemetryStatus",
    "devices_by_code",
    "served_by",
    "speaker_of",
    "streams",
    "streams_by_key",
    "telemetry_status",
]
