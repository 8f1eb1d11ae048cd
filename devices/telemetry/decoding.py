"""Readings out of JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from devices.telemetry.batch import Batch, batch_of


class _Reading(msgspec.Struct, forbid_unknown_fields=True):
    stream: Any
    ts: Any
    value: Any


class UnreadableError(ValueError):
    """The body is not what it should be; says what is wrong, in English, with the place."""


_decoder = msgspec.json.Decoder(_Reading | list[_Reading])


Columns = tuple[list[Any], list[Any], list[Any]]
"""Streams, moments and values as they were sent, of one length."""


def batch_from_json(body: bytes) -> Batch:
    """A batch of a body; shapes and errors as of ``columns_from_json``."""
    return batch_of(*columns_from_json(body))


def columns_from_json(body: bytes) -> Columns:
    """The readings of a body in one of three shapes.

    ``{"stream": 7, "ts": "2026-06-30T10:00:00+08:00", "value": 1.5}``, a list of such objects, or columns:
    ``{"stream": [7, 8], "ts": [1782784800000, …], "value": [1.5, …]}``. Moments are ISO 8601 with an offset, or
    milliseconds since 1970.

    Raises:
        UnreadableError: it is no JSON (NaN is none), has other fields, or columns of different lengths.
    """
    try:
        found = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    if isinstance(found, list):
        return [one.stream for one in found], [one.ts for one in found], [one.value for one in found]
    stream, ts, value = same_length([found.stream, found.ts, found.value])
    return stream, ts, value


def same_length(columns: list[Any]) -> list[list[Any]]:
    """The columns, or a column of one each where none of them is a list.

    Raises:
        UnreadableError: they differ in length, or only some are lists.
    """
    are_lists = [isinstance(column, list) for column in columns]
    if not any(are_lists):
        return [[column] for column in columns]
    if not all(are_lists) or len({len(column) for column in columns}) > 1:
        raise UnreadableError("columns of different lengths")
    return columns
