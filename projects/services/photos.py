"""Construction photos: several at once from a phone, matched to project and village by where they were taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from kernel.viewer import Viewer
from media.pipeline.peek import HEAD_BYTES, picture_peek
from media.pipeline.sniff import picture_type
from media.services import photo_amend, photo_upload
from places.models import Level, Place
from projects.models import Project, ProjectPhoto
from projects.services.rows import cleaned, demand, plain, same_version
from projects.states import Act, Target
from records.services import audit_write, changes_between

FAR_M = 500.0
"""Farther from the site a photo is asked about: pipes and roads reach that far, other works lie beyond."""

MAX_PHOTOS = 30
"""Photos of one request."""

CANDIDATES = 5

PHOTO_FIELDS = ("caption", "caption_en", "moment", "taken_on")
"""What is said about a photo beside where it was taken."""

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form, read from its present position."""

    file: BinaryIO
    name: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PhotoDetails:
    """What is said about the photos of one upload; the photo's own date and position come first.

    Attributes:
        village: code; "" = where it was taken, else the project's.
        taken_on: for photos that do not say it themselves.
        confirm_far: photos taken more than ``FAR_M`` from the site are meant.
    """

    village: str = ""
    taken_on: dt.date | None = None
    caption: str = ""
    moment: str = ProjectPhoto.Moment.DURING
    confirm_far: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that a photo may belong to; ``off_m`` metres from its site."""

    project_id: int
    name: str
    off_m: float


@dataclass(frozen=True, slots=True)
class PhotoProposal:
    """Where one photo seems to belong.

    Attributes:
        index: its place in the upload.
        project: the nearest project that the viewer may add photos to; None asks.
        village: (code, name) of where it was taken.
        is_far: more than ``FAR_M`` from that project: look at it.
    """

    index: int
    name: str
    taken_on: dt.date | None
    has_position: bool
    project: Candidate | None = None
    village: tuple[str, str] | None = None
    is_far: bool = False
    candidates: tuple[Candidate, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class PhotoOutcome:
    """What became of one file of an upload: a photo, or the reason why not."""

    index: int
    name: str
    photo: ProjectPhoto | None = None
    error: DomainError | None = field(default=None, compare=False)


def photos_match(*, by: Viewer, uploads: Sequence[Upload]) -> list[PhotoProposal]:
    """Propose project and village of each photo by its position. Nothing is stored; the head of a file is enough.

    Raises:
        NotSignedIn, Forbidden: somebody who may add photos nowhere.
        Invalid: no file, or too many.

    Cost: two queries per photo with a position, one for all others.
    """
    _check_count(uploads)
    mine = Project.objects.visible_to(by).open_to(by, Act.PHOTO_ADD)
    if not by.is_signed_in or not mine.exists():
        demand(by, Act.PHOTO_ADD, Target(by.unit_id, by.jurisdiction))
    return [_proposal(by, index, upload) for index, upload in enumerate(uploads)]


def project_photos_add(
    *, by: Viewer, project_id: int, uploads: Sequence[Upload], details: PhotoDetails
) -> list[PhotoOutcome]:
    """Add several photos; each stands for itself, a broken one does not stop the others.

    Raises:
        NotFound, Forbidden: the project is not visible, or no photos may be added to it.
        Invalid: no file, or too many.
    """
    _check_count(uploads)
    if not by.is_signed_in:
        demand(by, Act.PHOTO_ADD, Target(None, ()))
    outcomes = []
    for index, upload in enumerate(uploads):
        try:
            photo = project_photo_add(by=by, project_id=project_id, upload=upload, details=details)
            outcomes.append(PhotoOutcome(index, upload.name, photo))
        except DomainError as error:
            outcomes.append(PhotoOutcome(index, upload.name, error=error))
    refused = [one.error for one in outcomes if one.error]
    if len(refused) == len(outcomes) and (len(outcomes) == 1 or isinstance(refused[0], Forbidden | NotFound)):
        raise refused[0]
    return outcomes


def project_photo_add(*, by: Viewer, project_id: int, upload: Upload, details: PhotoDetails) -> ProjectPhoto:
    """Add one photo to a project; staff publish it with that.

    Raises:
        NotFound, Forbidden: the project is not visible, or not the writer's, here.
        Conflict: code "far_from_site": taken more than 500 m away and not confirmed.
        Invalid: code "date_missing", an unknown village, or what ``media`` finds wrong with the file.
    """
    project = Project.objects.visible_to(by).filter(pk=project_id).first()
    if project is None:
        raise NotFound(_("没有这个工程项目，或者您不能看。"))
    start = upload.file.tell()
    head = upload.file.read(HEAD_BYTES)
    taken_at, lonlat = picture_peek(head)
    upload.file.seek(start)
    village = _village(project, details.village, lonlat)
    demand(by, Act.PHOTO_ADD, Target(project.owner_unit_id, (village, project.village_id)))
    picture_type(head)  # nobody is asked for the date of what is no photo
    taken_on = taken_at.date() if taken_at else _given_date(details.taken_on)
    off_m = _distance_m(project, lonlat)
    if off_m is not None and off_m > FAR_M and not details.confirm_far:
        said = _("这张照片拍在离工地 %s 的地方，是这个项目的吗？") % _metres(off_m)
        raise Conflict(said, code="far_from_site", field="confirm_far", hint=_("确认是这个项目后再传一次。"))
    row = ProjectPhoto(project=project, village_id=village, caption=details.caption, taken_on=taken_on, off_m=off_m)
    row.moment = details.moment
    cleaned(row)
    with transaction.atomic():
        alt = upload.alt or details.caption or _("%s施工照片") % project.name
        row.photo = photo_upload(by=by, file=upload.file, name=upload.name, alt=alt)
        row.save()
        changes = {"photo": [None, row.photo_id], "village": [None, village], "off_m": [None, off_m]}
        audit_write(by=by, action="project.photo_add", obj=project, changes=changes)
    return row


@transaction.atomic
def project_photo_update(*, by: Viewer, photo_id: int, version: int | None, fields: dict[str, object]) -> ProjectPhoto:
    """Change ``PHOTO_FIELDS``, ``village`` (code) or the texts of the picture (``alt``, ``alt_en``) of a photo.

    Raises:
        NotFound, Forbidden: not visible, or neither the project's owner nor the uploader.
        Conflict: changed by somebody else meanwhile.
        Invalid: names the field.
    """
    row = _locked(by, photo_id)
    same_version(row.version, version)
    before = {name: plain(getattr(row, name)) for name in (*PHOTO_FIELDS, "village_id")}
    for name in PHOTO_FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    if fields.get("village"):
        at = row.photo.position
        row.village_id = _village(row.project, str(fields["village"]), (at.x, at.y) if at else None)
    _given_date(row.taken_on)
    cleaned(row)
    row.version += 1
    row.save()
    if texts := {name: str(fields[name]) for name in ("alt", "alt_en") if name in fields}:
        row.photo = photo_amend(by=by, photo=row.photo, **texts)
    changes = changes_between(before, {name: plain(getattr(row, name)) for name in before})
    audit_write(by=by, action="project.photo_update", obj=row, changes=changes)
    return row


@transaction.atomic
def project_photo_remove(*, by: Viewer, photo_id: int) -> None:
    """Take a photo off its project; its files are hidden, the sealed original stays for the record."""
    row = _locked(by, photo_id)
    photo_amend(by=by, photo=row.photo, state="hidden")
    changes = {"photo": [row.photo_id, None], "caption": [row.caption, None]}
    audit_write(by=by, action="project.photo_remove", obj=row.project, changes=changes)
    row.delete()


def _locked(by: Viewer, photo_id: int) -> ProjectPhoto:
    rows = ProjectPhoto.objects.visible_to(by).select_for_update(of=("self",)).select_related("photo", "project")
    row = rows.filter(pk=photo_id).first()
    if row is None:
        raise NotFound(_("没有这张照片，或者您不能看。"))
    project = row.project
    places = (row.village_id, project.village_id)
    demand(by, Act.PHOTO_EDIT, Target(project.owner_unit_id, places, row.photo.uploaded_by_id))
    return row


def _proposal(by: Viewer, index: int, upload: Upload) -> PhotoProposal:
    start = upload.file.tell()
    taken_at, lonlat = picture_peek(upload.file.read(HEAD_BYTES))
    upload.file.seek(start)
    taken_on = taken_at.date() if taken_at else None
    if lonlat is None:
        advice = _("照片里没有位置，请选择项目。")
        return PhotoProposal(index, upload.name, taken_on, has_position=False, advice=advice)
    near = Project.objects.visible_to(by).open_to(by, Act.PHOTO_ADD)
    off = Distance("geom", Point(*lonlat, srid=4326), spheroid=True)
    rows = near.annotate(off=off).order_by("off", "pk").values_list("pk", "name", "off")[:CANDIDATES]
    found = tuple(Candidate(pk, name, round(distance.m, 1)) for pk, name, distance in rows)
    village = _village_at(by.county, lonlat)
    is_far = bool(found) and found[0].off_m > FAR_M
    advice = _("离最近的工地 %s，请核对。") % _metres(found[0].off_m) if is_far else ""
    if village is None:
        advice = _("这张照片不是在本县的村里拍的，请核对。")
    return PhotoProposal(
        index,
        upload.name,
        taken_on,
        has_position=True,
        project=found[0] if found else None,
        village=(village.pk, village.name) if village else None,
        is_far=is_far,
        candidates=found,
        advice=advice,
    )


def _village_at(county: str, lonlat: LonLat) -> Place | None:
    return Place.objects.filter(county_id=county, level=Level.VILLAGE).at(*lonlat).defer("geom").first()


def _village(project: Project, asked: str, lonlat: LonLat | None) -> str | None:
    """The village of a photo: the one asked for, else where it was taken, else the project's.

    Raises:
        Invalid: the one asked for is neither the project's nor where the photo was taken.
    """
    at = _village_at(project.county_id, lonlat) if lonlat else None
    if not asked:
        return at.pk if at else project.village_id
    own = {project.village_id, at.pk if at else None, *project.villages.values_list("pk", flat=True)}
    if asked not in own:
        raise Invalid(_("这个村既不是项目的受益村，也不是拍照的地方。"), field="village")
    return asked


def _distance_m(project: Project, lonlat: LonLat | None) -> float | None:
    """Metres on the spheroid between the site and where a photo was taken. Cost: one query."""
    if lonlat is None:
        return None
    off = Distance("geom", Point(*lonlat, srid=4326), spheroid=True)
    return round(Project.objects.annotate(off=off).values_list("off", flat=True).get(pk=project.pk).m, 1)


def _given_date(day: dt.date | None) -> dt.date:
    if day is None:
        said = _("照片里没有拍摄日期，请填写。")
        raise Invalid(said, code="date_missing", field="taken_on")
    if not dt.date(1990, 1, 1) <= day <= clock.today():
        raise Invalid(_("拍摄日期不对。"), field="taken_on")
    return day


def _metres(off_m: float) -> str:
    return _("%d 米") % round(off_m) if off_m < 1000 else _("%.1f 公里") % (off_m / 1000)


def _check_count(uploads: Sequence[Upload]) -> None:
    if not 0 < len(uploads) <= MAX_PHOTOS:
        raise Invalid(_("一次要有 1 到 %d 张照片。") % MAX_PHOTOS, field="files", code="count_of_files")
