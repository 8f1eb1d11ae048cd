"""Shaped reads of photos and documents: what other apps and pages show of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, auto
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.urls import reverse

from kernel.clock import ZONE
from kernel.files import FileKind, file_rules
from kernel.language import named
from kernel.viewer import Viewer
from media.models import WIDTHS, Document, Photo, State
from media.pipeline import store


class Access(Enum):
    """Who may open a file."""

    EVERYBODY = auto()
    VIEWER = auto()
    NOBODY = auto()


class PhotoUrls(TypedDict):
    """A photo as every API shows it.

    ``width`` and ``height`` are those of the large derivative in pixels, so that pages can reserve its place.
    """

    thumb: str
    medium: str
    large: str
    alt: str
    taken_on: str | None
    width: int
    height: int


class DocumentLink(TypedDict):
    """A document as every API shows it; ``size`` in bytes."""

    id: int
    url: str
    title: str
    size: int
    type: str


def photo_urls(photo: Photo) -> PhotoUrls:
    """What the public sees of ``photo``; addresses are relative to the host. Cost: no query."""
    taken_on = photo.taken_at.astimezone(ZONE).date().isoformat() if photo.taken_at else None
    scale = min(1.0, WIDTHS["large"] / max(photo.width, photo.height, 1))
    return {
        "thumb": photo_url(photo, "thumb"),
        "medium": photo_url(photo, "medium"),
        "large": photo_url(photo, "large"),
        "alt": named(photo.alt, photo.alt_en),
        "taken_on": taken_on,
        "width": max(1, round(photo.width * scale)),
        "height": max(1, round(photo.height * scale)),
    }


def photo_url(photo: Photo, size: str) -> str:
    """Address of one derivative."""
    return reverse("media-photo", args=[photo.token[:2], photo.token, size])


def photos_urls(photos: Iterable[Photo]) -> list[PhotoUrls]:
    """``photo_urls`` of each."""
    return [photo_urls(photo) for photo in photos]


def document_link(document: Document) -> DocumentLink:
    """What the public sees of ``document``. Cost: no query."""
    return {
        "id": document.pk,
        "url": reverse("media-document", args=[document.token, document.name]),
        "title": document.name,
        "size": document.size,
        "type": document.content_type,
    }


def photo_file(photo: Photo, size: str) -> Path:
    """Where a derivative lies on this machine."""
    return Path(settings.MEDIA_ROOT) / store.photo_path(photo.token, size)


def document_file(document: Document) -> Path:
    """Where a document lies on this machine."""
    return Path(settings.MEDIA_ROOT) / document.path


def original_file(photo: Photo) -> Path:
    """Where a sealed original lies on this machine; call ``services.photo_unseal`` first."""
    return Path(settings.SEALED_ROOT) / photo.original_path


def file_access(file: Photo | Document, viewer: Callable[[], Viewer]) -> Access:
    """Who may open ``file``: everybody, or else the viewer.

    The apps that show it decide: a photo of a project that is no longer public is closed although it was published. A
    file that no app shows is open once it is published. Uploaders, and staff of the whole county, see it anyway.

    Args:
        file: of any county.
        viewer: who asks, at the county of the file; called only when the file is not open to everybody.

    Cost: what the rules of the apps cost. Those that show the file are asked once more for somebody who is signed in
    when it is not open to everybody, then one query.
    """
    kind: FileKind = "photo" if isinstance(file, Photo) else "document"
    public = Viewer(county=file.county_id)
    words = [(rule, word) for rule in file_rules if (word := rule.shows(public, kind, file.pk)) is not None]
    if any(word for _, word in words) or (not words and file.state == State.PUBLISHED):
        return Access.EVERYBODY
    who = viewer()
    if not who.is_signed_in:
        return Access.NOBODY
    is_shown = any(rule.shows(who, kind, file.pk) for rule, _ in words)
    if is_shown or type(file).objects.kept_by(who).filter(pk=file.pk).exists():
        return Access.VIEWER
    return Access.NOBODY
