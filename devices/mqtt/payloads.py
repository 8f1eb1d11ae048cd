"""What messages say: readings by the number of their stream, readings by name, or that a device comes and goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from devices.telemetry.decoding import Columns, UnreadableError, columns_from_json, same_length

MOMENT = "ts"
"""What stands for the moment: in a message without a map, and on the right side of one."""

WORDS = {b"offline": False, b'"offline"': False, b"online": True, b'"online"': True}
"""Messages that say whether the device is there: its Last Will, and what it publishes when it comes. In any case."""

_LONGEST_WORD = max(map(len, WORDS))
_read = msgspec.json.Decoder().decode


def presence(body: bytes) -> bool | None:
    """Whether a message says that its device is there (True) or gone (False); None when it says something else."""
    return WORDS.get(body.strip().lower()) if len(body) <= _LONGEST_WORD + 2 else None


def is_numbered(body: bytes) -> bool:
    """Whether the readings name their streams by number, as over HTTP; else they are named as the device does it."""
    return b'"stream"' in body


def readings(body: bytes, names: Mapping[str, str]) -> Columns:
    """Streams, moments and values of a message, of one length.

    By number the body is that of ``columns_from_json``, and so are the streams. By name it is
    ``{"ts": …, "level": 1.5, "tilt": 0}``, a list of such objects, or columns ``{"ts": […], "level": […]}``; then the
    streams are keys. A null says that nothing was measured, and is passed over.

    Args:
        body: JSON.
        names: name in the message → key of the stream, or ``MOMENT``; dots lead into objects ("object.level"). What is
            not named is passed over. Empty: every name is a key.

    Raises:
        UnreadableError: it is no such message.
    """
    if is_numbered(body):
        return columns_from_json(body)
    try:
        found = _read(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    columns: Columns = ([], [], [])
    for one in found if isinstance(found, list) else [found]:
        if not isinstance(one, dict):
            raise UnreadableError("no object")
        _add(columns, one, names)
    return columns


def _add(columns: Columns, said: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """The readings of one object, or of one object of columns."""
    found = _mapped(said, names) if names else dict(said)
    if MOMENT not in found:
        raise UnreadableError("no moment")
    moments, *values = same_length([found.pop(MOMENT), *found.values()])
    for key, column in zip(found, values, strict=True):
        rows = [(at, value) for at, value in zip(moments, column, strict=True) if value is not None]
        columns[0].extend([key] * len(rows))
        columns[1].extend(at for at, _value in rows)
        columns[2].extend(value for _at, value in rows)


def _mapped(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    found = {MOMENT: said[MOMENT]} if MOMENT in said and MOMENT not in names.values() else {}
    for name, key in names.items():
        value: Any = said
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            found[key] = value
    return found
