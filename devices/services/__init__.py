"""Writes of devices."""

from devices.services.alarms.acts import alarm_acknowledge, alarm_send, alarm_signed, alarm_snooze, alarm_wake
from devices.services.alarms.orders import orders_due, orders_settle
from devices.services.alarms.rules import rules_default
from devices.services.alarms.time import alarms_pass, alarms_sweep
from devices.services.importing import (
    DEVICE_REASONS,
    TEXTS,
    DeviceImport,
    ListedDevice,
    Untaken,
    devices_import,
)
from devices.services.letters import Refused, refuse
from devices.services.partitions import partitions_drop, partitions_make
from devices.services.readings import GOOD, OUT_OF_RANGE, REASONS, Outcome, ingest
from devices.services.registry import device_register, stream_add, token_issue, tokens_lend
from devices.services.rollups import rollups_refresh
from devices.services.silence import presence_note, silence_note
from devices.services.snapshots import snapshot_add

__all__ = [
    "DEVICE_REASONS",
    "GOOD",
    "OUT_OF_RANGE",
    "REASONS",
    "TEXTS",
    "DeviceImport",
    "ListedDevice",
    "Outcome",
    "Refused",
    "Untaken",
    "alarm_acknowledge",
    "alarm_send",
    "alarm_signed",
    "alarm_snooze",
    "alarm_wake",
    "alarms_pass",
    "alarms_sweep",
    "device_register",
    "devices_import",
    "ingest",
    "orders_due",
    "orders_settle",
    "partitions_drop",
    "partitions_make",
    "presence_note",
    "refuse",
    "rollups_refresh",
    "rules_default",
    "silence_note",
    "snapshot_add",
    "stream_add",
    "token_issue",
    "tokens_lend",
]
