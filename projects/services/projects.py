"""Entering, changing, moving and withdrawing projects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypedDict

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.machine import IllegalMove, Move
from kernel.phones import normal_number
from kernel.search import search_text
from kernel.viewer import Viewer
from places.models import Level, Place
from projects.models import STAGE_TITLES, Category, Project
from projects.services.rows import cleaned, demand, plain, project_locked, same_version, target_of
from projects.services.summary import project_summarise
from projects.states import START_STAGES, Act, Stage, Target, machine, may
from records.services import audit_write


class ProjectFields(TypedDict, total=False):
    """What may be written on a project; texts are stored as given, codes and keys must exist in the county.

    ``lonlat`` is the site in degrees, EPSG:4326. Where ``village`` is left out it is found from a new site; None says
    that the site lies outside every village. ``stage`` counts on creation only, later there are moves.
    """

    name: str
    name_en: str
    code: str
    description: str
    description_en: str
    category: str
    owner_unit: int
    village: str | None
    villages: list[str]
    contractor: str
    contractor_contact: str
    budget: Decimal | None
    planned_start: dt.date | None
    planned_end: dt.date | None
    actual_start: dt.date | None
    actual_end: dt.date | None
    stage: str
    supervision_title: str
    supervision_title_en: str
    supervision_phone: str
    is_published: bool
    lonlat: tuple[float, float]


PLAIN = (
    *("name", "name_en", "code", "description", "description_en", "budget", "is_published"),
    *("contractor", "contractor_contact", "planned_start", "planned_end", "actual_start", "actual_end"),
    *("supervision_title", "supervision_title_en", "supervision_phone"),
)
PRIVATE = frozenset({"contractor_contact"})
"""Columns whose content does not enter the audit, only the fact that they changed."""

REQUIRED = ("name", "category", "owner_unit", "lonlat")
API_NAMES = {"geom": "geometry", "lonlat": "geometry"}


@transaction.atomic
def project_create(*, by: Viewer, fields: ProjectFields) -> Project:
    """Enter a project in the county that is looked at.

    Raises:
        Invalid: something is missing, unknown or out of range; names the field.
        Forbidden: a handler enters works of another unit, or an official a site outside the jurisdiction.
    """
    for name in REQUIRED:
        if not fields.get(name):
            raise Invalid(_("这一项必须填写。"), field=API_NAMES.get(name, name), code="required")
    project = Project(county_id=by.county, is_published=True)
    project.stage = _start_stage(fields)
    changes = _apply(project, fields)
    demand(by, Act.CREATE, target_of(project))
    project.updated_at = clock.now()
    _save(project)
    _set_villages(project, fields, changes)
    project_summarise(project)
    project.save()
    audit_write(by=by, action="project.create", obj=project, changes={"stage": [None, project.stage], **changes})
    return project


@transaction.atomic
def project_update(*, by: Viewer, project_id: int, version: int | None, fields: ProjectFields) -> Project:
    """Change a project.

    Raises:
        NotFound, Forbidden, Conflict: not visible, not allowed, changed by somebody else meanwhile.
        Invalid: names the field.
    """
    project = project_locked(by, project_id)
    before = target_of(project)
    demand(by, Act.UPDATE, before)
    same_version(project.version, version)
    if "stage" in fields:
        raise Invalid(_("阶段用“开工”“停工”等操作来改。"), field="stage", code="use_move")
    changes = _apply(project, fields)
    _set_villages(project, fields, changes)
    if not changes:
        return project
    _still_allowed(by, before, target_of(project))
    return _saved(by, project, "project.update", changes)


@transaction.atomic
def project_move(
    *, by: Viewer, project_id: int, move: str, version: int | None, fields: Mapping[str, Any] | None = None
) -> Project:
    """Move a project to its next stage by the table in ``projects.states``.

    Args:
        by: who moves it.
        project_id: its key.
        move: name of the move ("pause").
        version: the version that was read.
        fields: ``reason``, ``actual_start``, ``actual_end``: what the move needs; ``reason_en`` may come with it.

    Raises:
        Conflict: code "no_such_move": the stage does not allow it.
        Invalid: code "needs_fields": something that it needs is missing; names the field.
    """
    given = dict(fields or {})
    project = project_locked(by, project_id)
    demand(by, Act.MOVE, target_of(project))
    same_version(project.version, version)
    if "actual_start" not in given and project.actual_start:
        given["actual_start"] = project.actual_start
    step = _planned(project, move, by, given)
    changes: dict[str, Any] = {"stage": [project.stage, step.to.value]}
    project.stage = step.to.value
    project.stage_note = str(given.get("reason") or "")
    project.stage_note_en = str(given.get("reason_en") or "")
    for column in ("actual_start", "actual_end"):
        if column in step.needs:
            changes[column] = [plain(getattr(project, column)), plain(given[column])]
            setattr(project, column, given[column])
    if step.name == "redo":
        project.actual_end = None
    _check_dates(project)
    cleaned(project, {"stage_note": "reason", "stage_note_en": "reason_en"})
    return _saved(by, project, f"project.{step.name}", changes | {"reason": [None, project.stage_note]})


@transaction.atomic
def project_unpublish(*, by: Viewer, project_id: int, version: int | None, reason: str) -> Project:
    """Take a project off the public map; it stays for those who answer for it, and can be published again.

    Raises:
        Invalid: no reason was given.
    """
    project = project_locked(by, project_id)
    demand(by, Act.PUBLISH, target_of(project))
    same_version(project.version, version)
    if not reason.strip():
        raise Invalid(_("请写明撤下的原因。"), field="reason", code="required")
    changes = {"is_published": [project.is_published, False], "reason": [None, reason.strip()[:200]]}
    project.is_published = False
    return _saved(by, project, "project.unpublish", changes)


def _saved(by: Viewer, project: Project, action: str, changes: dict[str, Any]) -> Project:
    project_summarise(project)
    project.version += 1
    project.updated_at = clock.now()
    _save(project)
    audit_write(by=by, action=action, obj=project, changes=changes)
    return project


def _save(project: Project) -> None:
    """Save; two writers who give the same number at the same moment are told like one who comes later."""
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        if "project_code_once" not in str(error):
            raise
        raise _code_taken(project) from None


def _code_taken(project: Project) -> Invalid:
    return Invalid(_("编号“%s”已经用在别的项目上。") % project.code, field="code", code="code_taken")


def _planned(project: Project, name: str, by: Viewer, given: Mapping[str, Any]) -> Move:
    try:
        return machine.plan(project.stage, name, by.role or "", given)
    except IllegalMove as error:
        if error.code == "needs_fields":
            raise Invalid(_("这一步必须填写。"), code="needs_fields", field=error.missing[0]) from None
        if error.code == "role_may_not":
            raise Forbidden(_("这一步要由领导来做。")) from None
        now = STAGE_TITLES[Stage(project.stage)]
        raise Conflict(_("项目现在是“%s”，不能做这一步。") % now, code="no_such_move", field="move") from None


def _still_allowed(by: Viewer, before: Target, after: Target) -> None:
    """A project cannot be given away to where the writer could not have entered it."""
    if before != after and not may(by, Act.UPDATE, after):
        raise Forbidden(_("不能把项目移到您的辖区或单位以外。"), code="outside_jurisdiction")


def _start_stage(fields: ProjectFields) -> str:
    stage = fields.get("stage") or Stage.PLANNED.value
    if stage not in START_STAGES:
        raise Invalid(_("新项目只能是立项、招标或在建。"), field="stage")
    if stage == Stage.CONSTRUCTION and not fields.get("actual_start"):
        raise Invalid(_("在建项目要填实际开工日期。"), field="actual_start", code="required")
    return stage


def _apply(project: Project, fields: ProjectFields) -> dict[str, Any]:
    """Set the columns of ``fields``; the changes for the audit."""
    given: dict[str, Any] = {name: value for name, value in fields.items() if not _is_kept(project, name, value)}
    if given.get("supervision_phone"):
        given["supervision_phone"] = normal_number(given["supervision_phone"], field="supervision_phone")
    new: dict[str, Any] = {name: given[name] for name in PLAIN if name in given}
    new |= _relations(project.county_id, given)
    if "lonlat" in given:
        places = _places_at(project.county_id, *given["lonlat"])
        new["geom"] = Point(given["lonlat"], srid=4326)
        if "village" not in fields:
            new["village_id"] = places.get(Level.VILLAGE)
    changes = {}
    for column, value in new.items():
        before = getattr(project, column)
        if before != value:
            changes[column] = ["…", "…"] if column in PRIVATE else [plain(before), plain(value)]
            setattr(project, column, value)
    project.search_text = search_text(project.name, project.code, project.contractor)[:400]
    _check(project)
    return changes


def _is_kept(project: Project, name: str, value: object) -> bool:
    """Whether ``value`` is what the project has already: a form may send everything back."""
    if project.pk is None:
        return False
    if name == "lonlat":
        return value == project.geom.coords
    column = {"category": "category_id", "owner_unit": "owner_unit_id", "village": "village_id"}.get(name, name)
    return name not in ("villages", "stage") and getattr(project, column) == value


def _relations(county: str, given: dict[str, Any]) -> dict[str, Any]:
    """Columns of the related rows that ``given`` names."""
    new: dict[str, Any] = {}
    if "category" in given:
        if not Category.objects.filter(pk=given["category"]).exists():
            raise Invalid(_("没有这个工程类别。"), field="category")
        new["category_id"] = given["category"]
    if "owner_unit" in given:
        if not Unit.objects.filter(pk=given["owner_unit"], county_id=county, is_active=True).exists():
            raise Invalid(_("本县没有这个单位。"), field="owner_unit")
        new["owner_unit_id"] = given["owner_unit"]
    if "village" in given:
        new["village_id"] = _villages(county, [given["village"]], "village")[0] if given["village"] else None
    return new


def _villages(county: str, codes: list[str], field: str) -> list[str]:
    known = set(Place.objects.filter(county_id=county, level=Level.VILLAGE, pk__in=codes).values_list("pk", flat=True))
    for code in codes:
        if code not in known:
            raise Invalid(_("本县没有代码为“%s”的村。") % str(code)[:20], field=field)
    return codes


def _set_villages(project: Project, fields: ProjectFields, changes: dict[str, Any]) -> None:
    """Keep ``villages`` as given, with the village of the site always among them."""
    before = set(project.villages.values_list("pk", flat=True))
    wanted = set(_villages(project.county_id, list(fields["villages"]), "villages")) if "villages" in fields else before
    wanted = wanted | ({project.village_id} if project.village_id else set())
    if wanted != before:
        project.villages.set(Place.objects.filter(pk__in=wanted))
        changes["villages"] = [sorted(before), sorted(wanted)]


def _places_at(county: str, lon: float, lat: float) -> dict[str, str]:
    """Codes by level of the places of the county that hold the point.

    Raises:
        Invalid: code "outside_county".
    """
    found = Place.objects.filter(county_id=county, level__in=[Level.COUNTY, Level.VILLAGE]).at(lon, lat)
    by_level = {level: code for code, level in found.values_list("pk", "level").order_by("-pk")}
    if Level.COUNTY not in by_level:
        raise Invalid(_("这个位置不在本县范围内。"), code="outside_county", field="geometry")
    return by_level


def _check(project: Project) -> None:
    cleaned(project, API_NAMES)
    _check_dates(project)
    if project.budget is not None and project.budget < 0:
        raise Invalid(_("投资不能是负数。"), field="budget")
    if project.code:
        twins = Project.objects.filter(county_id=project.county_id, code=project.code).exclude(pk=project.pk)
        if twins.exists():
            raise _code_taken(project)


def _check_dates(project: Project) -> None:
    if project.planned_start and project.planned_end and project.planned_end < project.planned_start:
        raise Invalid(_("计划完工早于计划开工。"), field="planned_end")
    if project.actual_start and project.actual_end and project.actual_end < project.actual_start:
        raise Invalid(_("实际完工早于实际开工。"), field="actual_end")
    for column in ("actual_start", "actual_end"):
        day = getattr(project, column)
        if day and day > clock.today():
            raise Invalid(_("实际日期不能在今天以后。"), field=column)
