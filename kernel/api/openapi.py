"""What every operation of the OpenAPI document has in common: the one error shape, county and language."""

from __future__ import annotations

from typing import Any

ERROR_REF = "#/components/schemas/Error"

ERROR: dict[str, Any] = {
    "type": "object",
    "description": "The one error shape: code is for programs, message and hint for people.",
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "field": {"type": "string"},
        "hint": {"type": "string"},
    },
    "required": ["code", "message"],
}

EVERYWHERE: tuple[dict[str, Any], ...] = (
    {
        "in": "query",
        "name": "county",
        "schema": {"type": "string", "pattern": r"^\d{6}$"},
        "description": "Code of the county that is looked at.",
    },
    {
        "in": "query",
        "name": "lang",
        "schema": {"type": "string", "enum": ["zh", "en"]},
        "description": "Language of titles and messages.",
    },
)

METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def complete(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add to every operation the parameters and the error answer that the product gives everywhere.

    A hook of drf-spectacular (POSTPROCESSING_HOOKS).
    """
    result.setdefault("components", {}).setdefault("schemas", {}).setdefault("Error", ERROR)
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            if method in METHODS:
                _complete_operation(operation)
    return result


def _complete_operation(operation: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    named = {(parameter.get("in"), parameter.get("name")) for parameter in parameters}
    parameters += [one for one in EVERYWHERE if ("query", one["name"]) not in named]
    body = {"application/json": {"schema": {"$ref": ERROR_REF}}}
    operation.setdefault("responses", {}).setdefault("default", {"description": "Any error.", "content": body})
