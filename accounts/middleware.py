"""Puts the Viewer on every request: who looks, and at which county."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import selectors
from kernel.api.views import answer
from kernel.errors import Forbidden, NotFound
from kernel.viewer import Viewer

View = Callable[[HttpRequest], HttpResponse]

PASSWORD_PAGE = "/account/password"  # noqa: S105  an address
WITHOUT_PASSWORD_CHANGE = (PASSWORD_PAGE, "/logout", "/api/session/", "/static/", "/embed", "/healthz", "/readyz")
"""What still opens for somebody who must set a new password first."""


def viewer(get_response: View) -> View:
    """Set ``request.viewer``; it is computed at its first use.

    ``?county=`` must name a county of this database; without it the county is ``settings.COUNTY``. Django's admin has
    parameters of its own and works in the county of the administrator.
    """

    def look(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/"):
            request.viewer = SimpleLazyObject(lambda: _at_home(request))  # type: ignore[attr-defined]
            return _must_change_password(request) or get_response(request)
        county = request.GET.get("county", "").strip() or settings.COUNTY
        if county != settings.COUNTY and not selectors.county_exists(county):
            unknown = NotFound(_("没有代码为“%s”的县。") % county[:12], code="unknown_county", field="county")
            return answer(request, unknown)
        request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: selectors.viewer_of(request.user, county)
        )
        return _must_change_password(request) or get_response(request)

    return look


def _at_home(request: HttpRequest) -> Viewer:
    return selectors.viewer_of(request.user, getattr(request.user, "county_id", None) or settings.COUNTY)


def _must_change_password(request: HttpRequest) -> HttpResponse | None:
    """What stops somebody who got a password from an administrator and has not replaced it."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith(WITHOUT_PASSWORD_CHANGE):
        return None
    if not getattr(request.user, "must_change_password", False):
        return None
    if request.path.startswith("/api/"):
        text = _("请先修改密码。")
        return answer(request, Forbidden(text, code="password_change_required", hint=PASSWORD_PAGE))
    return HttpResponseRedirect(PASSWORD_PAGE)
