"""All public photos of a place, page by page: what the gallery turns over beyond the newest of the panel."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from kernel.errors import Invalid
from kernel.language import named
from kernel.viewer import Viewer
from projects.models import ProjectPhoto
from projects.querysets import ProjectPhotoQuerySet
from projects.selectors.place import PanelPhoto, PhotosBody, photos_body, taken_in, with_what_is_shown


@dataclass(frozen=True, slots=True)
class PhotoCount:
    """A project and how many photos of it there are."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Album:
    """A page of the photos of a place, newest first.

    Attributes:
        total: of the photos asked for, on all pages.
        next: what to give as ``after`` for the next page; None on the last.
        projects: those with photos in the place, whatever project is asked for; the most photographed first.
    """

    total: int
    items: tuple[PanelPhoto, ...]
    next: str | None
    projects: tuple[PhotoCount, ...]


def place_album(viewer: Viewer, code: str, *, project: int = 0, after: str = "", limit: int = 30) -> Album:
    """A page of the public photos taken in a place, of one project or of all. Cost: three queries.

    Args:
        viewer: who looks.
        code: of a county, township or village; one nobody knows has no photos.
        project: its key; 0 takes all.
        after: ``next`` of the page before.
        limit: photos of a page.

    Raises:
        Invalid: ``after`` is no ``next``.
    """
    there = _public(viewer).filter(taken_in(code))
    wanted = there.filter(project_id=project) if project else there
    rows = with_what_is_shown(wanted.filter(_after(after)).order_by("-taken_on", "-pk"))
    body: PhotosBody = photos_body(list(rows[: limit + 1]), wanted.count())
    last = body.items[limit - 1] if len(body.items) > limit else None
    return Album(body.total, body.items[:limit], f"{last.taken_on}:{last.id}" if last else None, _projects(there))


def _public(viewer: Viewer) -> ProjectPhotoQuerySet:
    """What everybody sees, whoever looks."""
    shown = ProjectPhoto.objects.visible_to(viewer)
    return shown.filter(project__is_published=True, photo__state="published")


def _after(cursor: str) -> Q:
    if not cursor:
        return Q()
    day, _colon, key = cursor.partition(":")
    try:
        taken_on, pk = dt.date.fromisoformat(day), int(key)
    except ValueError:
        raise Invalid(_("“%s”要用上一页给出的 next。") % "after", field="after") from None
    return Q(taken_on__lt=taken_on) | Q(taken_on=taken_on, pk__lt=pk)


def _projects(photos: ProjectPhotoQuerySet) -> tuple[PhotoCount, ...]:
    counted = photos.order_by().values_list("project_id", "project__name", "project__name_en").annotate(n=Count("pk"))
    lines = (PhotoCount(pk, named(name, name_en), count) for pk, name, name_en, count in counted)
    return tuple(sorted(lines, key=lambda line: (-line.count, line.id)))
