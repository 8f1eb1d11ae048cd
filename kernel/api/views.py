"""Django's error handlers: JSON in the one shape below /api/ and for programs, a page for people."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _

from kernel.api.errors import error_response
from kernel.errors import DomainError, Forbidden, Invalid, NotFound, TooLarge


class ServerFault(DomainError):
    """Something broke on our side."""

    status, default_code = 500, "server_error"


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """``error`` as a page for a person who looks at a page, else in the one shape."""
    wants_page = "text/html" in request.headers.get("Accept", "") and not request.path_info.startswith("/api/")
    if wants_page:
        try:
            template = loader.get_template("portal/error.html")
            page = template.render({"error": error}, request)
            return HttpResponse(page, status=error.status, headers=error.headers)
        except TemplateDoesNotExist:
            pass
    return error_response(error)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 where it was too much."""
    if isinstance(exception, RequestDataTooBig):
        return answer(request, TooLarge(_("发来的内容太大。")))
    return answer(request, Invalid(_("请求不完整或不合规。"), code="malformed_request"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return answer(request, Forbidden(_("您没有做这件事的权限。")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form came without the token of this site."""
    return answer(request, Forbidden(_("页面已经过期，请刷新后再试。"), code="csrf_failed"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return answer(request, NotFound(_("没有这个内容，或者您不能看。")))


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return answer(request, ServerFault(_("系统出了问题，已经记录。您填写的内容没有保存，请稍后再试。")))
