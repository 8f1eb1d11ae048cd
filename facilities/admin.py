"""Master data of facilities: the categories, shared by all counties of the database."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from facilities.models import Category
from kernel.search import search_text
from records.admin import MasterAdmin


@admin.register(Category)
class CategoryAdmin(MasterAdmin):
    """Kinds of facilities."""

    list_display = ("key", "title", "title_en", "icon", "order")
    search_fields = ("key", "title")

    def save_model(self, request: HttpRequest, obj: Category, form: ModelForm[Any], change: bool) -> None:
        """With what it is found by."""
        obj.search_text = search_text(obj.title, obj.title_en)
        super().save_model(request, obj, form, change)
