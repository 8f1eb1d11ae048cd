"""The one search box: the sources of the apps, and every layer that can be searched."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.contrib.gis.db.models.functions import Centroid
from django.db.models import Case, F, FloatField, Func, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from kernel import kept
from kernel.geo import distance_m
from kernel.kept import given
from kernel.language import is_english
from kernel.layerspec import Field, LayerSpec
from kernel.search import Hit, SearchQuery, SearchSource, sources
from kernel.viewer import Viewer
from layers.catalogue import layers_for
from layers.compiler import Itself, field_named, shown, visible
from places.models import Place

TEXT_LONGEST = 60
"""Characters of a search: the longest names of places and works are shorter."""

LIMIT_MOST = 50

GAZETTEER = "places.Place"
"""Places are found by the gazetteer (names, pinyin, levels), not once more as rows of their layers."""

PLACE = "place"
"""Kind of the gazetteer's hits."""

ICON = "icon"
"""Name of the field by which rows of a layer have icons of their own."""

SCORES = (1.0, 0.8, 0.6, 0.4)
"""Of a row whose title is, begins with, or contains what was typed, or which is found by other text of it."""


def find(viewer: Viewer, query: SearchQuery) -> list[Hit]:
    """The best hits of all sources, best first, near ones before far ones.

    Cost: the queries of the sources; of the layers one each and one for the names of villages.
    """
    if not query.text:
        return []
    hits = [hit for source in sources for hit in source.find(viewer, query)]
    return sorted(hits, key=_rank)[: query.limit]


def _rank(hit: Hit) -> tuple[float, bool, float, float, str, str]:
    """As well named: the place itself comes before what stands in it and bears its name."""
    far = math.inf if hit.distance_m is None else hit.distance_m
    return -round(hit.score, 1), hit.kind != PLACE, -hit.score, far, hit.title, hit.id


def layers_search(viewer: Viewer, query: SearchQuery) -> list[Hit]:
    """Rows of all layers whose search text holds each word that was typed."""
    found: list[tuple[Hit, str]] = []
    for spec in layers_for(viewer):
        if spec.search and spec.source != GAZETTEER:
            found += _rows(spec, viewer, query)
    names = _names(code for _hit, code in found)
    return [replace(hit, subtitle=_around(code, names)) for hit, code in found]


def register() -> None:
    """Put the layers into the search box."""
    sources.add(SearchSource("layers", layers_search, order=50))


def _rows(spec: LayerSpec, viewer: Viewer, query: SearchQuery) -> list[tuple[Hit, str]]:
    words = query.text.split()
    typed = {f"word{number}": word for number, word in enumerate(words)}
    picked = kept.rows(_picked, viewer, Itself(spec), len(words), query.limit, text=query.text, **typed)
    icon_of = _icons(spec, _look(spec, viewer))
    return [
        (_hit(spec, pk, title, SCORES[step], icon_of(value), (lon, lat), query.near), area or "")
        for pk, title, step, value, area, lon, lat in picked
    ]


def _picked(viewer: Viewer, itself: Itself, words: int, limit: int) -> QuerySet[Any, Any]:
    """The best rows that hold each word: key, title, step of ``SCORES``, look, place code, position (EPSG:4326)."""
    spec = itself.spec
    rows = visible(spec, viewer)
    for number in range(words):
        rows = rows.filter(**{f"{spec.search}__icontains": given(f"word{number}")})
    look = _look(spec, viewer)
    place = F(spec.geom) if spec.geometry == "point" else Centroid(spec.geom)
    columns = (
        "pk",
        "_title",
        "_step",
        shown(spec, viewer, look) if look else Value(""),
        F(spec.area) if spec.area else Value(""),
        Func(place, function="ST_X", output_field=FloatField()),
        Func(place, function="ST_Y", output_field=FloatField()),
    )
    return _ranked(spec, viewer, rows, given("text")).values_list(*columns)[:limit]


def _look(spec: LayerSpec, viewer: Viewer) -> Field | None:
    """The field that decides the icon of a row."""
    return field_named(spec, viewer, ICON) or field_named(spec, viewer, spec.style_by)


def _icons(spec: LayerSpec, look: Field | None) -> Callable[[Any], str]:
    """What finds the icon of a row: a field of that name says it, else the legend, else the layer."""
    if look is not None and look.name == ICON:
        return lambda value: value or spec.icon
    by_value = {rule.when: rule.icon for rule in spec.rules()} if look else {}
    return lambda value: by_value.get(str(value)) or spec.icon


def _ranked(spec: LayerSpec, viewer: Viewer, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    annotated = rows.annotate(_title=_title(spec, viewer))
    step = Case(
        When(_title__iexact=text, then=0),
        When(_title__istartswith=text, then=1),
        When(_title__icontains=text, then=2),
        default=3,
        output_field=IntegerField(),
    )
    ranked: QuerySet[Any] = annotated.annotate(_step=step).order_by("_step", "pk")
    return ranked


def _title(spec: LayerSpec, viewer: Viewer) -> Any:
    """The title of a row in the reader's language: the field of that name with ``_en``, where it says something."""
    field = field_named(spec, viewer, spec.title_field)
    if field is None:
        return Value("")
    title = shown(spec, viewer, field)
    english = field_named(spec, viewer, f"{field.name}_en") if is_english() else None
    return Coalesce(NullIf(shown(spec, viewer, english), Value("")), title) if english else title


def _hit(spec: LayerSpec, pk: Any, title: str, score: float, icon: str, lonlat: tuple[float, float], near: Any) -> Hit:
    far = distance_m(near, lonlat) if near else None
    return Hit(spec.key, str(pk), title or "", "", lonlat, score, icon, distance_m=far)


def _names(codes: Iterable[str]) -> dict[str, str]:
    wanted = {part for code in codes for part in (code[:9], code[:12]) if len(part) in (9, 12)}
    if not wanted:
        return {}
    rows = Place.objects.filter(code__in=wanted).values_list("code", "name", "name_en")
    return {code: (name_en if is_english() and name_en else name) for code, name, name_en in rows}


def _around(code: str, names: dict[str, str]) -> str:
    parts = dict.fromkeys((code[:9], code[:12]))
    return " ".join(names[part] for part in parts if part in names)
