"""Tables of the devices: the registry, and what the devices say."""

from devices.models.alarms import KIND_TITLES, PHASE_TITLES, Alarm, AlarmEvent, AlarmLevel, AlarmRule
from devices.models.observations import Observation
from devices.models.registry import Datastream, Device, DeviceToken, DeviceType, Retention
from devices.models.snapshots import Snapshot
from devices.models.telemetry import DeadLetter, DirtyHour, Latest, Reading, RollupDay, RollupHour, Seen, TextReading

__all__ = [
    "KIND_TITLES",
    "PHASE_TITLES",
    "Alarm",
    "AlarmEvent",
    "AlarmLevel",
    "AlarmRule",
    "Datastream",
    "DeadLetter",
    "Device",
    "DeviceToken",
    "DeviceType",
    "DirtyHour",
    "Latest",
    "Observation",
    "Reading",
    "Retention",
    "RollupDay",
    "RollupHour",
    "Seen",
    "Snapshot",
    "TextReading",
]
