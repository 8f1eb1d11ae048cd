"""Writes of devices."""

from devices.services.letters import Refused, refuse
from devices.services.partitions import partitions_drop, partitions_make
from devices.services.readings import GOOD, OUT_OF_RANGE, REASONS, Outcome, ingest
from devices.services.registry import device_register, stream_add, token_issue
from devices.services.rollups import rollups_refresh
from devices.services.silence import presence_note, silence_note
from devices.services.snapshots import snapshot_add

__all__ = [
    "GOOD",
    "OUT_OF_RANGE",
    "REASONS",
    "Outcome",
    "Refused",
    "device_register",
    "ingest",
    "partitions_drop",
    "partitions_make",
    "presence_note",
    "refuse",
    "rollups_refresh",
    "silence_note",
    "snapshot_add",
    "stream_add",
    "token_issue",
]
