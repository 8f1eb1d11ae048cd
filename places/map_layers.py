"""What places offer upward: the areas that are clicked, and the gazetteer in the one search box."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.layerspec import Field, LayerSpec, layers
from kernel.search import SearchSource, sources
from kernel.viewer import Viewer
from places.models import Level, Place
from places.selectors import places_search


def _townships(viewer: Viewer) -> QuerySet[Any]:
    return Place.objects.visible_to(viewer).of_level(Level.TOWNSHIP)


def _villages(viewer: Viewer) -> QuerySet[Any]:
    return Place.objects.visible_to(viewer).of_level(Level.VILLAGE)


_ITSELF = (
    Field("code", _("代码"), tile=True, filter=True),
    Field("name", _("名称"), tile=True),
    Field("name_en", _("英文名称"), tile=True),
    Field("kind", _("类型"), tile=True, filter=True),
    Field("households", _("户数"), type="integer", unit="户"),
    Field("population", _("人口"), type="integer", unit="人"),
)

TOWNSHIPS = LayerSpec(
    key="townships",
    title=_("乡镇"),
    geometry="polygon",
    rows=_townships,
    fields=_ITSELF,
    source="places.Place",
    search="search_text",
    area="code",
    zooms=(8, 11),
    order=10,
    default_on=True,
    icon="township",
)

VILLAGES = LayerSpec(
    key="villages",
    title=_("村和社区"),
    geometry="polygon",
    rows=_villages,
    fields=(
        *_ITSELF,
        Field("township", _("乡镇代码"), source="parent_id", tile=True, filter=True),
        Field("township_name", _("乡镇"), source="parent__name"),
        Field("township_name_en", _("乡镇英文名称"), source="parent__name_en"),
    ),
    source="places.Place",
    search="search_text",
    area="code",
    zooms=(10, 18),
    order=20,
    default_on=True,
    icon="village",
)


def register() -> None:
    """Declare the two layers and the gazetteer."""
    layers.add(TOWNSHIPS)
    layers.add(VILLAGES)
    sources.add(SearchSource("places", places_search, order=10))
