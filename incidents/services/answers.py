"""Answers to the further questions of a category, checked against its JSON Schema, from wherever they come.

Of JSON Schema are known: ``properties`` with ``type`` (string, number, integer, boolean, array of a choice), ``title``,
``description``, ``enum`` with ``enumNames``, ``format`` (date, date-time), ``minimum``, ``maximum``, ``maxLength``,
``readOnly`` and ``propertyOrder``; and ``required``. What people read may have an English twin (``title_en``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from incidents.services.moments import moment_of
from kernel.errors import Invalid

LONG_TEXT = 200
"""Characters from which an answer gets a field of several lines."""

LONGEST = 500
"""Of an answer whose schema says no length."""

Question = Mapping[str, Any]


def texts_of(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Typed answers, as JSON has them, as the texts of a form.

    Raises:
        Invalid: an answer that is neither text, number, truth nor a list of texts.
    """
    found = {}
    for code, value in given.items():
        several = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str | bool | int | float) for one in several):
            raise Invalid(_("“%s”填得不对。") % str(code)[:60], field="attributes")
        found[str(code)] = [str(one).lower() if isinstance(one, bool) else str(one) for one in several]
    return found


def answers_of(
    schema: Mapping[str, Any],
    given: Mapping[str, Sequence[str]],
    field: Callable[[str], str] = lambda _code: "attributes",
    *,
    partial: bool = False,
) -> dict[str, Any]:
    """Typed answers out of the texts of a form; an empty one is none.

    Args:
        schema: of the category.
        given: texts by question.
        field: what a question is called where it was asked.
        partial: whether answers may be missing: whoever takes a call cannot make the caller answer.

    Raises:
        Invalid: an unknown question, one that is missing, or an answer that does not fit.
    """
    questions: Mapping[str, Question] = schema.get("properties", {})
    said = {code: texts for code, all_of in given.items() if (texts := [text for text in all_of if text.strip()])}
    if unknown := [code for code in said if code not in questions or questions[code].get("readOnly")]:
        raise Invalid(_("这一类没有“%s”这一项。") % unknown[0][:60], field=field(unknown[0]))
    if not partial and (
        missing := [code for code in schema.get("required", []) if code in questions and code not in said]
    ):
        raise Invalid(_("请填“%s”。") % questions[missing[0]].get("title", missing[0]), field=field(missing[0]))
    return {code: _answer(code, questions[code], texts, field(code)) for code, texts in said.items()}


def datatype_of(question: Question) -> str:
    """What Open311 calls the kind of answer to a question."""
    if question.get("type") == "array":
        return "multivaluelist"
    if options_of(question):
        return "singlevaluelist"
    if question.get("type") in ("number", "integer"):
        return "number"
    if question.get("format") in ("date", "date-time"):
        return "datetime"
    return "text" if question.get("maxLength", 0) > LONG_TEXT else "string"


def options_of(question: Question) -> dict[str, tuple[str, Any]]:
    """Key → (name, value) of a choice; empty for what is none."""
    if question.get("type") == "boolean":
        return {"true": (_("是"), True), "false": (_("否"), False)}
    choice = question.get("items", {}) if question.get("type") == "array" else question
    values, names = choice.get("enum", []), choice.get("enumNames", [])
    shown = [*names, *values[len(names) :]]
    return {str(value): (str(name), value) for value, name in zip(values, shown, strict=False)}


def _answer(code: str, question: Question, texts: Sequence[str], field: str) -> Any:
    wrong = Invalid(_("“%s”填得不对。") % question.get("title", code), field=field)
    kind, options = datatype_of(question), options_of(question)
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
        return moment_of(texts[0], field).isoformat()
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
