"""A proposal for a text: kind, urgency, how sure, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from incidents.models import Category
from incidents.text import store
from incidents.text.features import prepared, word_hits
from incidents.text.model import TextModel, Vector
from incidents.text.urgency import urgent_words
from kernel.viewer import Viewer

MOST_OTHERS = 3
LEAST_CONFIDENCE = 0.02
"""Kinds less likely than this are no help."""

Hits = Mapping[str, tuple[str, ...]]
"""Everyday words that a text has, by kind."""

WORDS = "words"
"""Version when no model serves: the everyday words of the kinds alone."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind that a text may speak of; ``confidence`` 0…1 holds what it says (calibrated)."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: words of the text, and what they point to.

    Attributes:
        kind: "history": ``count`` reports of the proposed kind had this; "word": an everyday word of the kind;
            "urgent": a word of danger; "pattern": like reports that people called urgent (no word).
    """

    kind: str
    word: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a text seems to be about.

    Attributes:
        category_code: "" when nothing in it tells.
        is_sure: whether the confidence reaches the threshold; below it a person decides.
        others: further kinds, the likely ones first.
        model_version: of the model, or ``WORDS``.
        is_own: whether the model learned from this county's history.
    """

    category_code: str
    confidence: float
    is_sure: bool
    is_urgent: bool
    others: tuple[Guess, ...]
    reasons: tuple[Reason, ...]
    model_version: str
    is_own: bool


def propose(county: str, text: str) -> Proposal:
    """What ``text`` seems to be about, in a county. Cost: two queries, about 0.3 ms of CPU beside them."""
    rows = Category.objects.visible_to(Viewer(county=county)).filter(children=None).values_list("code", "words")
    words = {code: tuple(line.split()) for code, line in rows}
    plain = prepared(text, store.names_of(county))
    serving = store.served(county)
    hits = word_hits(plain, words)
    known = serving and [code for code in serving.model.classes if code in words]
    found = urgent_words(text)
    reasons = [Reason("urgent", word) for word in found]
    if not serving or not known or not plain:
        guesses = _by_words(hits)
        told = _reasons_of_words(hits, guesses)
        return _proposal(guesses, bool(found), [*told, *reasons], version=WORDS, threshold=2.0, is_own=False)
    model = serving.model
    seen = model.vector(plain)
    guesses = _by_model(model, seen, words, hits)
    is_like_urgent = model.urgency(seen) >= model.urgent_from
    if is_like_urgent and not found:
        reasons.append(Reason("pattern"))
    told = _reasons_of_words(hits, guesses)
    if guesses and guesses[0].code in model.classes:
        told = [Reason("history", word, count) for word, count in model.telling(seen, guesses[0].code)] or told
    is_urgent = bool(found) or is_like_urgent
    return _proposal(
        guesses, is_urgent, [*told, *reasons], serving.version, threshold=model.threshold, is_own=serving.is_own
    )


def _proposal(
    guesses: list[Guess], is_urgent: bool, reasons: Iterable[Reason], version: str, threshold: float, is_own: bool
) -> Proposal:
    first = guesses[0] if guesses else Guess("", 0.0)
    others = tuple(guesses[1 : 1 + MOST_OTHERS])
    is_sure = first.confidence >= threshold
    return Proposal(first.code, first.confidence, is_sure, is_urgent, others, tuple(reasons), version, is_own=is_own)


def _by_model(model: TextModel, seen: Vector, words: Collection[str], hits: Hits) -> list[Guess]:
    """The kinds by the model and by everyday words.

    Kinds that it never saw start from the least likely score. What goes to kinds that are not in use here goes to
    nobody: their share makes the others less sure.
    """
    if not len(seen[0]) and not hits:
        return []
    scores = model.scores(seen)
    column = {code: n for n, code in enumerate(model.classes)}
    codes = sorted({*words, *column})
    least = float(scores.min())
    own = np.array([float(scores[column[code]]) if code in column else least for code in codes])
    more = np.array([sum(map(len, hits.get(code, ()))) for code in codes], dtype=float)
    powers = (own + model.word_weight * more) / model.temperature
    chance = np.exp(powers - powers.max())
    chance /= chance.sum()
    order = np.argsort(-chance, kind="stable")
    return [
        Guess(codes[n], round(float(chance[n]), 3))
        for n in order
        if codes[n] in words and chance[n] >= LEAST_CONFIDENCE
    ]


def _by_words(hits: Hits) -> list[Guess]:
    """The kinds by everyday words alone; never sure."""
    scores = {code: sum(map(len, found)) for code, found in hits.items()}
    total = sum(scores.values()) + 1
    return [Guess(code, round(n / total, 3)) for code, n in sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))]


def _reasons_of_words(hits: Hits, guesses: list[Guess]) -> list[Reason]:
    found = hits.get(guesses[0].code, ()) if guesses else ()
    return [Reason("word", word) for word in found]
