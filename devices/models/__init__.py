"""Tables of the devices: the registry, and what the devices say."""

from devices.models.registry import Datastream, Device, DeviceToken, DeviceType, Retention
from devices.models.telemetry import DeadLetter, DirtyHour, Latest, Reading, RollupDay, RollupHour, Seen, TextReading

__all__ = [
    "Datastream",
    "DeadLetter",
    "Device",
    "DeviceToken",
    "DeviceType",
    "DirtyHour",
    "Latest",
    "Reading",
    "Retention",
    "RollupDay",
    "RollupHour",
    "Seen",
    "TextReading",
]
