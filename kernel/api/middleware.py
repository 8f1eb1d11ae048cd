"""Middleware of the whole product: the one error shape, forms of compression, and the language of a request."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.api.codings import accepted_codings
from kernel.api.errors import domain_error, error_response
from kernel.api.views import answer
from kernel.errors import DomainError, Invalid, Unavailable

log = logging.getLogger(__name__)

# Everything a page needs comes from its own host: what a citizen looks at is told to nobody else. Inline style
# attributes are needed by Leaflet and by the API's documentation; inline scripts are needed by nobody.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

LANGUAGES = {"zh": "zh-hans", "en": "en"}
LANGUAGE_COOKIE = "lang"

View = Callable[[HttpRequest], HttpResponse]


class MethodNotAllowed(DomainError):
    """The address exists, the method does not."""

    status, default_code = 405, "method_not_allowed"


def codings(get_response: View) -> View:
    """Leave the compressing middleware the names of codings that the reader wants: they look for the name alone.

    Django's and WhiteNoise's would answer ``gzip;q=0``, which refuses gzip, with gzip.
    """

    def keep_wanted(request: HttpRequest) -> HttpResponse:
        if header := request.META.get("HTTP_ACCEPT_ENCODING"):
            request.META["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted_codings(header))
        return get_response(request)

    return keep_wanted


def security_headers(get_response: View) -> View:
    """Headers that tell browsers what our pages may do, on every response that has none of its own."""

    def protect(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return protect


class OneErrorShape:
    """Answers what Django refuses before or outside a view (foreign hosts, broken bodies) in the one shape.

    Outermost of all middleware, so that nothing leaves the server in another shape.
    """

    def __init__(self, get_response: View) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse foreign hosts and NUL bytes at the door; pass everything else on."""
        try:
            request.get_host()
        except DisallowedHost:
            return error_response(Invalid(_("这个网址不是本站的地址。"), code="foreign_host"))
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return error_response(Invalid(_("请求中有不允许的字符。"), code="malformed_request"))
        response = self.get_response(request)
        if response.status_code == 405 and (response.streaming or not response.content):
            refused = answer(request, MethodNotAllowed(_("这个网址不支持 %s。") % request.method))
            refused.headers["Allow"] = response.headers.get("Allow", "")
            return refused
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The response for errors that a plain Django view raised; None for those nobody foresaw."""
        known = domain_error(error)
        if known is None and isinstance(error, SuspiciousOperation | MultiPartParserError):
            known = Invalid(_("请求不完整或不合规。"), code="malformed_request")
        if isinstance(error, OperationalError | InterfaceError):
            log.exception("the database does not answer")
            known = Unavailable(_("数据库暂时没有回应，请过一会儿再试。"), code="database_down")
        if known is None or isinstance(error, Http404 | PermissionDenied):
            return None  # Django's own handlers answer these two
        return answer(request, known)


def caching(get_response: View) -> View:
    """Say of every answer that says nothing itself how it may be kept.

    What a visitor sees may be kept and is asked for again each time. What somebody sees who has signed in is for them
    alone, and for this moment: it stays in no cache of a shared phone, the one for use without network included.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers["Cache-Control"] = "private, no-store" if signed_in else "no-cache"
        return response

    return middleware


def language(get_response: View) -> View:
    """Speak the language of ``?lang=``, else of the cookie ``lang``, else of Accept-Language."""

    def speak(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        chosen = LANGUAGES.get(asked) or LANGUAGES.get(request.COOKIES.get(LANGUAGE_COOKIE, ""))
        code = chosen or translation.get_language_from_request(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code  # read by the i18n context processor
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        # A page in a frame of others leaves nothing on the reader's device.
        framed = getattr(response, "xframe_options_exempt", False)
        if asked in LANGUAGES and request.COOKIES.get(LANGUAGE_COOKIE) != asked and not framed:
            response.set_cookie(LANGUAGE_COOKIE, asked, max_age=365 * 86400, samesite="Lax")
        return response

    return speak


one_error_shape = OneErrorShape
