"""The list of layers that exist for a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kernel import clock
from kernel.layerspec import Field, LayerSpec, layers
from kernel.viewer import Viewer
from layers.compiler import Rows, no_layer, rows, time_fields
from layers.query import Query
from layers.statements import Statement


@dataclass(frozen=True, slots=True)
class Extent:
    """What a viewer sees of a layer.

    Attributes:
        count: rows.
        first, last: months ("2026-06") of the time of the rows; None where no row has one. What is still going on
            lasts until today.
    """

    count: int = 0
    first: str | None = None
    last: str | None = None


def layers_for(viewer: Viewer) -> list[LayerSpec]:
    """The layers that exist for ``viewer``, in order."""
    return [spec for spec in layers if viewer.may(spec.audience)]


def layer_for(viewer: Viewer, key: str) -> LayerSpec:
    """The layer ``key``.

    Raises:
        NotFound: there is none of that name for the viewer.
    """
    spec = layers.get(key)
    if spec is None or not viewer.may(spec.audience):
        raise no_layer()
    return spec


def layer_entry(spec: LayerSpec, viewer: Viewer, seen: Extent) -> dict[str, Any]:
    """What the catalogue says of a layer: title, fields, look, how many rows the viewer sees, and of which months.

    Cost: one query for a legend whose lines are rows, none else.
    """
    legend = [
        {"when": rule.when, "title": str(rule.title), "colour": rule.colour, "icon": rule.icon, "shape": rule.shape}
        for rule in spec.rules()
    ]
    fields = [
        {
            "name": field.name,
            "title": str(field.title),
            "type": field.type,
            "unit": field.unit,
            "filter": field.filter,
            "search": bool(spec.search) and field.name == spec.title_field,
        }
        for field in spec.fields_for(viewer)
    ]
    return {
        "key": spec.key,
        "title": str(spec.title),
        "geometry": spec.geometry,
        "order": spec.order,
        "icon": spec.icon,
        "count": seen.count,
        "counted": bool(spec.area),
        "style_by": spec.style_by or None,
        "legend": legend,
        "fields": fields,
        "zooms": list(spec.zooms),
        "worst_first": spec.worst_first,
        "default_on": spec.default_on,
        "time": _time(spec, seen),
    }


def catalogue(viewer: Viewer) -> list[dict[str, Any]]:
    """Entries of all layers that exist for ``viewer``.

    Cost: one query, and one per legend whose lines are rows.
    """
    found = layers_for(viewer)
    extents = extents_of(found, viewer)
    return [layer_entry(spec, viewer, extents[spec.key]) for spec in found]


def extents_of(specs: list[LayerSpec], viewer: Viewer) -> dict[str, Extent]:
    """How many rows of each layer the viewer sees, and of which months. Cost: one query, none without layers."""
    parts, params = [], []
    for spec in specs:
        seen = rows(spec, viewer, time_fields(spec), Query())
        if seen is not None:
            first, last = _months(seen)
            parts.append(f"SELECT %s, count(*), {first}, {last} FROM ({seen.sql}) q")
            params += [spec.key, *seen.params]
    found = Statement(" UNION ALL ".join(parts), tuple(params)).rows() if parts else []
    return {spec.key: Extent() for spec in specs} | {key: Extent(*seen) for key, *seen in found}


def _time(spec: LayerSpec, seen: Extent) -> dict[str, str | None] | None:
    if not spec.time:
        return None
    begin, *end = spec.time
    return {"begin": begin, "end": end[0] if end else None, "from": seen.first, "to": seen.last}


def _months(found: Rows) -> tuple[str, str]:
    """SQL of the first and the last month of the rows of ``q``."""
    if not found.fields:
        return "NULL", "NULL"
    begin, *end = (_day(found, field) for field in found.fields)
    days = [f"max({begin})"]
    if end:
        today = f"DATE '{clock.today().isoformat()}'"
        days += [f"max({end[0]})", f"max({today}) FILTER (WHERE {begin} <= {today} AND {end[0]} IS NULL)"]
    return f"to_char(min({begin}), 'YYYY-MM')", f"to_char(greatest({', '.join(days)}), 'YYYY-MM')"


def _day(found: Rows, field: Field) -> str:
    """SQL of the day of a date or moment, in the county's time zone."""
    column = f"q.{found.column(field)}"
    return column if field.type == "date" else f"({column} AT TIME ZONE '{clock.ZONE.key}')::date"
