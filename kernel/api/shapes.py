"""Serializers of what selectors return, computed from the dataclasses themselves: one declaration, and the schema of
the API can't drift from it."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from rest_framework import serializers

_FIELDS: dict[Any, type[serializers.Field]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
    Any: serializers.JSONField,
}


@functools.cache
def shape_of(declared: type, name: str = "") -> type[serializers.Serializer]:
    """The serializer of a frozen dataclass or a typed dict, with serializers of those inside it.

    Args:
        declared: made of str, int, float, bool, Any, tuples and dicts of them, others of its kind, and ``… | None``.
        name: of the component in the schema; that of the class when empty.
    """
    hints = get_type_hints(declared)
    fields = {name: _field(hint) for name, hint in hints.items()}
    members: Mapping[str, Any] = {**fields, "__doc__": (declared.__doc__ or "").partition("\n")[0]}
    return type(f"{name or declared.__name__}Shape", (serializers.Serializer,), dict(members))


def _field(hint: Any, **options: Any) -> serializers.Field:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (real,) = (one for one in inner if one is not type(None))
        return _field(real, allow_null=True)
    if _is_shaped(hint):
        return shape_of(hint)(**options)
    if origin is tuple:
        child = inner[0]
        if _is_shaped(child):
            return shape_of(child)(many=True, **options)
        return serializers.ListField(child=_field(child), **options)
    if origin is dict:
        return serializers.DictField(child=_field(inner[1]), **options)
    return _FIELDS[hint](**options)


def _is_shaped(hint: Any) -> bool:
    return dataclasses.is_dataclass(hint) or is_typeddict(hint)
