"""Master data of dispatch: how long matters may take, and the crews."""

from __future__ import annotations

from django.contrib import admin

from dispatch.models import Crew, Skill, SlaPolicy
from records.admin import MasterAdmin


@admin.register(SlaPolicy)
class SlaPolicyAdmin(MasterAdmin):
    """Lengths by kind, from a day on; orders that are open keep the length they were opened with."""

    county_path = "county"
    list_display = ("title", "kind", "workdays", "valid_from", "basis", "county")
    list_filter = ("kind",)


@admin.register(Crew)
class CrewAdmin(MasterAdmin):
    """Crews, their skills, shifts and capacity."""

    county_path = "county"
    list_display = ("name", "unit", "skills", "shift_start", "shift_end", "capacity", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)


@admin.register(Skill)
class SkillAdmin(MasterAdmin):
    """What skills of crews are called."""

    county_path = "county"
    list_display = ("code", "title", "title_en", "county")
    search_fields = ("code", "title")
