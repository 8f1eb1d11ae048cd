"""The OpenAPI document and its pages, from files of this host only."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.api.params import Params

DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Swagger UI sets styles on elements as it runs; nothing else is let in, and nothing from outside."""


class _ErrorsInJson(APIView):
    """A view whose errors are JSON, whatever the form of what it shows (YAML, a page)."""

    authentication_classes = ()

    def handle_exception(self, exc: Exception) -> Response:
        """The one error shape."""
        self.request.accepted_renderer = JSONRenderer()
        self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)


class SchemaView(_ErrorsInJson, SpectacularAPIView):
    """The OpenAPI document (YAML, or JSON with ``?format=json``)."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The document in the language of the request."""
        params = Params(request.query_params, ("format",))
        params.choice("lang", ("zh", "en"))
        renderer = request.accepted_renderer
        name = f'inline; filename="geogov.{renderer.format}"'
        body = _document(str(get_language()), type(renderer))  # type: ignore[arg-type]  # a class is hashable
        return HttpResponse(body, content_type=renderer.media_type, headers={"Content-Disposition": name})


@cache
def _document(language: str, renderer: type[BaseRenderer]) -> bytes:
    """The document in the active language, made once per process: it changes with the code, and costs 2 CPU-s."""
    document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    rendered = renderer().render(document, renderer_context={})
    return rendered.encode() if isinstance(rendered, str) else rendered


class DocsView(_ErrorsInJson, SpectacularSwaggerSplitView):
    """Pages to read and try the API; their script is a file of its own, so that no inline script is needed."""

    url_name = "schema"
    template_name = "layers/docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or its script with ``?script=``."""
        Params(request.query_params, ("script",)).choice("lang", ("zh", "en"))
        response: HttpResponseBase = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response.headers["Content-Security-Policy"] = DOCS_POLICY
        return response
