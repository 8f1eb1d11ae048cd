"""Further questions of a category: its JSON Schema as attributes of Open311, and answers to them as typed values.

Of JSON Schema are known: ``properties`` with ``type`` (string, number, integer, boolean, array of a choice), ``title``,
``description``, ``enum`` with ``enumNames``, ``format`` (date, date-time), ``minimum``, ``maximum``, ``maxLength`` and
``readOnly``; and ``required``. What people read may have an English twin (``title_en``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from incidents.open311.moments import moment_of
from incidents.selectors import questions_named
from kernel.errors import Invalid

LONG_TEXT = 200
"""Characters from which an answer gets a field of several lines."""

LONGEST = 500
"""Of an answer whose schema says no length; what reports keep (``services.submitting``)."""

Question = Mapping[str, Any]


def attributes_of(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions in their order, as a service definition lists them."""
    required = schema.get("required", [])
    questions = questions_named(schema).get("properties", {}).items()
    return [_attribute(code, question, code in required, n) for n, (code, question) in enumerate(questions, 1)]


def answers_of(schema: Mapping[str, Any], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Typed answers out of the texts of a form; an empty one is none.

    Raises:
        Invalid: an unknown question, one that is missing, or an answer that does not fit.
    """
    questions: Mapping[str, Question] = schema.get("properties", {})
    said = {code: texts for code, all_of in given.items() if (texts := [text for text in all_of if text.strip()])}
    if unknown := [code for code in said if code not in questions or questions[code].get("readOnly")]:
        raise Invalid(_("这一类没有“%s”这一项。") % unknown[0][:60], field=_field(unknown[0]))
    if missing := [code for code in schema.get("required", []) if code in questions and code not in said]:
        raise Invalid(_("请填“%s”。") % questions[missing[0]].get("title", missing[0]), field=_field(missing[0]))
    return {code: _answer(code, questions[code], texts) for code, texts in said.items()}


def _field(code: str) -> str:
    return f"attribute[{code[:60]}]"


def _attribute(code: str, question: Question, required: bool, order: int) -> dict[str, Any]:
    attribute = {
        "variable": not question.get("readOnly", False),
        "code": code,
        "datatype": _datatype(question),
        "required": required,
        "datatype_description": question.get("description") or None,
        "order": order,
        "description": str(question.get("title", code)),
    }
    options = _options(question)
    if options:
        attribute["values"] = [{"key": key, "name": name} for key, (name, _value) in options.items()]
    return attribute


def _datatype(question: Question) -> str:
    if question.get("type") == "array":
        return "multivaluelist"
    if _options(question):
        return "singlevaluelist"
    if question.get("type") in ("number", "integer"):
        return "number"
    if question.get("format") in ("date", "date-time"):
        return "datetime"
    return "text" if question.get("maxLength", 0) > LONG_TEXT else "string"


def _options(question: Question) -> dict[str, tuple[str, Any]]:
    """Key → (name, value) of a choice; empty for what is none."""
    if question.get("type") == "boolean":
        return {"true": (_("是"), True), "false": (_("否"), False)}
    choice = question.get("items", {}) if question.get("type") == "array" else question
    values, names = choice.get("enum", []), choice.get("enumNames", [])
    shown = [*names, *values[len(names) :]]
    return {str(value): (str(name), value) for value, name in zip(values, shown, strict=False)}


def _answer(code: str, question: Question, texts: Sequence[str]) -> Any:
    wrong = Invalid(_("“%s”填得不对。") % question.get("title", code), field=_field(code))
    kind, options = _datatype(question), _options(question)
    if kind == "multivaluelist":
        if any(text not in options for text in texts):
            raise wrong
        return [options[text][1] for text in dict.fromkeys(texts)]
    if len(texts) > 1 or (kind == "singlevaluelist" and texts[0] not in options):
        raise wrong
    if kind == "singlevaluelist":
        return options[texts[0]][1]
    if kind == "number":
        return _number(question, texts[0], wrong)
    if kind == "datetime":
        return moment_of(texts[0], _field(code)).isoformat()
    if len(texts[0]) > min(question.get("maxLength", LONGEST), LONGEST):
        raise wrong
    return texts[0].replace("\x00", "")


def _number(question: Question, text: str, wrong: Invalid) -> int | float:
    try:
        value = int(text) if question.get("type") == "integer" else float(text)
    except ValueError:
        raise wrong from None
    low, high = question.get("minimum", -math.inf), question.get("maximum", math.inf)
    if not math.isfinite(value) or not low <= value <= high:
        raise wrong
    return value
