"""What the addresses below /stac/ take and give, as OpenAPI 3.0.3. Source: STAC API 1.0.0, core ("service-desc")."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from imagery.stac.documents import GEOJSON, JSON, OPENAPI, Document, Site
from imagery.stac.searching import LIMIT, LIMIT_MOST

_TEXT: Document = {"type": "string"}
_TEXTS: Document = {"type": "array", "items": _TEXT}
MEMBERS: dict[str, Document] = {
    "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    "datetime": {**_TEXT, "example": "2026-03-08T00:00:00Z/.."},
    "ids": _TEXTS,
    "collections": _TEXTS,
    "intersects": {"type": "object", "description": "GeoJSON geometry"},
    "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT},
    "token": {**_TEXT, "description": "of the link to the next page"},
}
"""What a search may ask for; ``searching.NAMES`` reads them."""


def openapi(site: Site) -> Document:
    """The description of the service."""
    asked = [_parameter("query", name, schema) for name, schema in MEMBERS.items()]
    key, item = (_parameter("path", name, _TEXT) for name in ("key", "item"))
    body = {"content": {JSON: {"schema": {"type": "object", "properties": MEMBERS}}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": _("卫星影像"), "version": "1.0.0"},
        "servers": [{"url": f"{site.host}/stac"}],
        "paths": {
            "/": {"get": _answer("catalog")},
            "/openapi": {"get": _answer("OpenAPI document", OPENAPI)},
            "/conformance": {"get": _answer("conformance classes")},
            "/collections": {"get": _answer("collections")},
            "/collections/{key}": {"parameters": [key], "get": _answer("collection")},
            "/collections/{key}/items": {"parameters": [key, *asked], "get": _answer("items", GEOJSON)},
            "/collections/{key}/items/{item}": {"parameters": [key, item], "get": _answer("item", GEOJSON)},
            "/search": {
                "get": {"parameters": asked, **_answer("items", GEOJSON)},
                "post": {"requestBody": body, **_answer("items", GEOJSON)},
            },
        },
    }


def _parameter(place: str, name: str, schema: Document) -> Document:
    """Lists are written with commas, an object as its JSON."""
    told: dict[str, Any] = {"name": name, "in": place, "required": place == "path"}
    if schema["type"] == "object":
        return {**told, "content": {JSON: {"schema": schema}}}
    return {**told, "schema": schema, **({"explode": False} if schema["type"] == "array" else {})}


def _answer(what: str, kind: str = JSON) -> Document:
    return {"responses": {"200": {"description": what, "content": {kind: {"schema": {"type": "object"}}}}}}
