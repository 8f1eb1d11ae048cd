"""One project in full, and the choices of the forms that edit it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from kernel.errors import NotFound
from kernel.language import named
from kernel.viewer import Audience, Viewer
from media.models import State
from media.selectors import photo_url, photo_urls
from places.models import Place
from projects.models import (
    Attachment,
    Notice,
    Progress,
    Project,
    ProjectPhoto,
)
from projects.querysets import own
from projects.selectors.place import PanelAttachment, panel_attachment
from projects.selectors.shapes import (
    Choice,
    IndicatorCurve,
    PlaceName,
    ProjectLine,
    curves,
    number,
    project_line,
    with_names,
)
from projects.states import Act, Target, machine, may

PRIVATE_AUDIENCE = Audience.STAFF
"""Who may see private columns at all; then only on rows that are their own."""


@dataclass(frozen=True, slots=True)
class Step:
    """A move that the viewer may do now, with the names of the fields it needs."""

    name: str
    title: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgressShape:
    """One progress row as it is edited: month "2026-06", percent."""

    id: int
    indicator: Choice
    place: PlaceName
    month: str
    planned: float
    actual: float | None
    note: str
    note_en: str
    version: int


@dataclass(frozen=True, slots=True)
class PhotoShape:
    """A photo of a project, as staff and public see it.

    Attributes:
        state: of moderation; the public sees published ones only.
        off_m: metres from the site, for those who may edit it.
        version: to be sent with a change.
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
    caption_en: str
    alt_en: str
    moment: str
    village: PlaceName | None
    state: str
    off_m: float | None
    may_edit: bool
    version: int


@dataclass(frozen=True, slots=True)
class NoticeAttachment:
    """A document of a notice with the key by which staff take it off."""

    id: int
    link: PanelAttachment


