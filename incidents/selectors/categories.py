"""Kinds of matters, and which of them a text speaks of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Category
from incidents.text import Reason, propose
from kernel.errors import Invalid
from kernel.language import is_english, named
from kernel.viewer import Viewer

_NAMED = ("title", "description", "enumNames")
OTHER = "other"
"""Code of the kind that takes what fits nowhere else."""

LINKS = "media_url"
"""Beside the answers: addresses that a client of Open311 named, with blanks between them."""


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A kind of matter as forms show it; ``precision_m`` says how exactly the public sees the place.

    Attributes:
        parent: code of the kind above, None for the first level. Reports are filed under kinds that are nobody's
            parent.
        attributes: JSON Schema of further questions, see ``questions_named``.
    """

    code: str
    title: str
    description: str
    icon: str
    parent: str | None
    precision_m: int
    is_sensitive: bool
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a further question of a kind, as people read it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind that a text may speak of; ``confidence`` 0…1."""

    code: str
    title: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a text seems to be about, as reports keep it: nothing of the text but words that are known anyway.

    Attributes:
        category: None when nothing in it tells.
        is_sure: whether it may stand without a person.
        reasons: why, see ``incidents.text.Reason``.
        model_version: which model said so, "words" for none.
        is_own: whether the model learned from the county's own history.
    """

    category: Guess | None
    is_urgent: bool
    others: tuple[Guess, ...]
    is_sure: bool
    reasons: tuple[Reason, ...]
    model_version: str
    is_own: bool


def categories_of(viewer: Viewer) -> list[CategoryLine]:
    """The kinds in use, in their order. Cost: one query."""
    rows = Category.objects.visible_to(viewer).select_related("parent")
    return [
        CategoryLine(
            code=row.code,
            title=named(row.title, row.title_en),
            description=named(row.description, row.description_en),
            icon=row.icon,
            parent=row.parent.code if row.parent else None,
            precision_m=row.precision_m,
            is_sensitive=row.is_sensitive,
            attributes=questions_named(row.attributes),
        )
        for row in rows
    ]


def questions_named(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The further questions of a kind in the language of the request, in their order.

    Args:
        schema: JSON Schema, in which ``title``, ``description`` and ``enumNames`` may have a twin ``…_en``, and
            ``propertyOrder`` says where a question stands: the database keeps no order of names.
    """
    questions = sorted(schema.get("properties", {}).items(), key=lambda one: one[1].get("propertyOrder", math.inf))
    named_all = {code: _question_named(question) for code, question in questions}
    return {**schema, "properties": named_all} if named_all else dict(schema)


def _question_named(question: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: said for name, said in question.items() if not name.endswith("_en")}
    if is_english():
        shown |= {name: question[f"{name}_en"] for name in _NAMED if question.get(f"{name}_en")}
    if "items" in shown:
        shown["items"] = _question_named(shown["items"])
    return shown


def answers_named(schema: Mapping[str, Any], answers: Mapping[str, Any]) -> tuple[Answer, ...]:
    """What was answered to the questions of a kind, in the language of the request.

    Args:
        schema: of the kind, as it is now; what it no longer asks goes by its code.
        answers: as the report keeps them.
    """
    questions = questions_named(schema).get("properties", {})
    codes = [code for code in dict.fromkeys((*questions, *answers)) if code in answers and code != LINKS]
    asked = [(questions.get(code, {}), code, answers[code]) for code in codes]
    return tuple(Answer(str(question.get("title", code)), _said(question, said)) for question, code, said in asked)


def _said(question: Mapping[str, Any], answer: Any) -> str:
    if isinstance(answer, list):
        return _("、").join(_said(question.get("items", question), one) for one in answer)
    if isinstance(answer, bool):
        return _("是") if answer else _("否")
    named_as = dict(zip(question.get("enum", ()), question.get("enumNames", ()), strict=False))
    return str(named_as.get(answer, answer))


def category_named(viewer: Viewer, code: str) -> Category:
    """The kind ``code`` to file a report under. Cost: two queries.

    Raises:
        Invalid: code "unknown_category", or "category_too_wide" for one that has kinds below it.
    """
    category = Category.objects.visible_to(viewer).filter(code=code).first()
    if category is None:
        raise Invalid(_("没有类别“%s”。") % code[:40], code="unknown_category", field="category")
    if category.children.filter(is_active=True).exists():
        raise Invalid(_("请选更具体的类别。"), code="category_too_wide", field="category")
    return category


def proposal_for(viewer: Viewer, text: str) -> Proposal:
    """What ``text`` seems to be about. Cost: three queries."""
    found = propose(viewer.county, text)
    names = {row.code: named(row.title, row.title_en) for row in Category.objects.visible_to(viewer)}
    guesses = [Guess(one.code, names[one.code], one.confidence) for one in found.others if one.code in names]
    first = Guess(found.category_code, names.get(found.category_code, ""), found.confidence)
    return Proposal(
        category=first if found.category_code else None,
        is_urgent=found.is_urgent,
        others=tuple(guesses),
        is_sure=found.is_sure,
        reasons=found.reasons,
        model_version=found.model_version,
        is_own=found.is_own,
    )
