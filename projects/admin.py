"""Master data of projects: categories and indicators, shared by all counties of the database."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from kernel.search import search_text
from projects.models import Category, Indicator
from records.admin import MasterAdmin


@admin.register(Category)
class CategoryAdmin(MasterAdmin):
    """Kinds of projects."""

    list_display = ("key", "title", "title_en", "icon", "order")
    search_fields = ("key", "title")

    def save_model(self, request: HttpRequest, obj: Category, form: ModelForm[Any], change: bool) -> None:
        """With what it is found by."""
        obj.search_text = search_text(obj.title, obj.title_en)
        super().save_model(request, obj, form, change)


@admin.register(Indicator)
class IndicatorAdmin(MasterAdmin):
    """What monthly progress is measured by."""

    list_display = ("key", "title", "title_en", "unit", "order")
