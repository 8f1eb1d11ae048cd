"""Master data of devices: their kinds, shared by all counties of the database, and what a county takes for an alarm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from devices.models import AlarmRule, Datastream, DeviceType
from devices.mqtt.topics import TopicError, routes_of
from devices.states import Kind
from records.admin import MasterAdmin


class DeviceTypeForm(ModelForm[DeviceType]):
    """A kind whose messages can be understood."""

    def clean_topic(self) -> str:
        """It says which device speaks, and may be subscribed to."""
        topic = str(self.cleaned_data["topic"])
        try:
            routes_of({"": topic})
        except TopicError as error:
            raise ValidationError(_("这个主题不能用：%s") % error) from error
        return topic

    def clean_payload(self) -> dict[str, str]:
        """Names in the message by names of streams."""
        payload: Any = self.cleaned_data["payload"]
        if not isinstance(payload, dict) or not all(isinstance(one, str) for one in payload.values()):
            raise ValidationError(_('要写成 {"消息里的名字": "数据流的标识"}。'))
        return payload


@admin.register(DeviceType)
class DeviceTypeAdmin(MasterAdmin):
    """Kinds of device; a change counts within seconds."""

    form = DeviceTypeForm
    list_display = ("key", "title", "title_en", "icon", "heartbeat_s", "topic", "is_public", "order")
    search_fields = ("key", "title")


class AlarmRuleForm(ModelForm[AlarmRule]):
    """A rule that says what its kind needs, in words rather than as a broken constraint."""

    class Meta:
        """What the numbers mean, which differs by kind."""

        help_texts: ClassVar = {
            "device": gettext_lazy("只看这一台；不填就是这种设备的每一台。"),
            "key": gettext_lazy("例如 level。离线和同村多台不填。"),
            "on": gettext_lazy(
                "单位与数据流相同。变化过快：每小时变化多少，下降写负数；读数不变、缺数：秒；移位：度或米；同村多台：台数。"
            ),
            "off": gettext_lazy("回到这里才恢复，两者之间保持原样，免得来回跳。不填与告警值相同。"),
            "codes": gettext_lazy("只用于状态码，用逗号隔开。"),
            "counts": gettext_lazy("只用于同村多台：数哪条规则的告警。"),
            "for_s": gettext_lazy("不对了这么久才告警。"),
            "clear_s": gettext_lazy("正常了这么久才恢复。"),
            "workdays": gettext_lazy("工单的时限；不填按办理时限。"),
            "escalate_s": gettext_lazy("这么久没人确认就升一级，并告诉督查；不填不升。"),
            "storm_n": gettext_lazy("同村五分钟内超过这么多台就合并成一条；不填不合并。"),
        }

    def clean(self) -> dict[str, Any]:
        """Each kind has what it needs, and the stream is one that such devices have."""
        said = super().clean() or self.cleaned_data
        kind, on, off = str(said.get("kind", "")), said.get("on"), said.get("off")
        for name in _NEEDED.get(kind, ()):
            if said.get(name) in (None, "", []):
                self.add_error(name, _("这种规则要填这一项。"))
        worse = -1 if kind == Kind.BELOW else 1
        if on is not None and off is not None and kind != Kind.RATE and (off - on) * worse > 0:
            self.add_error("off", _("恢复值要在正常的那一边。"))
        self._clean_key(said, kind)
        return said

    def _clean_key(self, said: dict[str, Any], kind: str) -> None:
        if said.get("key") and kind in (Kind.OFFLINE, Kind.VILLAGE):
            self.add_error("key", _("离线和同村多台不看数据流。"))
            return
        key, where = said.get("key"), {"device__type": said.get("type"), "device__county": said.get("county")}
        known = set(Datastream.objects.filter(**where).order_by().values_list("key", flat=True).distinct())
        if key and known and key not in known:
            self.add_error("key", _("这种设备的数据流有：%s。") % "、".join(sorted(known)))


_NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((Kind.ABOVE, Kind.BELOW, Kind.RATE, Kind.STUCK, Kind.MOVED), ("key", "on")),
    Kind.CODE: ("key", "codes"),
    Kind.MISSING: ("key",),
    Kind.VILLAGE: ("on", "counts"),
}
"""Kind → what its rules cannot do without."""


@admin.register(AlarmRule)
class AlarmRuleAdmin(MasterAdmin):
    """Rules of alarms; a change counts from the next reading on."""

    county_path = "county"
    form = AlarmRuleForm
    list_display = ("title", "type", "key", "kind", "on", "off", "level", "is_active", "county")
    list_filter = ("type", "kind", "is_active")
    search_fields = ("title", "title_en", "key")
    raw_id_fields = ("device",)
    fieldsets = (
        (None, {"fields": (("title", "title_en"), "county", "type", "device", "level", "is_active")}),
        (gettext_lazy("什么时候告警"), {"fields": ("kind", "key", "on", "off", "for_s", "clear_s", "codes", "counts")}),
        (gettext_lazy("然后"), {"fields": ("opens_order", "workdays", "escalate_s", "storm_n")}),
    )
