"""Master data of places: the counties of this database. Places themselves come from imports and staff pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from places.models import County, Place
from records.admin import MasterAdmin


@admin.register(County)
class CountyAdmin(MasterAdmin):
    """What a county is called, and the 审图号 of its base map."""

    list_display = ("code", "name", "is_demo", "approval_number")
    fields = ("code", "name", "name_en", "approval_number", "boundary_source", "cells_illustrative", "is_demo")
    readonly_fields = ("code", "boundary_source", "cells_illustrative", "is_demo")
    county_path = "pk"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a county comes with its outline (load_county)."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: everything in the database hangs on it."""
        return False


@admin.register(Place)
class PlaceAdmin(MasterAdmin):
    """Only looked up, by fields that point to a place."""

    search_fields = ("name", "code", "search_text")
    fields = ("code", "name", "level")
    county_path = "county_id"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in the list of lists."""
        return False

    def _may_write(self, request: HttpRequest) -> bool:
        return False
