"""Pages of the sign-in: they work without JavaScript, in both languages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from axes.helpers import get_cool_off
from django import forms
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, LogoutView, RedirectURLMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import selectors, services
from accounts.models import User
from kernel.api.base import viewer_of
from kernel.api.errors import error_response
from kernel.errors import Invalid, Throttled
from kernel.viewer import Role


class SignInForm(AuthenticationForm):
    """User name and password.

    Django only tells browsers how long a name may be. A longer one must not reach the table of wrong passwords, whose
    column ends at 255 characters.
    """

    username = UsernameField(max_length=User._meta.get_field("username").max_length)

    error_messages = {
        "invalid_login": gettext_lazy("用户名或密码不对。请再核对一次；大小写要分清。"),
        "inactive": gettext_lazy("用户名或密码不对。请再核对一次；大小写要分清。"),
    }


def _page(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """What the pages of the sign-in have in common."""
    english = get_language() == "en"
    other = {**request.GET.dict(), "lang": "zh" if english else "en"}
    return {
        "lang": "en" if english else "zh-CN",
        "other_lang": f"?{urlencode(other)}",
        "county_title": selectors.county_title(viewer_of(request).county),
        "is_demo": settings.DEMO,
        **more,
    }


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class SignIn(LoginView):
    """``/login``: leads back to where one came from, if that is a page of this host."""

    template_name = "accounts/login.html"
    form_class = SignInForm
    redirect_authenticated_user = False

    def get_default_redirect_url(self) -> str:
        """Staff go to their page, citizens to the map; a first password is replaced before anything else."""
        return landing(self.request.user)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        """Where to go now."""
        if self.request.user.must_change_password:  # type: ignore[union-attr]
            return PASSWORD_PAGE
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the demo accounts, in demo mode only."""
        accounts = selectors.demo_accounts(settings.COUNTY, one_per_role=True)
        demo = {"accounts": accounts, "demo_password": services.demo_password() if accounts else ""}
        return {**super().get_context_data(**kwargs), **_page(self.request, **demo)}


PASSWORD_PAGE = "/account/password"  # noqa: S105  an address


def landing(user: User) -> str:
    """The first page after the sign-in."""
    if user.role == Role.ADMIN:
        return "/admin/"
    role = Role(user.role)
    # Officials look at the console, and agents follow there what they reported: their day begins elsewhere.
    if role in selectors.STAFF_PAGES["console"] - {Role.OFFICIAL, Role.VILLAGE_AGENT}:
        return "/console"
    return settings.LOGIN_REDIRECT_URL if role in selectors.STAFF_PAGES["manage"] else "/"


@method_decorator(never_cache, name="dispatch")
class SignOut(LogoutView):
    """``/logout``, by POST only: a link on another page must not sign anybody out."""

    next_page = "/"


class PasswordForm(forms.Form):
    """The present password, and a new one twice."""

    old_password = forms.CharField(strip=False)
    new_password1 = forms.CharField(strip=False, max_length=200)
    new_password2 = forms.CharField(strip=False, max_length=200)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Remember whose password it is."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        """The present password must be right."""
        password = str(self.cleaned_data["old_password"])
        if not self.user.check_password(password):
            raise ValidationError(_("现在的密码不对。"))
        return password

    def clean(self) -> dict[str, Any]:
        """Both new ones must be the same."""
        given = self.cleaned_data
        if given.get("new_password1") != given.get("new_password2"):
            self.add_error("new_password2", _("两次输入的新密码不一样。"))
        return given


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class Password(LoginRequiredMixin, RedirectURLMixin, FormView):
    """``/account/password``: the own password; whoever got one from an administrator is led here first."""

    template_name = "accounts/password.html"
    form_class = PasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the user."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        """Set it, stay signed in here, and say so."""
        try:
            user = services.password_change(by=viewer_of(self.request), password=form.cleaned_data["new_password1"])
        except (ValidationError, Invalid) as error:
            form.add_error("new_password1", getattr(error, "messages", None) or str(error))
            return self.form_invalid(form)
        update_session_auth_hash(self.request, user)
        context = self.get_context_data(form=form, done=True, landing=landing(user))
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the words of the frame."""
        return {**super().get_context_data(**kwargs), **_page(self.request)}


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429 after too many wrong passwords for one name from one address (django-axes calls this)."""
    cool_off = get_cool_off(request)
    minutes = int(cool_off.total_seconds() // 60) if cool_off else 0
    said = Throttled(_("密码错了太多次，这个用户名先锁住 %d 分钟。") % minutes, code="locked_out")
    if request.path.startswith("/api/"):
        return error_response(said)
    return render(request, "accounts/locked.html", _page(request, error=said), status=said.status)
