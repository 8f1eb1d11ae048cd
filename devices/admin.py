"""Master data of devices: their kinds, shared by all counties of the database, and what a county takes for an alarm."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext as _

from devices.models import AlarmRule, DeviceType
from devices.mqtt.topics import TopicError, routes_of
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


@admin.register(AlarmRule)
class AlarmRuleAdmin(MasterAdmin):
    """Rules of alarms; a change counts from the next reading on."""

    county_path = "county"
    list_display = ("title", "type", "key", "kind", "on", "off", "for_s", "level", "opens_order", "is_active", "county")
    list_filter = ("type", "kind", "is_active")
    raw_id_fields = ("device",)
