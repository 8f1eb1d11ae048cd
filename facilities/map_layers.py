"""What facilities offer to map and search box: the layer, and their categories by name."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from facilities.models import Category, Facility
from facilities.querysets import own
from facilities.selectors import categories_search
from kernel.language import named
from kernel.layerspec import Field, LayerSpec, Rule, layers
from kernel.search import SearchSource, sources
from kernel.viewer import Audience, Viewer


def _rows(viewer: Viewer) -> QuerySet[Any]:
    return Facility.objects.visible_to(viewer).with_photo_count()


def _legend() -> tuple[Rule, ...]:
    """One line per category. Facilities have one colour and are told apart by icon (visual language, marks by form)."""
    return tuple(
        Rule(category.key, named(category.title, category.title_en), "edge", icon=category.icon, shape="circle")
        for category in Category.objects.all()
    )


FACILITIES = LayerSpec(
    key="facilities",
    title=_("公共设施"),
    geometry="point",
    rows=_rows,
    own=own,
    fields=(
        Field("code", _("编号")),
        Field("name", _("名称"), tile=True),
        Field("name_en", _("英文名称"), tile=True),
        Field("category", _("类别"), source="category_id", tile=True, filter=True),
        Field("category_title", _("类别名称"), source="category__title"),
        Field("category_title_en", _("类别英文名称"), source="category__title_en"),
        Field("icon", _("图标"), source="category__icon", tile=True),
        Field("status", _("状态"), tile=True, filter=True),
        Field("address", _("地址")),
        Field("hours", _("开放时间")),
        Field("hours_en", _("开放时间（英文）")),
        Field("phone", _("电话")),
        Field("services", _("服务内容"), type="json"),
        Field("village", _("村代码"), source="village_id", filter=True),
        Field("village_name", _("所在村"), source="village__name"),
        Field("village_name_en", _("所在村英文名称"), source="village__name_en"),
        Field("township", _("乡镇代码"), source="village__parent_id", filter=True),
        Field("photo_count", _("照片"), type="integer"),
        Field("updated_at", _("更新时间"), type="datetime"),
        Field("is_published", _("公开"), type="boolean", audience=Audience.GRID),
        Field("manager", _("管理人"), audience=Audience.GRID, private=True),
        Field("manager_mobile", _("管理人手机"), audience=Audience.GRID, private=True),
    ),
    source="facilities.Facility",
    search="search_text",
    area="village_id",
    style_by="category",
    legend=_legend,
    zooms=(10, 18),
    order=40,
    icon="toilet",
    depends_on=("facilities.Category", "facilities.FacilityPhoto", "media.Photo", "places.Place"),
)


def register() -> None:
    """Declare the layer and the categories."""
    layers.add(FACILITIES)
    sources.add(SearchSource("facility-categories", categories_search, order=20))
