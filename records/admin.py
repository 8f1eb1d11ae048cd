"""Django's admin, for master data only: administrators of a county, and every write in the audit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django_tasks_db.models import DBTaskResult

from kernel.api.base import viewer_of
from kernel.viewer import Role
from records.models import AuditEvent, CalendarDay, OutboxMessage, QuarantinedRow
from records.services import Changes, audit_write, changes_between

_NEWEST = 200  # rows of a history; what is older is for manage.py and SQL

admin.site.index_template = "records/admin_index.html"
admin.site.unregister(DBTaskResult)  # no master data


def own_county(request: HttpRequest) -> str | None:
    """The county that the administrator works for; None for the operator of the installation."""
    return getattr(request.user, "county_id", None)


class MasterAdmin(admin.ModelAdmin[Any]):
    """Lists that an administrator looks after.

    Attributes:
        county_path: ORM path of the county's code, by which rows are limited to the administrator's county; "" for
            lists that all counties share.
    """

    county_path = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app appears."""
        return viewer_of(request).has_role(Role.ADMIN)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators see."""
        return viewer_of(request).has_role(Role.ADMIN)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether rows may be added."""
        return self._may_write(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows may be changed; ``get_queryset`` has already left out those of other counties."""
        return self._may_write(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows may be removed."""
        return self._may_write(request)

    def _may_write(self, request: HttpRequest) -> bool:
        return viewer_of(request).has_role(Role.ADMIN)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows of the administrator's county."""
        rows = super().get_queryset(request)
        county = own_county(request)
        return rows.filter(**{self.county_path: county}) if county and self.county_path else rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices of the administrator's county only."""
        county = own_county(request)
        model = db_field.remote_field.model
        if county and model._meta.label == "places.County":
            kwargs["queryset"] = model._default_manager.filter(pk=county)
        elif county and any(field.name == "county" for field in model._meta.fields):
            kwargs["queryset"] = model._default_manager.filter(county_id=county)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Save, with an audit row (the admin holds a transaction around this)."""
        super().save_model(request, obj, form, change)
        self.note(request, "update" if change else "create", obj, form_changes(form))

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseFormSet[Any], change: bool) -> None:
        """Save the rows below, each with an audit row."""
        super().save_formset(request, form, formset, change)
        for one in formset.deleted_objects:  # type: ignore[attr-defined]
            self.note(request, "delete", one, {})
        new = set(map(id, formset.new_objects))  # type: ignore[attr-defined]
        for row in formset.forms:
            if row.has_changed() and row not in formset.deleted_forms:
                verb = "create" if id(row.instance) in new else "update"
                self.note(request, verb, row.instance, form_changes(row))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove, with an audit row."""
        self.note(request, "delete", obj, {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Remove several, each with an audit row."""
        for obj in queryset:
            self.note(request, "delete", obj, {})
        super().delete_queryset(request, queryset)

    def note(self, request: HttpRequest, verb: str, obj: models.Model, changes: Changes) -> None:
        """One audit row."""
        audit_write(by=viewer_of(request), action=f"{obj._meta.model_name}.{verb}", obj=obj, changes=changes)

    def first_by(self, obj: models.Model) -> str:
        """Who did the oldest act on a row that the audit knows: a person, or a command; "" without one."""
        return str(self._events(obj).values_list("actor_label", flat=True).first() or "")

    def _events(self, obj: models.Model) -> models.QuerySet[AuditEvent]:
        """The oldest first."""
        return AuditEvent.objects.filter(object_type=self.opts.label_lower, object_id=str(obj.pk)).order_by("id")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What was done to a row, from the audit, newest first."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": obj,
            "opts": self.opts,
            "object": obj,
            "events": self._events(obj).reverse()[:_NEWEST],
        }
        return TemplateResponse(request, "records/history.html", context)

    # Django's own log of the admin is not kept: the audit is, and can be verified
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Nothing: see ``note``."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Nothing: see ``note``."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """Nothing: see ``note``."""


def form_changes(form: ModelForm[Any]) -> Changes:
    """What a form changed, ``{field: [before, after]}``."""
    names = [name for name in form.changed_data if name in form.cleaned_data]
    after = {name: form.cleaned_data[name] for name in names}
    after = {name: value.pk if isinstance(value, models.Model) else value for name, value in after.items()}
    return changes_between({name: form.initial.get(name) for name in names}, after)


@admin.register(CalendarDay)
class CalendarDayAdmin(MasterAdmin):
    """Days on which the calendar differs from the published one."""

    list_display = ("day", "is_workday", "name", "source")
    list_filter = ("is_workday",)
    date_hierarchy = "day"


@admin.register(OutboxMessage)
class OutboxMessageAdmin(MasterAdmin):
    """Messages on their way, read only: what was tried how often, and why it failed. No texts, no addresses."""

    county_path = "county"
    list_display = ("dedupe_key", "channel", "state", "attempts", "due_at", "created_at", "sent_at", "last_error")
    list_filter = ("state", "channel")
    search_fields = ("dedupe_key",)
    fields = list_display
    readonly_fields = list_display
    ordering = ("-pk",)

    def _may_write(self, request: HttpRequest) -> bool:
        return False


@admin.register(QuarantinedRow)
class QuarantinedRowAdmin(MasterAdmin):
    """Rows of imports that wait, to be looked at."""

    list_display = ("file", "row", "key", "reason", "at")
    list_filter = ("reason", "file")
    search_fields = ("key",)
    county_path = "county"

    fields = ("file", "row", "key", "reason", "at", "data")
    readonly_fields = fields

    def _may_write(self, request: HttpRequest) -> bool:
        return False
