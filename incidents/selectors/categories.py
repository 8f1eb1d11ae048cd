"""Kinds of matters, and which of them a text speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Category
from kernel.errors import Invalid
from kernel.language import named
from kernel.viewer import Viewer

OTHER = "other"
"""Code of the kind that takes what fits nowhere else."""

URGENT_WORDS = (
    *("着火", "起火", "爆炸", "漏电", "触电", "燃气泄漏", "煤气泄漏", "漏气", "坍塌", "塌方", "塌陷", "滑坡", "溺水"),
    *("落水", "决堤", "爆管", "井盖丢失", "井盖没了", "高压线", "断电", "中毒", "有人受伤", "随时会倒", "马上要倒"),
)
"""What cannot wait for a working day; a person decides."""

MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A kind of matter as forms show it; ``precision_m`` says how exactly the public sees the place.

    Attributes:
        parent: code of the kind above, None for the first level. Reports are filed under kinds that are nobody's
            parent.
        attributes: JSON Schema of further questions.
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
class Guess:
    """A kind that a text may speak of; ``confidence`` 0…1."""

    code: str
    title: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a text seems to be about; ``category`` None when nothing in it tells."""

    category: Guess | None
    is_urgent: bool
    others: tuple[Guess, ...]


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
            attributes=row.attributes,
        )
        for row in rows
    ]


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
    """What ``text`` seems to be about, by the everyday words of the kinds. Cost: one query."""
    leaves = list(Category.objects.visible_to(viewer).filter(children=None))
    hits = [(sum(len(word) for word in row.words.split() if word in text), row) for row in leaves]
    found = sorted(((score, row) for score, row in hits if score), key=lambda hit: (-hit[0], hit[1].order))
    total = sum(score for score, _row in found)
    guesses = [Guess(row.code, named(row.title, row.title_en), round(score / (total + 1), 3)) for score, row in found]
    urgent = any(word in text for word in URGENT_WORDS)
    return Proposal(guesses[0] if guesses else None, urgent, tuple(guesses[1 : 1 + MOST_OTHERS]))
