"""OpenAPI schemas of what the engine answers. GeoJSON has no serializer: its bytes are made by PostgreSQL."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
BBOX: Schema = {
    "type": "array",
    "items": NUMBER,
    "minItems": 4,
    "maxItems": 4,
    "description": "west, south, east, north; degrees, EPSG:4326",
}
BY: Schema = {
    "type": "object",
    "additionalProperties": INTEGER,
    "description": "value of the layer's style field → number of rows",
}
ID: Schema = {"oneOf": [INTEGER, STRING], "description": "a number; of a place its code"}


def ref(name: str) -> Schema:
    """A reference to a schema of this document."""
    return {"$ref": f"#/components/schemas/{name}"}


def listing(items: Schema) -> Schema:
    """An array of ``items``."""
    return {"type": "array", "items": items}


def nullable(schema: Schema) -> Schema:
    """``schema`` or null."""
    return {**schema, "nullable": True}


def shape(description: str, optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """An object whose properties are all there, except the ``optional`` ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": description, "properties": properties, "required": required}


def one_of(*values: str) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(values)}


SCHEMAS: dict[str, Schema] = {
    "LegendRule": shape(
        "Rows whose style field equals `when` look like this.",
        when=STRING,
        title=STRING,
        colour={"type": "string", "description": "a token of the visual language, or #rrggbb"},
        icon=STRING,
        shape=STRING,
    ),
    "LayerField": shape(
        "One attribute of a layer.",
        name=STRING,
        title=STRING,
        type={"type": "string", "description": "string, integer, number, boolean, date, datetime or json"},
        unit=STRING,
        filter={"type": "boolean", "description": "`?name=value,other` selects by it"},
        search={"type": "boolean", "description": "the search box finds it"},
    ),
    "LayerTime": shape(
        "The time of the rows; `datetime` selects by it.",
        begin={"type": "string", "description": "field; the time itself when there is no end"},
        end={**nullable(STRING), "description": "field; a row without an end is still going on"},
        **{
            "from": {**nullable(STRING), "description": "first month, 2026-01"},
            "to": {**nullable(STRING), "description": "last month; what is going on lasts until today"},
        },
    ),
    "Layer": shape(
        "A layer, as far as it exists for the viewer.",
        key=STRING,
        title=STRING,
        geometry={"type": "string", "description": "point, line or polygon"},
        order=INTEGER,
        icon=STRING,
        count={"type": "integer", "description": "rows that the viewer sees"},
        counted={"type": "boolean", "description": "whether there are counts by township and village"},
        style_by=nullable(STRING),
        legend=listing(ref("LegendRule")),
        fields=listing(ref("LayerField")),
        zooms={"type": "array", "items": INTEGER, "minItems": 2, "maxItems": 2},
        worst_first=BOOLEAN,
        default_on=BOOLEAN,
        time={"allOf": [ref("LayerTime")], "nullable": True},
    ),
    "LayerCatalogue": shape("All layers that exist for the viewer.", layers=listing(ref("Layer"))),
    "Geometry": shape(
        "A GeoJSON geometry (RFC 7946); positions are lon, lat in degrees with 6 decimals.",
        type=STRING,
        coordinates={"type": "array", "items": {}},
    ),
    "Feature": shape(
        "A GeoJSON feature. A private property is null where the row is not the viewer's own.",
        type={"type": "string", "enum": ["Feature"]},
        id=ID,
        geometry={"allOf": [ref("Geometry")], "nullable": True},
        properties={"type": "object", "additionalProperties": True},
    ),
    "FeatureCollection": shape(
        "A page of features, by primary key.",
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=listing(ref("Feature")),
        next={**nullable(STRING), "description": "link to the following page"},
    ),
    "Cluster": shape(
        "Rows near each other; they stand at their mean.",
        ("id",),
        lon=NUMBER,
        lat=NUMBER,
        count=INTEGER,
        by=BY,
        id={**ID, "description": "id of the feature when it is alone"},
        bbox=BBOX,
    ),
    "Clusters": shape("Clusters of a layer.", clusters=listing(ref("Cluster")), total=INTEGER),
    "PlaceCount": shape("Rows in one place.", code=STRING, name=STRING, count=INTEGER, by=BY),
    "PlaceCounts": shape(
        "Rows by place, places without rows included.",
        level={"type": "string", "description": "township or village"},
        counts=listing(ref("PlaceCount")),
        outside={"type": "integer", "description": "rows that lie in no place of the level"},
    ),
    "LayerChanges": shape(
        "Which layers changed. Equal versions mean that nothing did.",
        id={"type": "string", "description": "give it as `since` the next time"},
        reset={
            "type": "boolean",
            "description": "whether all are named: nothing was known of the reader",
        },
        changed={"type": "object", "additionalProperties": STRING, "description": "key of a layer → its version"},
    ),
    "SearchResult": shape(
        "Something that was found.",
        kind={"type": "string", "description": "place, category, facility, project, or the key of a layer"},
        key={"type": "string", "description": "key of its layer; of a place its level"},
        id=STRING,
        title=STRING,
        subtitle=STRING,
        lon=nullable(NUMBER),
        lat=nullable(NUMBER),
        bbox={**BBOX, "nullable": True},
        distance_m=nullable(NUMBER),
        icon=STRING,
    ),
    "SearchResults": shape("The best first.", results=listing(ref("SearchResult"))),
}


def add(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Put the schemas into the document; a hook of drf-spectacular (POSTPROCESSING_HOOKS)."""
    result.setdefault("components", {}).setdefault("schemas", {}).update(SCHEMAS)
    return result
