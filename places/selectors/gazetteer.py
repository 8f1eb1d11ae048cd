"""Places by name, pinyin, initials and code."""

from __future__ import annotations

import unicodedata

from django.contrib.gis.db.models.functions import Envelope
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from kernel import kept
from kernel.geo import LonLat, distance_m
from kernel.kept import given
from kernel.language import named
from kernel.search import Hit, SearchQuery
from kernel.viewer import Viewer
from places.models import Level, Place
from places.selectors.geography import CODE_LENGTHS, box_of, lonlat_of

_CANDIDATES = 100
"""Rows of which the best hits are chosen; the database has put the likely ones first."""

_FEW_LETTERS = 2
"""So few Latin letters stand inside the pinyin of anything (xinfeNG Cun): they count where a word begins."""


def places_search(viewer: Viewer, query: SearchQuery) -> list[Hit]:
    """Places by name, pinyin, initials or code, the best first. Cost: one query.

    Exact names come before names that begin so, these before initials, these before names that contain what was
    typed; among equals larger places first, then nearer ones.
    """
    typed = "".join(unicodedata.normalize("NFKC", query.text).lower().split())
    if not typed:
        return []
    is_start = typed.isascii() and typed.isalpha() and len(typed) <= _FEW_LETTERS
    ranked = kept.rows(_matching, viewer, is_start, typed=typed)
    hits = [_hit(place, typed, query.near) for place in ranked]
    hits.sort(key=lambda hit: (-hit.score, hit.distance_m or 0.0, hit.id))
    return hits[: query.limit]


def _matching(viewer: Viewer, is_start: bool) -> QuerySet[Place]:
    typed = given("typed")
    begins, word = Q(search_text__istartswith=typed), Q(search_text__icontains=f" {typed}")
    named_so = begins | word if is_start else Q(search_text__icontains=typed)
    likely = Case(
        When(Q(name__iexact=typed) | Q(code=typed), then=Value(0)),
        When(begins | Q(code__startswith=typed), then=Value(1)),
        When(word, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    matching = Place.objects.visible_to(viewer).filter(named_so | Q(code__startswith=typed))
    rows = matching.select_related("parent", "parent__parent").annotate(box=Envelope("geom")).only(
        *("code", "level", "name", "name_en", "search_text", "center"),
        *("parent__name", "parent__name_en", "parent__parent__name", "parent__parent__name_en"),
    )  # fmt: skip
    return rows.order_by(likely, Length("code"), "code")[:_CANDIDATES]


def _score(place: Place, typed: str) -> float:
    """How well ``typed`` names the place: 1 exactly … 0.4 somewhere inside, a little less for smaller places.

    A grid is a matter of the staff: it comes after everything else of that name.
    """
    name, pinyin, initials, *_more = [*place.search_text.split(" "), "", "", ""]
    full = (name, pinyin, place.code)
    if typed in full:
        score = 1.0
    elif any(word.startswith(typed) for word in full):
        score = 0.8
    else:
        score = 0.6 if initials.startswith(typed) else 0.4
    if place.level == Level.GRID:
        return score * 0.3
    return score - 0.001 * (len(place.code) - CODE_LENGTHS[0])


def _hit(place: Place, typed: str, near: LonLat | None) -> Hit:
    around = [above for above in (place.parent, place.parent.parent if place.parent else None) if above]
    shown = around[:1] if place.level != Level.GRID else around
    lonlat = lonlat_of(place.center)
    return Hit(
        kind="place",
        id=place.code,
        title=named(place.name, place.name_en),
        subtitle=" ".join(named(above.name, above.name_en) for above in reversed(shown)),
        lonlat=lonlat,
        score=_score(place, typed),
        icon=place.level,
        bbox=box_of(place),
        distance_m=distance_m(near, lonlat) if near else None,
    )
