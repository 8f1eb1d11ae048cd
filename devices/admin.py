"""Master data of devices: what a county takes for an alarm."""

from __future__ import annotations

from django.contrib import admin

from devices.models import AlarmRule
from records.admin import MasterAdmin


@admin.register(AlarmRule)
class AlarmRuleAdmin(MasterAdmin):
    """Rules of alarms; a change counts from the next reading on."""

    county_path = "county"
    list_display = ("title", "type", "key", "kind", "on", "off", "for_s", "level", "opens_order", "is_active", "county")
    list_filter = ("type", "kind", "is_active")
    raw_id_fields = ("device",)
