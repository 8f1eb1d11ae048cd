"""What an entity set is: rows of our tables, their properties, and the ways to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression, F, Q, QuerySet, Subquery

from kernel.viewer import Viewer

Row = Any
"""A row of a model, as its set's ``rows`` made it."""

Made = Callable[[str], Expression | F | Subquery]
"""An expression for rows that a path of relations leads to ("", "device__")."""


@dataclass(frozen=True)
class Property:
    """A property of an entity.

    Attributes:
        show: its value as JSON knows it, of a row; None: the entity's own address.
        kind: what filters may do with it: "number", "text", "time", "interval", "geo", "result"; "" for nothing.
        made: the expression that filters and orders use; of an interval its start.
        until: of an interval, the end, which is no longer part of it.
        parts: members of an object, which filters reach by a path ("properties/code").
    """

    show: Callable[[Row], Any] | None
    kind: str = ""
    made: Made | None = None
    until: Made | None = None
    parts: Mapping[str, Property] = field(default_factory=dict)


@dataclass(frozen=True)
class Relation:
    """A way from a row to rows of another set.

    Attributes:
        target: name of the set.
        is_many: whether it may lead to several.
        here: what of this row the others are found by.
        there: the field of the other rows that holds it; ``back`` reads it.
        way: path of relations in the database, "" for the same row; None: no filter goes this way.
    """

    target: str
    is_many: bool
    here: Callable[[Row], Any]
    there: str
    back: Callable[[Row], Any]
    way: str | None = None


@dataclass(frozen=True)
class EntitySet:
    """One of the eight sets.

    Attributes:
        rows: those that a viewer may see.
        number: of a row, its ``@iot.id``.
        find: the condition for the row with a number, for rows that a path of relations leads to.
        key: the expression of that number; None where numbers can only be looked up.
        order: fields that sort it, each row in one place.
    """

    name: str
    rows: Callable[[Viewer], QuerySet[Any]]
    number: Callable[[Row], int]
    find: Callable[[str, int], Q]
    key: Made | None
    order: tuple[str, ...]
    properties: Mapping[str, Property]
    relations: Mapping[str, Relation]


def column(path: str, kind: str = "text") -> Property:
    """A property that is a field of the row; ``path`` may lead over relations ("type__title")."""
    steps = path.split("__")

    def show(row: Row) -> Any:
        for step in steps:
            row = getattr(row, step, None)
        return row

    return Property(show, kind, lambda prefix: F(prefix + path))


def fixed(value: Any) -> Property:
    """A property that is the same for all."""
    return Property(lambda row: value)


def group(**parts: Property) -> Property:
    """An object of properties; members that are None are left out."""

    def show(row: Row) -> dict[str, Any]:
        found = {name: part.show(row) for name, part in parts.items() if part.show}
        return {name: value for name, value in found.items() if value is not None}

    return Property(show, parts=parts)
