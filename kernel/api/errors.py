"""Turns every error into the one shape: ``{"code", "message", "field"?, "hint"?}`` in the viewer's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.errors import DomainError, Forbidden, Invalid, NotFound, NotSignedIn, Throttled, TooLarge

OF_DRF: dict[type[exceptions.APIException], str] = {
    exceptions.ParseError: "malformed_body",
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.AuthenticationFailed: "not_signed_in",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_type",
    exceptions.Throttled: "throttled",
}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: a Response in the one shape; None (→ 500 by the middleware) for what nobody foresaw."""
    view: APIView | None = context.get("view")
    if view is not None and isinstance(error, DomainError | exceptions.APIException | ValidationError):
        _roll_back()
    known = domain_error(error)
    if known is not None:
        return Response(known.as_dict(), status=known.status, headers=known.headers)
    if isinstance(error, exceptions.APIException):
        code = next((code for kind, code in OF_DRF.items() if isinstance(error, kind)), "invalid")
        return Response({"code": code, **_said(error)}, status=error.status_code)
    return None


def _said(error: exceptions.APIException) -> dict[str, str]:
    """The message, and the hint: DRF's parsers speak English, and of what they are made of."""
    if isinstance(error, exceptions.ParseError) and not error.__suppress_context__:
        if isinstance(error.__context__, MultiPartParserError):
            return {"message": _("上传的表单读不出来：不完整，或者文件名太长。")}
        if isinstance(error.__context__, ValueError):
            return {"message": _("请求的内容不是合规的 JSON。"), "hint": str(error.__context__)}
    return {"message": _first_text(error.detail)}


def domain_error(error: Exception) -> DomainError | None:
    """``error`` as a DomainError, where it is one of the kinds that stand for wrong input or missing rights."""
    if isinstance(error, DomainError):
        return error
    make = next((make for kinds, make in _MEANING if isinstance(error, kinds)), None)
    return make(error) if make else None


def _forbidden(error: Exception) -> Forbidden:
    if str(error).startswith("CSRF"):  # rest_framework.authentication.SessionAuthentication tells it by this word only
        return Forbidden(_("页面已经过期，请刷新后再试。"), code="csrf_failed")
    return Forbidden(_("您没有做这件事的权限。"))


def _of_serializer(error: exceptions.ValidationError) -> Invalid:
    field, detail = _first_field(error.detail, ())
    return Invalid(_first_text(detail), field=field)


def _first_field(detail: Any, path: tuple[str, ...]) -> tuple[str, Any]:
    if isinstance(detail, dict) and detail:
        name, inner = next(iter(detail.items()))
        return _first_field(inner, path if name == "non_field_errors" else (*path, str(name)))
    if isinstance(detail, list) and any(isinstance(item, dict) and item for item in detail):
        index = next(i for i, item in enumerate(detail) if item)
        return _first_field(detail[index], (*path, str(index)))
    return ".".join(path), detail


def _first_text(detail: Any) -> str:
    while isinstance(detail, list | dict) and detail:
        detail = detail[0] if isinstance(detail, list) else next(iter(detail.values()))
    return str(detail)


def _of_model(error: Any) -> Invalid:
    return Invalid(" ".join(error.messages), field=next(iter(getattr(error, "error_dict", {})), ""))


_MEANING: tuple[tuple[tuple[type[Exception], ...], Callable[[Any], DomainError]], ...] = (
    ((exceptions.ValidationError,), _of_serializer),
    ((ValidationError,), _of_model),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), lambda _e: NotSignedIn(_("请先登录。"))),
    ((exceptions.Throttled,), lambda error: Throttled(_("请求太多，请稍后再试。"), retry_after=error.wait or 0)),
    ((RequestDataTooBig,), lambda _e: TooLarge(_("发来的内容太大。"))),
    ((Http404, exceptions.NotFound), lambda _e: NotFound(_("没有这个内容，或者您不能看。"))),
    ((PermissionDenied, exceptions.PermissionDenied), _forbidden),
)
"""What the errors of Django and DRF mean."""


def _roll_back() -> None:
    """Undo what a view wrote before it failed, where a request runs in one transaction (ATOMIC_REQUESTS)."""
    from rest_framework.views import set_rollback

    set_rollback()


def error_response(error: DomainError, request: HttpRequest | None = None) -> HttpResponse:
    """``error`` as a plain Django response."""
    return JsonResponse(
        error.as_dict(), status=error.status, headers=error.headers, json_dumps_params={"ensure_ascii": False}
    )
