"""Addresses that pages of others may read: open data, and interfaces of a standard that run in a browser, too."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView


class AnyAccept(DefaultContentNegotiation):
    """The address says the format, whatever the header Accept says."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first."""
        return renderers[0], renderers[0].media_type


class OpenedView(APIView):
    """A page of others sends no cookie along, so it reads what everybody may read (Fetch standard, CORS).

    Attributes:
        opened_methods: what such a page may send, beside asking whether it may (OPTIONS).
    """

    opened_methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """What browsers ask before a page of others sends headers of its own, or a body of JSON."""
        methods = ", ".join(self.opened_methods)
        allowed = {"Access-Control-Allow-Methods": methods, "Access-Control-Allow-Headers": "*"}
        return HttpResponse(status=204, headers=allowed)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With the word that a browser waits for."""
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if request.method in (*self.opened_methods, "OPTIONS"):
            final.headers["Access-Control-Allow-Origin"] = "*"
        return final
