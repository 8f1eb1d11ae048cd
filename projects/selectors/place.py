"""What the panel of a place tells of projects. Only what is public: the panel is the citizens' page.

Querysets are functions of the viewer, and the place is ``given``, so that ``kernel.kept`` can keep their statements.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window

from kernel import kept
from kernel.kept import given
from kernel.language import named
from kernel.panel import Phone
from kernel.viewer import Viewer
from media.selectors import document_link, photo_urls
from projects.models import Attachment, Notice, Progress, Project, ProjectPhoto
from projects.querysets import ProjectQuerySet
from projects.selectors.shapes import Choice, ProjectLine, curves, project_line, with_names, worst_first
from projects.states import Status

PANEL_PHOTOS = 30
"""Newest photos of a place in its panel; ``total`` says how many there are."""

PANEL_NOTICES = 30

PANEL_PROJECTS = 30
"""Projects of a place in its panel, and works whose phones it shows, the worst first: more than any village has. Of a
township or county ``total`` says how many there are; the map's layer has them all."""


@dataclass(frozen=True, slots=True)
class ProjectName:
    """A project by key and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PanelPhoto:
    """A construction photo: addresses relative to the host, the large size in pixels, date of the picture.

    Attributes:
        village: code of where it was taken, "" where nobody knows; pairs of before and after have the same.
    """

    id: int
    thumb: str
    medium: str
    large: str
    alt: str
    taken_on: str
    width: int
    height: int
    caption: str
    moment: str
    village: str
    project: ProjectName


@dataclass(frozen=True, slots=True)
class PhotosBody:
    """The newest photos of a place, and how many there are."""

    total: int
    items: tuple[PanelPhoto, ...]


@dataclass(frozen=True, slots=True)
class ProgressBody:
    """The projects of a place, the worst first, and how many there are; ``as_of`` is the day of their last report."""

    as_of: str | None
    total: int
    projects: tuple[ProjectLine, ...]


@dataclass(frozen=True, slots=True)
class PanelAttachment:
    """A document of a notice; ``size`` in bytes."""

    title: str
    url: str
    size: int
    type: str
    kind: Choice


@dataclass(frozen=True, slots=True)
class PanelNotice:
    """A public notice with its documents."""

    id: int
    title: str
    body: str
    published_on: str
    project: ProjectName
    attachments: tuple[PanelAttachment, ...]


@dataclass(frozen=True, slots=True)
class NoticesBody:
    """The newest notices of a place."""

    items: tuple[PanelNotice, ...]


def public_projects(viewer: Viewer) -> ProjectQuerySet:
    """What everybody sees, whoever looks."""
    return Project.objects.visible_to(viewer).filter(is_published=True)


def place_photos(viewer: Viewer, code: str) -> PhotosBody:
    """Photos taken in the place; those that nobody placed count for where their project lies. Cost: one query."""
    found = kept.rows(_photos_here, viewer, code=code)
    return photos_body(found, _total(found))


def newest_photos(viewer: Viewer, most: int) -> tuple[PanelPhoto, ...]:
    """The newest public photos of the county. Cost: one query."""
    return photos_body(list(_newest(viewer, ProjectPhoto.objects.all(), most))).items


def _photos_here(viewer: Viewer) -> QuerySet[ProjectPhoto]:
    return _newest(viewer, ProjectPhoto.objects.filter(taken_in(given("code"))), PANEL_PHOTOS)


def taken_in(code: str) -> Q:
    """Photos taken in the place ``code``; those that nobody placed count for where their project lies."""
    return Q(village__code__startswith=code) | Q(village__isnull=True, project__village__code__startswith=code)


def _newest(viewer: Viewer, rows: QuerySet[ProjectPhoto], most: int) -> QuerySet[ProjectPhoto]:
    public = rows.filter(project__county_id=viewer.county, project__is_published=True, photo__state="published")
    return with_what_is_shown(public.annotate(total=Window(Count("pk"))).order_by("-taken_on", "-pk")[:most])


def with_what_is_shown(rows: QuerySet[ProjectPhoto]) -> QuerySet[ProjectPhoto]:
    """``rows`` with what the public sees of a photo, and nothing else."""
    return rows.select_related("photo", "project").only(
        *("caption", "caption_en", "moment", "taken_on", "village_id", "project__name", "project__name_en"),
        *("photo__token", "photo__alt", "photo__alt_en", "photo__width", "photo__height", "photo__taken_at"),
    )


def photos_body(found: list[ProjectPhoto], total: int = 0) -> PhotosBody:
    """Rows of ``with_what_is_shown`` as they are shown, of ``total`` in all. Cost: no query."""
    return PhotosBody(total, tuple(_photo(row) for row in found))


def _total(found: list[Any]) -> int:
    """What the window over all rows counted; each row says it."""
    return found[0].total if found else 0


def _photo(row: ProjectPhoto) -> PanelPhoto:
    urls: dict[str, Any] = {**photo_urls(row.photo), "taken_on": row.taken_on.isoformat()}
    return PanelPhoto(
        id=row.pk,
        caption=named(row.caption, row.caption_en),
        moment=row.moment,
        village=row.village_id or "",
        project=project_name(row.project),
        **urls,
    )


def project_name(project: Project) -> ProjectName:
    """Key and name in the language of the request."""
    return ProjectName(project.pk, named(project.name, project.name_en))


def place_progress(viewer: Viewer, code: str) -> ProgressBody:
    """Projects that lie in the place or are built for it, with their curves there. Cost: two queries."""
    projects = kept.rows(_worst_projects, viewer, code=code)
    by_project: dict[int, list[Progress]] = defaultdict(list)
    for row in kept.rows(_their_progress, viewer, code=code) if projects else ():
        by_project[row.project_id].append(row)
    reported = [row.updated_at for own in by_project.values() for row in own if row.updated_at]
    return ProgressBody(
        as_of=max(reported).date().isoformat() if reported else None,
        total=_total(projects),
        projects=tuple(project_line(project, curves(by_project[project.pk], code)) for project in projects),
    )


def _worst_projects(viewer: Viewer) -> QuerySet[Project]:
    rows = with_names(public_projects(viewer).concerning(given("code"))).annotate(total=Window(Count("pk")))
    return worst_first(rows)[:PANEL_PROJECTS]


def _their_progress(viewer: Viewer) -> QuerySet[Progress]:
    shown = worst_first(public_projects(viewer).concerning(given("code"))).values("pk")[:PANEL_PROJECTS]
    rows = Progress.objects.filter(project__in=shown).select_related("indicator")
    return rows.order_by("project_id", "indicator_id", "place_id", "month").defer("note", "note_en", "version")


def place_notices(viewer: Viewer, code: str) -> NoticesBody:
    """Public notices of projects of the place. Cost: two queries."""
    notices = kept.rows(_newest_notices, viewer, code=code)
    documents: dict[int, list[PanelAttachment]] = defaultdict(list)
    for row in kept.rows(_their_attachments, viewer, code=code) if notices else ():
        documents[row.notice_id].append(panel_attachment(row))
    return NoticesBody(tuple(_notice(notice, documents[notice.pk]) for notice in notices))


def _newest_notices(viewer: Viewer) -> QuerySet[Notice]:
    concerned = public_projects(viewer).concerning(given("code"))
    rows = Notice.objects.filter(project__in=concerned, is_published=True).select_related("project")
    said = ("title", "title_en", "body", "body_en", "published_on", "project__name", "project__name_en")
    return rows.only(*said)[:PANEL_NOTICES]


def _their_attachments(viewer: Viewer) -> QuerySet[Attachment]:
    notices = _newest_notices(viewer).values("pk")
    return Attachment.objects.filter(notice__in=notices, document__state="published").select_related("document")


def _notice(row: Notice, attachments: list[PanelAttachment]) -> PanelNotice:
    return PanelNotice(
        row.pk,
        named(row.title, row.title_en),
        named(row.body, row.body_en),
        row.published_on.isoformat(),
        project_name(row.project),
        tuple(attachments),
    )


def panel_attachment(row: Attachment) -> PanelAttachment:
    """A document as the public sees it."""
    link = document_link(row.document)
    kind = Choice(row.kind, str(Attachment.Kind(row.kind).label))
    return PanelAttachment(named(row.title, row.title_en), link["url"], link["size"], link["type"], kind)


def place_phones(viewer: Viewer, code: str) -> list[Phone]:
    """Supervision phones of works in the place that are not finished, the worst first. Cost: one query.

    Where nobody wrote whose phone it is, it is that of the unit in charge.
    """
    return [
        Phone(named(title or unit, title_en or unit_en), number, named(name, name_en))
        for title, title_en, number, name, name_en, unit, unit_en in kept.rows(_open_works, viewer, code=code)
    ]


def _open_works(viewer: Viewer) -> QuerySet[Project, tuple[str, ...]]:
    works = public_projects(viewer).concerning(given("code")).exclude(supervision_phone="")
    return worst_first(works.exclude(status__in=[Status.DONE, Status.CANCELLED])).values_list(
        *("supervision_title", "supervision_title_en", "supervision_phone", "name", "name_en"),
        F("owner_unit__name"),
        F("owner_unit__name_en"),
    )[:PANEL_PROJECTS]
