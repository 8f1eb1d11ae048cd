"""Rows as PostgreSQL's binary COPY takes them (PostgreSQL documentation, COPY, "Binary Format")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH_US = 946_684_800_000_000
"""2000-01-01T00:00Z, from where PostgreSQL counts, in microseconds since 1970."""

_KINDS = {"stream_id": ">i4", "ts": ">i8", "hour": ">i8", "value": ">f8", "quality": ">i2"}
_MOMENTS = ("ts", "hour")
_LATEST = np.dtype([("stream", ">i4"), ("ts", ">i8"), ("value", ">f8")])


def binary_rows(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """All rows, with header and trailer; the columns of the table in the order of ``columns``.

    Args:
        columns: of one length, some of ``stream_id``, ``ts`` and ``hour`` (microseconds since 1970), ``value``,
            ``quality``.
    """
    parts = [part for name in columns for part in ((f"{name}_bytes", ">i4"), (name, _KINDS[name]))]
    rows = np.empty(len(next(iter(columns.values()))), np.dtype([("columns", ">i2"), *parts]))
    rows["columns"] = len(columns)
    for name, values in columns.items():
        rows[f"{name}_bytes"] = np.dtype(_KINDS[name]).itemsize
        rows[name] = values - _EPOCH_US if name in _MOMENTS else values
    return _HEADER + rows.tobytes() + _TRAILER


def latest_rows(sent: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Columns of what PostgreSQL's ``int4send``, ``timestamptz_send`` and ``float8send`` say, row after row.

    Returns:
        Stream, microseconds since 1970, value.
    """
    rows = np.frombuffer(sent, _LATEST)
    return rows["stream"].astype(np.int64), rows["ts"] + _EPOCH_US, rows["value"].astype(np.float64)
