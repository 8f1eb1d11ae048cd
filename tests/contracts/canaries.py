"""Canaries: a text of its own in every column that the public must not see, so that a leak names its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from kernel.layerspec import LayerSpec

_TOKEN = re.compile(rb"canary\d{4}|77\d{5}77")


@dataclass(frozen=True)
class Planted:
    """Where a canary sits.

    Attributes:
        field: name of the private field that shows the column, "" when no field of the layer does.
    """

    label: str
    column: str
    field: str


def plant(spec: LayerSpec, rows: Mapping[str, models.Model]) -> dict[bytes, Planted]:
    """Write a canary into every private field of the rows, and into every text column that no public field shows."""
    planted: dict[bytes, Planted] = {}
    for label, row in rows.items():
        changes: dict[str, Any] = {}
        for column in row._meta.concrete_fields:
            field = _field(spec, column)
            token = _token(column, len(planted))
            if token is None or not (field or _is_undeclared(spec, column)):
                continue
            changes[column.attname] = token
            planted[str(token).encode()] = Planted(label, column.name, field)
        type(row)._default_manager.filter(pk=row.pk).update(**changes)
    return planted


def found(answer: bytes, planted: Mapping[bytes, Planted]) -> set[tuple[str, str]]:
    """(label, private field) of every canary in ``answer``; a column without a field shows as "column!"."""
    hits = [planted[token] for token in set(_TOKEN.findall(answer)) if token in planted]
    return {(hit.label, hit.field or f"{hit.column}!") for hit in hits}


def _token(column: models.Field[Any, Any], number: int) -> str | int | None:
    if isinstance(column, models.CharField | models.TextField) and not column.choices and not column.unique:
        return f"canary{number:04}"
    if isinstance(column, models.IntegerField) and not column.primary_key and not column.is_relation:
        return 770_000_077 + number * 100
    return None


def _field(spec: LayerSpec, column: models.Field[Any, Any]) -> str:
    names = {column.name, column.attname}
    return next((field.name for field in spec.fields if field.private and field.path in names), "")


def _is_undeclared(spec: LayerSpec, column: models.Field[Any, Any]) -> bool:
    """A text that the layer neither shows nor is found by. Numbers that no field shows may be anything, and stay."""
    used = {field.path for field in spec.fields} | {spec.search, spec.area, spec.county}
    is_text = isinstance(column, models.CharField | models.TextField)
    return is_text and not column.is_relation and not column.primary_key and column.name not in used
