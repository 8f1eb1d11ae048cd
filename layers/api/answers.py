"""Answers of the engine: bytes that somebody else made, with the headers that let a reader keep them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from kernel.api.codings import accepted_codings

JSON, GEOJSON, MVT = "application/json", "application/geo+json", "application/vnd.mapbox-vector-tile"

REVALIDATE = "no-cache"
"""Keep it, and ask each time whether it is still true: a 304 costs 0.7 ms, and nobody sees old data."""

AN_HOUR = "max-age=3600"

GZIP_FROM = 860
"""Bytes; less than that fits into one packet with its headers, compressed or not."""

GZIP_LEVEL = 1
"""505 KB of GeoJSON become 69 KB in 1–2 ms; higher levels save little more and cost many times that."""


class OneForm(BaseContentNegotiation):
    """An address has one form, whatever the Accept header says (map libraries send all kinds)."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The first parser; there are no bodies here."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first renderer: JSON, for errors."""
        return renderers[0], renderers[0].media_type


def kept_answer(
    request: Request,
    make: Callable[[], bytes],
    *,
    content_type: str,
    etag: str,
    keep: str = REVALIDATE,
    is_public: bool = True,
) -> HttpResponseBase:
    """The bytes of ``make``, or 304 when the reader has them: then ``make`` is not called.

    Args:
        request: of the reader.
        make: makes the body.
        content_type: of the body.
        etag: validator, with its quotes.
        keep: how caches may keep it.
        is_public: whether nothing in it is for this reader alone; only then it is compressed here, without the random
            padding by which Django's own compression hides the length of secrets.
    """
    response: HttpResponse
    if _has(request.headers.get("If-None-Match", ""), etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(make(), content_type=content_type)
        takes_gzip = "gzip" in accepted_codings(request.headers.get("Accept-Encoding", ""))
        if is_public and takes_gzip and len(response.content) >= GZIP_FROM:
            response.content = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
            response["Content-Encoding"] = "gzip"
            # Other bytes than without compression: a strong validator would be a lie (RFC 9110, 8.8.3.3).
            etag = etag if etag.startswith("W/") else f"W/{etag}"
    response["ETag"] = etag
    response["Cache-Control"] = f"{'public' if is_public else 'private'}, {keep}"
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
    return response


def _has(header: str, etag: str) -> bool:
    """Whether If-None-Match names the validator, by weak comparison (RFC 9110, 13.1.2)."""
    known = parse_etags(header) if header else []
    return "*" in known or etag.removeprefix("W/") in {one.removeprefix("W/") for one in known}
