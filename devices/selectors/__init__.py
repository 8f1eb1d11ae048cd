"""Reads of devices that take several tables."""

from devices.selectors.status import TelemetryStatus, telemetry_status
from devices.selectors.streams import REGISTRY, Streams, streams
from devices.selectors.tokens import Speaker, speaker_of

__all__ = ["REGISTRY", "Speaker", "Streams", "TelemetryStatus", "speaker_of", "streams", "telemetry_status"]
