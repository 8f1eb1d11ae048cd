"""The layer of devices: hexagons on the map, with the icon of their kind and a mark of their state."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from devices.models import Device
from devices.selectors import STATE_TITLES
from kernel.layerspec import Field, LayerSpec, Rule, layers
from kernel.viewer import Audience, Viewer

# Shape first, words second, colour third: tokens and marks of the visual language.
_LOOKS = {
    "critical": ("late", "late"),
    "warning": ("soon", "soon"),
    "notice": ("work", "new"),
    "offline": ("pause", "off"),
    "online": ("done", "ok"),
    "unknown": ("pause", "even"),
}


def _rows(viewer: Viewer) -> QuerySet[Any]:
    return Device.objects.visible_to(viewer).with_state()


DEVICES = LayerSpec(
    key="devices",
    title=_("感知设备"),
    geometry="point",
    rows=_rows,
    fields=(
        Field("code", _("编号")),
        Field("name", _("名称"), tile=True),
        Field("name_en", _("英文名称"), tile=True),
        Field("type", _("类型"), source="type_id", tile=True, filter=True),
        Field("type_title", _("类型名称"), source="type__title"),
        Field("type_title_en", _("类型英文名称"), source="type__title_en"),
        Field("icon", _("图标"), source="type__icon", tile=True),
        Field("state", _("状态"), tile=True, filter=True),
        Field("since", _("状态时间"), type="datetime"),
        Field("address", _("位置说明")),
        Field("address_en", _("英文位置说明")),
        Field("village", _("村代码"), source="village_id", filter=True),
        Field("village_name", _("所在村"), source="village__name"),
        Field("village_name_en", _("所在村英文名称"), source="village__name_en"),
        Field("township", _("乡镇代码"), source="village__parent_id", filter=True),
        Field("is_published", _("公开"), type="boolean", audience=Audience.GRID),
    ),
    source="devices.Device",
    search="search_text",
    area="village_id",
    style_by="state",
    legend=tuple(Rule(state, STATE_TITLES[state], look, "", mark) for state, (look, mark) in _LOOKS.items()),
    worst_first=True,
    depends_on=("devices.DeviceType", "places.Place"),
    zooms=(8, 18),
    order=35,
    icon="level",
)


def register() -> None:
    """Declare the layer."""
    layers.add(DEVICES)
