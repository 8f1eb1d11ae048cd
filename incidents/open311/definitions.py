"""Further questions of a category: its JSON Schema as attributes of Open311."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from incidents.selectors import questions_named
from incidents.services.answers import Question, datatype_of, options_of


def attributes_of(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions in their order, as a service definition lists them."""
    required = schema.get("required", [])
    questions = questions_named(schema).get("properties", {}).items()
    return [_attribute(code, question, code in required, n) for n, (code, question) in enumerate(questions, 1)]


def _attribute(code: str, question: Question, required: bool, order: int) -> dict[str, Any]:
    attribute = {
        "variable": not question.get("readOnly", False),
        "code": code,
        "datatype": datatype_of(question),
        "required": required,
        "datatype_description": question.get("description") or None,
        "order": order,
        "description": str(question.get("title", code)),
    }
    options = options_of(question)
    if options:
        attribute["values"] = [{"key": key, "name": name} for key, (name, _value) in options.items()]
    return attribute
