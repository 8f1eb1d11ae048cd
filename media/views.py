"""Files over HTTP. A file is opened only after its row said that this viewer may."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_safe

from accounts.selectors import viewer_of
from kernel.viewer import Viewer
from media import selectors, services
from media.models import Document, Photo

PUBLIC = "public, max-age=3600"
"""A file never changes under its address, but it may be hidden: after an hour a browser asks again (304)."""
PRIVATE = "private, no-store"

SANDBOX = "sandbox; default-src 'none'"
"""Should a browser show the file in spite of everything, it runs nothing of it."""


@require_safe
def photo(request: HttpRequest, shelf: str, token: str, size: str) -> HttpResponseBase:
    """A derivative: published ones for everybody, others for staff who may see them."""
    _as_is(request)
    row = Photo.objects.filter(token=token).first()
    if row is None or shelf != token[:2]:
        raise Http404
    return _file(request, row, selectors.photo_file(row, size), "image/jpeg", f"{token}-{size}")


@require_safe
def document(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A document, always as a download under its own name."""
    _as_is(request)
    row = Document.objects.filter(token=token).first()
    if row is None or name != row.name:
        raise Http404
    response = _file(request, row, selectors.document_file(row), row.content_type, token)
    response.headers["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    return response


@require_safe
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sealed original as a download, after an audit row was written."""
    _as_is(request)
    county = Photo.objects.filter(pk=pk).values_list("county_id", flat=True).first()
    if county is None:
        raise Http404
    row = services.photo_unseal(by=_viewer(request, county), photo_id=pk)
    response = FileResponse(selectors.original_file(row).open("rb"), content_type=row.content_type)
    _guard(response, PRIVATE)
    response.headers["Content-Disposition"] = content_disposition_header(True, row.original_name) or "attachment"
    return response


def _as_is(request: HttpRequest) -> None:
    """Keep the gzip middleware away: photos and office documents are compressed already."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)


def _viewer(request: HttpRequest, county: str) -> Viewer:
    """Who looks, at the county of the file: addresses of files carry no ``?county=``."""
    return viewer_of(request.user, county)


def _file(request: HttpRequest, row: Photo | Document, path: Path, content_type: str, tag: str) -> HttpResponseBase:
    etag = f'"{tag}"'
    access = selectors.file_access(row, partial(_viewer, request, row.county_id))
    if access is selectors.Access.NOBODY:
        raise Http404
    response: HttpResponseBase
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(path.open("rb"), content_type=content_type)
        except FileNotFoundError:
            raise Http404 from None
    _guard(response, PUBLIC if access is selectors.Access.EVERYBODY else PRIVATE)
    response.headers["ETag"] = etag
    return response


def _guard(response: HttpResponseBase, caching: str) -> None:
    response.headers["Cache-Control"] = caching
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
