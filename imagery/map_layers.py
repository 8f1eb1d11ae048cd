"""The layer of published points: circles with the icon of their kind and a mark of their stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from imagery.models import KIND_TITLES, STAGE_TITLES, PublishedPoint
from imagery.services.published import CELL_M
from imagery.states import Stage
from kernel.layerspec import Field, LayerSpec, Rule, layers
from kernel.viewer import Viewer

# Shape first, words second, colour third: tokens and marks of the visual language.
_LOOKS = {Stage.FOUND: ("work", "new"), Stage.HANDLING: ("work", "work"), Stage.HANDLED: ("done", "done")}
_LANGUAGES = (("", "zh-hans"), ("_en", "en"))
"""How the name of a field ends in each."""


def _rows(viewer: Viewer) -> QuerySet[Any]:
    titles = {
        f"{name}_title{end}": _words(name, words, language)
        for name, words in (("kind", KIND_TITLES), ("stage", STAGE_TITLES))
        for end, language in _LANGUAGES
    }
    where = {f"position{end}": _generalised(language) for end, language in _LANGUAGES}
    return PublishedPoint.objects.visible_to(viewer).annotate(**titles, **where)


def _words(name: str, titles: Mapping[Any, Any], language: str) -> Case:
    """What a value of the field ``name`` is called."""
    with translation.override(language):
        said = [When(**{name: one.value}, then=Value(str(title))) for one, title in titles.items()]
    return Case(*said, output_field=CharField())


def _generalised(language: str) -> Value:
    """That the place of a row is not the true one, in words."""
    with translation.override(language):
        return Value(str(_("所在 %d 米网格的中心")) % CELL_M, output_field=CharField())


CHANGEPOINTS = LayerSpec(
    key="changepoints",
    title=_("变化图斑"),
    geometry="point",
    rows=_rows,
    fields=(
        Field("name", _("编号"), tile=True),
        Field("kind", _("类型"), tile=True, filter=True),
        Field("kind_title", _("类型名称")),
        Field("kind_title_en", _("类型英文名称")),
        Field("stage", _("进度"), tile=True, filter=True),
        Field("stage_title", _("进度名称")),
        Field("stage_title_en", _("进度英文名称")),
        Field("found_on", _("发现日期"), type="date"),
        Field("handled_on", _("处理日期"), type="date"),
        Field("position", _("标注位置")),
        Field("position_en", _("标注位置英文说明")),
        Field("village", _("村代码"), source="village_id", filter=True),
        Field("village_name", _("所在村"), source="village__name"),
        Field("village_name_en", _("所在村英文名称"), source="village__name_en"),
        Field("township", _("乡镇代码"), source="village__parent_id", filter=True),
    ),
    source="imagery.PublishedPoint",
    area="village_id",
    style_by="stage",
    legend=tuple(Rule(one.value, STAGE_TITLES[one], look, "layers", mark) for one, (look, mark) in _LOOKS.items()),
    time=("found_on", "handled_on"),
    depends_on=("places.Place",),
    zooms=(8, 18),
    order=60,
    icon="layers",
)


def register() -> None:
    """Declare the layer."""
    layers.add(CHANGEPOINTS)
