"""One act on several rows: each by itself, and a line for each says what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from rest_framework import serializers
from rest_framework.response import Response

from kernel.errors import DomainError


class BulkLine(serializers.Serializer):
    """What became of one row: its new state and version, or why it stays as it was."""

    id = serializers.IntegerField()
    ok = serializers.BooleanField()
    state = serializers.CharField(required=False)
    version = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    message = serializers.CharField(required=False)
    field = serializers.CharField(required=False)
    hint = serializers.CharField(required=False)


class BulkAnswer(serializers.Serializer):
    """One line for each row, in the order given."""

    items = BulkLine(many=True)


class Moved(Protocol):
    """A row after a move."""

    state: Any
    version: Any


def each(keys: Iterable[int], act: Callable[[int], Moved]) -> Response:
    """Do ``act`` to every row once, by its key; what is refused for one does not stop the others."""
    return Response({"items": [_line(key, act) for key in dict.fromkeys(keys)]})


def _line(key: int, act: Callable[[int], Moved]) -> dict[str, object]:
    try:
        row = act(key)
    except DomainError as error:
        return {"id": key, "ok": False, **error.as_dict()}
    return {"id": key, "ok": True, "state": row.state, "version": row.version}
