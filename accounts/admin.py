"""Master data of the accounts: units, users and what they answer for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services
from accounts.models import ApiKey, Jurisdiction, Unit, User
from kernel.api.base import viewer_of
from kernel.viewer import Role, Viewer
from records.admin import MasterAdmin

admin.site.unregister(Group)  # rights are roles and jurisdiction
admin.site.site_header = admin.site.site_title = gettext_lazy("一张图 · 基础数据")
admin.site.index_title = gettext_lazy("单位、用户、类别、日历")

_MOST_RESETS = 20  # more at once is a slip of the hand


@admin.register(Unit)
class UnitAdmin(MasterAdmin):
    """Departments and township governments."""

    list_display = ("code", "name", "county", "phone", "is_active")
    search_fields = ("code", "name")
    list_filter = ("is_active",)
    autocomplete_fields = ("place",)
    county_path = "county_id"


class JurisdictionInline(admin.TabularInline[Jurisdiction, User]):
    """The places a user answers for."""

    model = Jurisdiction
    extra = 0
    autocomplete_fields = ("place",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change the user."""
        return viewer_of(request).has_role(Role.ADMIN)

    has_view_permission = has_change_permission = has_delete_permission = has_add_permission


@admin.register(User)
class UserAdmin(MasterAdmin):
    """Accounts. Passwords are never typed here: the system makes up a first one, and shows it once."""

    list_display = ("username", "name", "role", "unit", "county", "is_active", "is_demo")
    list_filter = ("role", "is_active", "is_demo")
    search_fields = ("username", "name")
    fields = ("username", "name", "role", "county", "unit", "mobile", "is_active")
    inlines = (JurisdictionInline,)
    actions = ("reset_passwords",)
    county_path = "county_id"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """``?password__startswith=`` would tell a hash letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """User name and county stay what they were when the account was made."""
        return ("username", "county") if obj else ("is_active",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """With a county, which the model leaves open for the operator of the installation."""
        form = super().get_form(request, obj, change, **kwargs)
        if "county" in form.base_fields:
            form.base_fields["county"].required = True
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: an account is disabled, for what it did stays attributed to it."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        """Through the services, which check rights and write the audit."""
        data = form.cleaned_data
        if change:
            fields = {name: data[name] for name in form.changed_data if name in services.EDITABLE}
            services.user_update(by=_by(request, obj), user_id=obj.pk, **fields)
            return
        made, password = services.user_create(
            by=_by(request, obj),
            username=data["username"],
            name=data["name"],
            role=Role(data["role"]),
            unit=data["unit"],
            mobile=data["mobile"],
        )
        obj.pk, obj._state.adding = made.pk, False
        self._tell(request, made, password)

    @admin.action(description=gettext_lazy("重设密码（显示一次新的初始密码）"), permissions=["change"])
    def reset_passwords(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """New first passwords for the chosen users, shown once."""
        users = list(queryset[: _MOST_RESETS + 1])
        if len(users) > _MOST_RESETS:
            self.message_user(request, _("一次最多重设 %d 个账号。") % _MOST_RESETS, messages.ERROR)
            return
        for user in users:
            self._tell(request, user, services.password_reset(by=_by(request, user), user_id=user.pk))

    def _tell(self, request: HttpRequest, user: User, password: str) -> None:
        said = _("“{name}”的初始密码：{password}（只显示这一次，第一次登录时须修改）")
        self.message_user(request, format_html(said, name=user.username, password=password), messages.SUCCESS)


@admin.register(ApiKey)
class ApiKeyAdmin(MasterAdmin):
    """Keys of programs. The key is made up here and shown once."""

    list_display = ("label", "county", "may_write", "rate", "is_active", "created_at")
    list_filter = ("is_active", "may_write")
    fields = ("label", "county", "may_write", "rate", "is_active")
    county_path = "county_id"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """``?key_hash__startswith=`` would tell a hash letter by letter."""
        return not lookup.startswith("key_hash") and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        """A key stays with its county."""
        return ("county",) if obj else ("is_active",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a key is switched off, for what came with it stays attributed to it."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ModelForm[ApiKey], change: bool) -> None:
        """A new one through the service, which makes up the key."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made, key = services.api_key_create(
            by=_by(request, obj), label=obj.label, may_write=obj.may_write, rate=obj.rate
        )
        obj.pk, obj._state.adding = made.pk, False
        said = _("“{name}”的密钥：{key}（只显示这一次）")
        self.message_user(request, format_html(said, name=obj.label, key=key), messages.SUCCESS)


def _by(request: HttpRequest, row: User | ApiKey) -> Viewer:
    """The administrator, in the county of ``row``: services decide whether that is allowed."""
    viewer = viewer_of(request)
    return replace(viewer, county=row.county_id or viewer.county)
