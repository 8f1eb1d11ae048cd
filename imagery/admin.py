"""Master data of the review: why a point is no change."""

from __future__ import annotations

from django.contrib import admin

from imagery.models import RejectReason
from records.admin import MasterAdmin


@admin.register(RejectReason)
class RejectReasonAdmin(MasterAdmin):
    """Reasons of a county; one that was used is switched off, not removed."""

    county_path = "county"
    list_display = ("title", "title_en", "code", "is_lasting", "is_active", "order", "county")
    list_filter = ("is_active",)
