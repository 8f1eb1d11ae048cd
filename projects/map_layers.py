"""The layer of project sites: squares on the map, shaped by status."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kernel.layerspec import Field, LayerSpec, Rule, layers
from kernel.viewer import Audience, Viewer
from projects.models import STATUS_TITLES, Project, ProjectPhoto
from projects.querysets import own
from projects.selectors import PRIVATE_AUDIENCE
from projects.states import Status


def _rows(viewer: Viewer) -> QuerySet[Any]:
    photos = ProjectPhoto.objects.filter(project=OuterRef("pk"), photo__state="published").order_by()
    counted = photos.values("project").annotate(n=Count("pk")).values("n")
    number = Coalesce(Subquery(counted), 0, output_field=IntegerField())
    begun = Coalesce("actual_start", "planned_start")
    return Project.objects.visible_to(viewer).annotate(photo_count=number, start=begun)


# Shape first, words second, colour third: tokens and marks of the visual language.
_LOOKS = {
    Status.NORMAL: ("work", "ok"),
    Status.LATE: ("late", "late"),
    Status.STOPPED: ("pause", "pause"),
    Status.BACKWARD: ("back", "down"),
    Status.DONE: ("done", "done"),
    Status.PLANNED: ("work", "new"),
    Status.CANCELLED: ("pause", "off"),
}

PROJECTS = LayerSpec(
    key="projects",
    title=_("工程项目"),
    geometry="point",
    rows=_rows,
    own=own,
    fields=(
        Field("name", _("名称"), tile=True),
        Field("name_en", _("英文名称"), tile=True),
        Field("code", _("编号")),
        Field("category", _("类别"), source="category_id", tile=True, filter=True),
        Field("category_title", _("类别名称"), source="category__title"),
        Field("category_title_en", _("类别英文名称"), source="category__title_en"),
        Field("icon", _("图标"), source="category__icon", tile=True),
        Field("stage", _("阶段"), filter=True),
        Field("status", _("状态"), tile=True, filter=True),
        Field("actual", _("实际进度"), type="number", unit="%", tile=True),
        Field("planned", _("计划进度"), type="number", unit="%", tile=True),
        Field("month", _("进度月份"), source="progress_month", type="date"),
        Field("note", _("进度说明"), source="progress_note"),
        Field("note_en", _("进度说明（英文）"), source="progress_note_en"),
        Field("owner_unit", _("责任单位"), source="owner_unit__name"),
        Field("owner_unit_en", _("责任单位英文名称"), source="owner_unit__name_en"),
        Field("contractor", _("施工单位")),
        Field("contractor_contact", _("施工联系人"), audience=PRIVATE_AUDIENCE, private=True),
        Field("budget", _("投资"), type="number", unit="元"),
        Field("planned_start", _("计划开工"), type="date"),
        Field("planned_end", _("计划完工"), type="date"),
        Field("actual_start", _("实际开工"), type="date"),
        Field("actual_end", _("实际完工"), type="date"),
        Field("start", _("开工（未开工的按计划）"), type="date"),
        Field("village", _("村代码"), source="village_id", filter=True),
        Field("village_name", _("村"), source="village__name"),
        Field("village_name_en", _("村英文名称"), source="village__name_en"),
        Field("township", _("乡镇代码"), source="village__parent_id", filter=True),
        Field("township_name", _("乡镇"), source="village__parent__name"),
        Field("township_name_en", _("乡镇英文名称"), source="village__parent__name_en"),
        Field("supervision_title", _("监督单位")),
        Field("supervision_title_en", _("监督单位（英文）")),
        Field("supervision_phone", _("监督电话")),
        Field("photo_count", _("照片"), type="integer", unit="张"),
        Field("is_published", _("公开"), type="boolean", audience=Audience.GRID, filter=True),
        Field("updated_at", _("更新时间"), type="datetime"),
    ),
    source="projects.Project",
    search="search_text",
    area="village_id",
    style_by="status",
    time=("start", "actual_end"),
    legend=tuple(
        Rule(status.value, STATUS_TITLES[status], *_LOOKS[status][:1], "", _LOOKS[status][1]) for status in _LOOKS
    ),
    depends_on=(
        "projects.Category",
        "projects.Progress",  # status and figures follow from it
        "projects.Indicator",  # of the progress board, whose answers are as old as this layer
        "projects.ProjectPhoto",
        "media.Photo",
        "accounts.Unit",
        "places.Place",
    ),
    zooms=(8, 18),
    order=40,
    default_on=True,
    icon="work",
)


def register() -> None:
    """Declare the layer."""
    layers.add(PROJECTS)
