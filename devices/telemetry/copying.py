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

_COLUMNS = (("stream", ">i4"), ("device", ">i8"), ("ts", ">i8"), ("value", ">f8"), ("quality", ">i2"), ("newest", "u1"))
_ROW = np.dtype(
    [("columns", ">i2")] + [part for name, kind in _COLUMNS for part in ((f"{name}_bytes", ">i4"), (name, kind))]
)
COLUMNS = "stream_id, device_id, ts, value, quality, is_newest"
"""Of the stage, in the order of ``binary_rows``."""


def binary_rows(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """All rows, with header and trailer.

    Args:
        columns: of one length: ``stream``, ``device``, ``ts`` (microseconds since 1970), ``value``, ``quality``,
            ``newest``.
    """
    rows = np.zeros(len(columns["stream"]), _ROW)
    rows["columns"] = len(_COLUMNS)
    for name, kind in _COLUMNS:
        rows[f"{name}_bytes"] = np.dtype(kind).itemsize
        rows[name] = columns[name] - _EPOCH_US if name == "ts" else columns[name]
    return _HEADER + rows.tobytes() + _TRAILER
