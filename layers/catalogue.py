"""The list of layers that exist for a viewer."""

from __future__ import annotations

from typing import Any

from kernel.layerspec import LayerSpec, layers
from kernel.viewer import Viewer
from layers.compiler import no_layer, rows
from layers.query import Query
from layers.statements import Statement


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


def layer_entry(spec: LayerSpec, viewer: Viewer, count: int) -> dict[str, Any]:
    """What the catalogue says of a layer: title, fields, look, and how many rows the viewer sees.

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
        "count": count,
        "counted": bool(spec.area),
        "style_by": spec.style_by or None,
        "legend": legend,
        "fields": fields,
        "zooms": list(spec.zooms),
        "default_on": spec.default_on,
        "time": spec.time or None,
    }


def catalogue(viewer: Viewer) -> list[dict[str, Any]]:
    """Entries of all layers that exist for ``viewer``.

    Cost: one query, and one per legend whose lines are rows.
    """
    found = layers_for(viewer)
    counts = rows_counted(found, viewer)
    return [layer_entry(spec, viewer, counts[spec.key]) for spec in found]


def rows_counted(specs: list[LayerSpec], viewer: Viewer) -> dict[str, int]:
    """How many rows of each layer the viewer sees. Cost: one query, none without layers."""
    parts, params = [], []
    for spec in specs:
        seen = rows(spec, viewer, (), Query())
        if seen is not None:
            parts.append(f"SELECT %s, count(*) FROM ({seen.sql}) q")
            params += [spec.key, *seen.params]
    found = Statement(" UNION ALL ".join(parts), tuple(params)).rows() if parts else []
    return {spec.key: 0 for spec in specs} | dict(found)
