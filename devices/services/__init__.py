"""Writes of devices."""

from devices.services.partitions import partitions_drop, partitions_make
from devices.services.readings import GOOD, OUT_OF_RANGE, REASONS, Outcome, ingest
from devices.services.registry import device_register, stream_add, token_issue
from devices.services.rollups import rollups_refresh
from devices.services.silence import silence_note

__all__ = [
    "GOOD",
    "OUT_OF_RANGE",
    "REASONS",
    "Outcome",
    "device_register",
    "ingest",
    "partitions_drop",
    "partitions_make",
    "rollups_refresh",
    "silence_note",
    "stream_add",
    "token_issue",
]