@dataclass(frozen=True, slots=True)
class NoticeShape:
    """A notice as it is edited."""

    id: int
    project_id: int
    project_name: str
    title: str
    title_en: str
    body: str
    body_en: str
    published_on: str
    is_published: bool
    version: int
    attachments: tuple[NoticeAttachment, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One project in full.

    Attributes:
        contractor_contact: private; None for everybody but staff who answer for the project.
        budget: yuan.
        may: acts of the table of rights that are open to the viewer.
        moves: stages that are open to the viewer.
    """

    line: ProjectLine
    code: str
    name: str
    name_en: str
    description: str
    description_en: str
    owner_unit: Choice
    contractor: str
    contractor_contact: str | None
    budget: float | None
    planned_start: str | None
    planned_end: str | None
    actual_start: str | None
    actual_end: str | None
    stage_note: str
    supervision_title: str
    supervision_title_en: str
    villages: tuple[PlaceName, ...]
    is_published: bool
    version: int
    updated_at: str | None
    may: tuple[str, ...]
    moves: tuple[Step, ...]
    curves: tuple[IndicatorCurve, ...]
    progress: tuple[ProgressShape, ...]
    photos: tuple[PhotoShape, ...]
    notices: tuple[NoticeShape, ...]


def project_detail(viewer: Viewer, project_id: int) -> Detail:
    """One project in full. Cost: six queries.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    is_own = Case(When(own(viewer), then=Value(True)), default=Value(False))
    rows = with_names(Project.objects.visible_to(viewer)).select_related("owner_unit")
    project = rows.annotate(is_own=is_own).prefetch_related(
        Prefetch("villages", Place.objects.only("code", "name", "name_en"))
    ).filter(pk=project_id).first()  # fmt: skip
    if project is None:
        raise NotFound(_("没有这个工程项目，或者您不能看。"))
    progress = list(_progress_rows(viewer, project_id))
    target = Target(project.owner_unit_id, (project.village_id,))
    acts = tuple(act.value for act in Act if act != Act.PHOTO_EDIT and may(viewer, act, target))
    return Detail(
        line=project_line(project),
        code=project.code,
        name=project.name,
        name_en=project.name_en,
        description=project.description,
        description_en=project.description_en,
        owner_unit=Choice(str(project.owner_unit_id), named(project.owner_unit.name, project.owner_unit.name_en)),
        contractor=project.contractor,
        contractor_contact=project.contractor_contact if _may_see_contact(viewer, project) else None,
        budget=number(project.budget),
        planned_start=_day(project.planned_start),
        planned_end=_day(project.planned_end),
        actual_start=_day(project.actual_start),
        actual_end=_day(project.actual_end),
        stage_note=named(project.stage_note, project.stage_note_en),
        supervision_title=project.supervision_title,
        supervision_title_en=project.supervision_title_en,
        villages=tuple(place_name(place) for place in project.villages.all()),
        is_published=project.is_published,
        version=project.version,
        updated_at=project.updated_at.isoformat(timespec="seconds") if project.updated_at else None,
        may=acts,
        moves=_steps(viewer, project) if Act.MOVE.value in acts else (),
        curves=curves(progress),
        progress=tuple(progress_shape(row) for row in progress),
        photos=photos_of(viewer, project_id),
        notices=notices_of(viewer, Q(project_id=project_id)),
    )


def _may_see_contact(viewer: Viewer, project: Project) -> bool:
    """The same rule as the layer's private field: staff, on rows that are their own."""
    return viewer.may(PRIVATE_AUDIENCE) and bool(getattr(project, "is_own", False))


def _steps(viewer: Viewer, project: Project) -> tuple[Step, ...]:
    open_moves = machine.open_to(project.stage, viewer.role or "")
    return tuple(Step(move.name, _(move.title), move.needs) for move in open_moves)


@dataclass(frozen=True, slots=True)
class ProgressAnswer:
    """The progress of a project: rows to edit, curves to show."""

    rows: tuple[ProgressShape, ...]
    curves: tuple[IndicatorCurve, ...]


def project_progress(viewer: Viewer, project_id: int) -> ProgressAnswer:
    """Rows and curves of a project. Cost: two queries.

    Raises:
        NotFound: there is no project that the viewer may see.
    """
    _check_there(viewer, project_id)
    rows = list(_progress_rows(viewer, project_id))
    return ProgressAnswer(tuple(progress_shape(row) for row in rows), curves(rows))


def _progress_rows(viewer: Viewer, project_id: int) -> QuerySet[Progress]:
    rows = Progress.objects.visible_to(viewer).filter(project_id=project_id).select_related("indicator", "place")
    hidden = ("place__geom", "place__center", "place__search_text")
    return rows.defer(*hidden).order_by("month", "indicator__order", "indicator_id", "place_id")


def progress_of(viewer: Viewer, project_id: int) -> tuple[ProgressShape, ...]:
    """All rows of a project by month. Cost: one query."""
    return tuple(progress_shape(row) for row in _progress_rows(viewer, project_id))


def progress_shape(row: Progress) -> ProgressShape:
    """One row. Cost: no query when indicator and place are there."""
    indicator = Choice(row.indicator_id, named(row.indicator.title, row.indicator.title_en))
    return ProgressShape(
        id=row.pk,
        indicator=indicator,
        place=place_name(row.place),
        month=f"{row.month:%Y-%m}",
        planned=float(row.planned),
        actual=number(row.actual),
        note=row.note,
        note_en=row.note_en,
        version=row.version,
    )


def photos_of(viewer: Viewer, project_id: int) -> tuple[PhotoShape, ...]:
    """The photos of a project that exist for the viewer, newest first. Cost: one query."""
    rows = ProjectPhoto.objects.visible_to(viewer).filter(project_id=project_id)
    found = rows.select_related("photo", "village", "project").defer(
        "village__geom", "village__center", "project__geom", "photo__position"
    )
    return tuple(photo_shape(viewer, row) for row in found)


def project_photos(viewer: Viewer, project_id: int) -> tuple[PhotoShape, ...]:
    """The photos of a project. Cost: two queries.

    Raises:
        NotFound: there is no project that the viewer may see.
    """
    _check_there(viewer, project_id)
    return photos_of(viewer, project_id)


def _check_there(viewer: Viewer, project_id: int) -> None:
    if not Project.objects.visible_to(viewer).filter(pk=project_id).exists():
        raise NotFound(_("没有这个工程项目，或者您不能看。"))


def photo_shape(viewer: Viewer, row: ProjectPhoto) -> PhotoShape:
    """One photo. Cost: no query when photo, village and project are there."""
    target = Target(row.project.owner_unit_id, (row.village_id, row.project.village_id), row.photo.uploaded_by_id)
    may_edit = may(viewer, Act.PHOTO_EDIT, target)
    urls = photo_urls(row.photo)
    return PhotoShape(
        id=row.pk,
        thumb=urls["thumb"],
        medium=photo_url(row.photo, "medium"),
        large=urls["large"],
        alt=row.photo.alt,
        taken_on=row.taken_on.isoformat(),
        width=urls["width"],
        height=urls["height"],
        caption=row.caption,
        caption_en=row.caption_en,
        alt_en=row.photo.alt_en,
        moment=row.moment,
        village=place_name(row.village) if row.village else None,
        state=row.photo.state,
        off_m=row.off_m if may_edit else None,
        may_edit=may_edit,
        version=row.version,
    )


def notices_of(viewer: Viewer, wanted: Q) -> tuple[NoticeShape, ...]:
    """Notices that exist for the viewer, newest first. Cost: two queries."""
    return tuple(notice_shape(row) for row in _with_documents(Notice.objects.visible_to(viewer).filter(wanted)))


def _with_documents(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    documents = Attachment.objects.filter(document__state=State.PUBLISHED).select_related("document")
    kept = rows.select_related("project").defer("project__geom", "project__description")
    return kept.prefetch_related(Prefetch("attachments", documents))


def notice_page(viewer: Viewer, wanted: Q, limit: int) -> tuple[NoticeShape, ...]:
    """At most ``limit`` of them. Cost: two queries."""
    rows = _with_documents(Notice.objects.visible_to(viewer).filter(wanted))
    return tuple(notice_shape(row) for row in rows[:limit])


def notice_get(viewer: Viewer, notice_id: int) -> NoticeShape:
    """One notice. Cost: two queries.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    found = notices_of(viewer, Q(pk=notice_id))
    if not found:
        raise NotFound(_("没有这条公示，或者您不能看。"))
    return found[0]


def notice_shape(row: Notice) -> NoticeShape:
    """One notice. Cost: no query when project and documents are there."""
    return NoticeShape(
        id=row.pk,
        project_id=row.project_id,
        project_name=named(row.project.name, row.project.name_en),
        title=row.title,
        title_en=row.title_en,
        body=row.body,
        body_en=row.body_en,
        published_on=row.published_on.isoformat(),
        is_published=row.is_published,
        version=row.version,
        attachments=tuple(NoticeAttachment(one.pk, panel_attachment(one)) for one in row.attachments.all()),
    )


def place_name(place: Place) -> PlaceName:
    """Code and name in the language of the request."""
    return PlaceName(place.pk, named(place.name, place.name_en))


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
