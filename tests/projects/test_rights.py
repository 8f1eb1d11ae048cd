"""The table of rights, walked over anonymous and eight roles × every act × inside, outside, other county."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Forbidden, NotFound, NotSignedIn
from kernel.viewer import Role, Viewer
from projects import services
from projects.models import Notice, Progress, Project, ProjectPhoto
from projects.states import RIGHTS, Act, Target, may
from records.models import AuditEvent
from tests.factories import media, places
from tests.factories import projects as make
from tests.projects.conftest import who

pytestmark = pytest.mark.django_db

INSIDE, OUTSIDE = "990521003007", "990521004001"
HERE = "990521003"
ROLES: tuple[Role | None, ...] = (None, *Role)

# Written down once more by hand, so that a slip in the table shows.
OWNERS = {Role.HANDLER, Role.OFFICIAL}
MAY: dict[Act, set[Role]] = {
    Act.CREATE: OWNERS,
    Act.UPDATE: OWNERS,
    Act.MOVE: OWNERS,
    Act.PUBLISH: OWNERS,
    Act.PROGRESS: OWNERS,
    Act.PHOTO_ADD: OWNERS | {Role.VILLAGE_AGENT, Role.GRID_MANAGER},
    Act.PHOTO_EDIT: OWNERS,  # and village agents and grid managers what they uploaded, below
    Act.NOTICE: OWNERS | {Role.DESK},
}


def upload() -> services.Upload:
    return services.Upload(io.BytesIO(media.jpeg((64, 48))), "a.jpg")


def _create(by: Viewer, project: Project) -> object:
    fields: services.ProjectFields = {
        "name": "新项目",
        "category": project.category_id,
        "owner_unit": project.owner_unit_id,
        "lonlat": places.lonlat(project.village_id),
    }
    return services.project_create(by=by, fields=fields)


def _row(project: Project) -> services.ProgressRow:
    return services.ProgressRow(make.indicator().pk, project.village_id, dt.date(2026, 5, 1), Decimal(50))


DETAILS = services.PhotoDetails(taken_on=dt.date(2026, 6, 1))

DO: dict[Act, Callable[[Viewer, Project], object]] = {
    Act.CREATE: _create,
    Act.UPDATE: lambda by, p: services.project_update(by=by, project_id=p.pk, version=1, fields={"name": "新名"}),
    Act.MOVE: lambda by, p: services.project_move(
        by=by, project_id=p.pk, move="pause", version=1, fields={"reason": "雨"}
    ),
    Act.PUBLISH: lambda by, p: services.project_unpublish(by=by, project_id=p.pk, version=1, reason="重复"),
    Act.PROGRESS: lambda by, p: services.progress_set(by=by, project_id=p.pk, row=_row(p)),
    Act.PHOTO_ADD: lambda by, p: services.project_photo_add(by=by, project_id=p.pk, upload=upload(), details=DETAILS),
    Act.PHOTO_EDIT: lambda by, p: services.project_photo_update(
        by=by, photo_id=p.project_photos.get().pk, version=1, fields={"caption": "新说明"}
    ),
    Act.NOTICE: lambda by, p: services.notice_create(by=by, project_id=p.pk, title="公示"),
}


def tables() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Project, Progress, ProjectPhoto, Notice, AuditEvent))


@pytest.fixture
def site() -> Callable[[str, str], Project]:
    def build(village: str, unit: str) -> Project:
        project = make.project(places.village(village), owner_unit=make.unit(unit, village[:6]))
        make.indicator()
        make.project_photo(project)
        return project

    return build


def test_every_act_has_a_row_in_this_test() -> None:
    assert set(MAY) == set(DO) == set(RIGHTS) == set(Act)


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("role", ROLES)
def test_inside(act: Act, role: Role | None, site: Any) -> None:
    project = site(INSIDE, "water")
    by = who(role, HERE, unit="water") if role else who(None)
    if role in MAY[act]:
        DO[act](by, project)
        return
    before = tables()
    with pytest.raises(Forbidden if role else NotSignedIn):
        DO[act](by, project)
    assert tables() == before


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("role", list(Role))
def test_outside_the_jurisdiction_and_of_another_unit_nobody_may(act: Act, role: Role, site: Any) -> None:
    project = site(OUTSIDE, "roads")
    by = who(role, HERE, unit="water")
    before = tables()
    with pytest.raises(Forbidden):
        DO[act](by, project)
    assert tables() == before


@pytest.mark.parametrize("act", [act for act in Act if act != Act.CREATE])
@pytest.mark.parametrize("role", list(Role))
def test_another_county_is_not_there(act: Act, role: Role, site: Any) -> None:
    """Also not for somebody whose jurisdiction would name it: the viewer looks at the own county."""
    project = site("990522001001", "water")
    by = who(role, "990521", "990522", unit="water")
    before = tables()
    with pytest.raises(NotFound):
        DO[act](by, project)
    assert tables() == before


def test_a_handler_acts_for_the_own_unit_wherever_the_site_lies(site: Any) -> None:
    project = site(OUTSIDE, "water")
    by = who(Role.HANDLER, unit="water")
    assert DO[Act.UPDATE](by, project).name == "新名"  # type: ignore[attr-defined]


def test_unpublished_projects_are_not_there_for_those_outside(site: Any) -> None:
    project = site(OUTSIDE, "roads")
    Project.objects.update(is_published=False)
    for role in Role:
        with pytest.raises(NotFound):
            DO[Act.UPDATE](who(role, HERE, unit="water"), project)


@pytest.mark.parametrize("role", [Role.VILLAGE_AGENT, Role.GRID_MANAGER])
@pytest.mark.parametrize(
    "code, allowed",
    [(INSIDE, True), (INSIDE + "001", True), (HERE, True), ("990521003008", False), ("990521003008001", False)],
)
def test_photos_of_own_places_by_agents_and_grid_managers(role: Role, code: str, allowed: bool, site: Any) -> None:
    project = site(INSIDE, "roads")
    by = who(role, code)
    if not allowed:
        with pytest.raises(Forbidden):
            DO[Act.PHOTO_ADD](by, project)
        return
    added = DO[Act.PHOTO_ADD](by, project)
    assert isinstance(added, ProjectPhoto)
    services.project_photo_update(by=by, photo_id=added.pk, version=1, fields={"caption": "自己的"})
    other = project.project_photos.exclude(pk=added.pk).get()
    with pytest.raises(Forbidden):  # somebody else's photo
        services.project_photo_update(by=by, photo_id=other.pk, version=1, fields={"caption": "别人的"})
    services.project_photo_remove(by=by, photo_id=added.pk)
    assert project.project_photos.count() == 1


def test_the_queryset_says_the_same_as_the_table(site: Any) -> None:
    """``open_to`` in SQL and ``may`` in Python over all roles and acts."""
    sites = [site(village, unit) for village in (INSIDE, "990521003008", OUTSIDE) for unit in ("water", "roads")]
    outside_all = make.project(name="江心", village=places.village(INSIDE), villages=[])
    Project.objects.filter(pk=outside_all.pk).update(village=None)
    everything = [*sites, Project.objects.get(pk=outside_all.pk)]
    for role in Role:
        for codes in ((), (INSIDE,), (INSIDE + "002",), (HERE,), ("990521",)):
            by = who(role, *codes, unit="water")
            for act in set(Act) - {Act.PHOTO_EDIT}:
                in_sql = set(Project.objects.open_to(by, act).values_list("pk", flat=True))
                in_table = {p.pk for p in everything if may(by, act, Target(p.owner_unit_id, (p.village_id,)))}
                assert in_sql == in_table, (role, codes, act)


def test_projects_cannot_be_given_away(site: Any) -> None:
    project = site(INSIDE, "water")
    other = make.unit("roads")
    with pytest.raises(Forbidden):
        services.project_update(
            by=who(Role.HANDLER, unit="water"), project_id=project.pk, version=1, fields={"owner_unit": other.pk}
        )
    places.village(OUTSIDE)
    with pytest.raises(Forbidden):
        services.project_update(
            by=who(Role.OFFICIAL, HERE), project_id=project.pk, version=1, fields={"village": OUTSIDE}
        )
    assert not AuditEvent.objects.filter(action="project.update").exists()
