"""The layer of reports: what is drawn lies at the public point, for staff as well: the console has the exact one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.models import Report
from incidents.querysets import FROM_ORDER, own
from incidents.selectors import STATUS_TITLES
from incidents.states import State
from kernel import clock
from kernel.layerspec import Field, LayerSpec, Rule, layers
from kernel.viewer import Audience, Viewer


def _rows(viewer: Viewer) -> QuerySet[Any]:
    # What was merged is shown by the report it went into
    rows = Report.objects.visible_to(viewer).exclude(state=State.MERGED.value)
    return rows.with_status(clock.now())


# Shape first, words second, colour third: tokens and marks of the visual language.
_LOOKS = {
    State.SUBMITTED.value: ("pause", "new"),
    State.NEED_INFO.value: ("pause", "pause"),
    State.ACCEPTED.value: ("work", "new"),
    **dict.fromkeys(FROM_ORDER, ("work", "work")),
    "waiting": ("pause", "pause"),
    "forwarded": ("pause", "work"),
    "returned": ("back", "down"),
    State.ANSWERED.value: ("done", "ok"),
    State.CLOSED.value: ("done", "done"),
    State.REJECTED.value: ("pause", "off"),
    State.WITHDRAWN.value: ("pause", "off"),
}

INCIDENTS = LayerSpec(
    key="incidents",
    title=_("群众反映"),
    geometry="point",
    geom="public_geom",
    rows=_rows,
    own=own,
    title_field="title",
    fields=(
        Field("number", _("编号"), tile=True),
        Field("title", _("标题"), tile=True),
        Field("status", _("状态"), tile=True, filter=True),
        Field("category", _("类别"), source="category__code", tile=True, filter=True),
        Field("category_title", _("类别名称"), source="category__title"),
        Field("category_title_en", _("类别英文名称"), source="category__title_en"),
        Field("icon", _("图标"), source="category__icon", tile=True),
        Field("village", _("村代码"), source="village_id", filter=True),
        Field("village_name", _("村"), source="village__name"),
        Field("village_name_en", _("村英文名称"), source="village__name_en"),
        Field("township", _("乡镇代码"), source="village__parent_id", filter=True),
        Field("submitted_at", _("反映时间"), type="datetime"),
        Field("due_at", _("时限"), type="datetime"),
        Field("is_overdue", _("已超期"), type="boolean", tile=True, filter=True),
        Field("followers", _("关注人数"), type="integer"),
        Field("is_urgent", _("紧急"), type="boolean", tile=True, filter=True),
        Field("text", _("内容"), audience=Audience.GRID, private=True),
        Field("address", _("位置说明"), audience=Audience.GRID, private=True),
    ),
    source="incidents.Report",
    search="search_text",
    area="village_id",
    style_by="status",
    time=("submitted_at",),
    legend=tuple(Rule(status, STATUS_TITLES[status], look, "", mark) for status, (look, mark) in _LOOKS.items()),
    depends_on=("dispatch.WorkOrder", "incidents.Category", "places.Place"),
    zooms=(8, 18),
    order=30,
    default_on=True,
    icon="report",
)


def register() -> None:
    """Declare the layer."""
    layers.add(INCIDENTS)
