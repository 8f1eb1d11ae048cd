"""Entering, changing and moving projects."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import Conflict, DomainError, Forbidden, Invalid
from kernel.viewer import Role, Viewer
from projects import services
from projects.models import Project
from records.models import AuditEvent
from tests.factories import places
from tests.factories import projects as make
from tests.projects.conftest import VILLAGE, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def official() -> Viewer:
    places.village()
    return who(Role.OFFICIAL, "990521")


def fields(**more: Any) -> services.ProjectFields:
    base: dict[str, Any] = {
        "name": "荷塘村供水管网改造",
        "category": make.category().pk,
        "owner_unit": make.unit().pk,
        "lonlat": places.lonlat(VILLAGE),
    }
    return {**base, **more}  # type: ignore[typeddict-item]


def test_a_project_is_entered_with_its_audit_row(official: Viewer) -> None:
    made = services.project_create(
        by=official, fields=fields(budget=Decimal("1200000.50"), contractor_contact="canary")
    )
    found = Project.objects.get(pk=made.pk)
    assert (found.village_id, found.county_id, found.stage, found.status) == (VILLAGE, "990521", "planned", "planned")
    assert list(found.villages.values_list("pk", flat=True)) == [VILLAGE]
    assert "hetangcun" in found.search_text
    event = AuditEvent.objects.get(action="project.create")
    assert (event.object_id, event.actor_id) == (str(made.pk), official.user_id)
    assert event.changes["budget"] == [None, "1200000.50"]
    assert "canary" not in str(event.changes)


def test_works_that_already_run_are_entered_as_they_stand(official: Viewer) -> None:
    made = services.project_create(by=official, fields=fields(stage="construction", actual_start=dt.date(2026, 2, 1)))
    assert (made.stage, made.status) == ("construction", "normal")


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"category": "nothing"}, "category"),
        ({"owner_unit": 0}, "owner_unit"),
        ({"owner_unit": 987654}, "owner_unit"),
        ({"lonlat": (0.0, 0.0)}, "geometry"),
        ({"lonlat": None}, "geometry"),
        ({"village": "990521003"}, "village"),
        ({"village": "990522001001"}, "village"),
        ({"villages": ["990521003007", "1"]}, "villages"),
        ({"budget": Decimal("-1")}, "budget"),
        ({"budget": Decimal("1e20")}, "budget"),
        ({"planned_start": dt.date(2026, 5, 1), "planned_end": dt.date(2026, 4, 1)}, "planned_end"),
        ({"actual_start": dt.date(2026, 7, 1)}, "actual_start"),
        ({"actual_start": dt.date(2026, 5, 1), "actual_end": dt.date(2026, 4, 1)}, "actual_end"),
        ({"stage": "completed"}, "stage"),
        ({"stage": "construction"}, "actual_start"),
        ({"supervision_phone": "打不通"}, "supervision_phone"),
        ({"code": "GC-1"}, "code"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(official: Viewer, wrong: dict[str, Any], field: str) -> None:
    make.project(code="GC-1")
    places.village("990522001001")
    before = Project.objects.count()
    with pytest.raises(Invalid) as error:
        services.project_create(by=official, fields=fields(**wrong))
    assert error.value.field == field
    assert str(error.value.message)
    assert (Project.objects.count(), AuditEvent.objects.count()) == (before, 0)


def test_a_change_needs_the_version_that_was_read(official: Viewer) -> None:
    project = make.project()
    services.project_update(by=official, project_id=project.pk, version=1, fields={"name": "甲"})
    with pytest.raises(Conflict) as error:
        services.project_update(by=official, project_id=project.pk, version=1, fields={"name": "乙"})
    assert error.value.code == "version_conflict"
    with pytest.raises(Invalid):
        services.project_update(by=official, project_id=project.pk, version=None, fields={"name": "丙"})
    found = Project.objects.get()
    assert (found.name, found.version) == ("甲", 2)
    assert AuditEvent.objects.get(action="project.update").changes == {"name": ["荷塘村供水管网改造", "甲"]}


def test_sending_everything_back_changes_nothing(official: Viewer) -> None:
    project = make.project(owner_unit=make.unit("gone"))
    project.owner_unit.is_active = False
    project.owner_unit.save()
    same: services.ProjectFields = {
        "name": project.name,
        "owner_unit": project.owner_unit_id,
        "category": project.category_id,
        "village": VILLAGE,
        "villages": [VILLAGE],
        "lonlat": (project.geom.x, project.geom.y),
    }
    assert services.project_update(by=official, project_id=project.pk, version=1, fields=same).version == 1
    assert not AuditEvent.objects.exists()


def test_a_new_site_brings_its_village(official: Viewer) -> None:
    project = make.project()
    places.village("990521003008", "桑洲村")
    moved: services.ProjectFields = {"lonlat": places.lonlat("990521003008")}
    found = services.project_update(by=official, project_id=project.pk, version=1, fields=moved)
    assert found.village_id == "990521003008"
    assert set(found.villages.values_list("pk", flat=True)) == {VILLAGE, "990521003008"}


def test_the_whole_life_of_a_project(official: Viewer) -> None:
    project = services.project_create(by=official, fields=fields())
    day = dt.date(2026, 6, 1)
    steps: list[tuple[str, dict[str, Any], str, str]] = [
        ("tender", {}, "tendering", "planned"),
        ("start", {"actual_start": day}, "construction", "normal"),
        ("pause", {"reason": "下雨停工 9 天"}, "paused", "stopped"),
        ("resume", {}, "construction", "normal"),
        ("finish", {"actual_end": day}, "acceptance", "done"),
        ("redo", {"reason": "返工"}, "construction", "normal"),
        ("finish", {"actual_end": day}, "acceptance", "done"),
        ("accept", {}, "completed", "done"),
    ]
    for move, given, stage, status in steps:
        project = services.project_move(
            by=official, project_id=project.pk, move=move, version=project.version, fields=given
        )
        assert (project.stage, project.status) == (stage, status), move
    assert AuditEvent.objects.count() == 1 + len(steps)


@pytest.mark.parametrize(
    "stage, move, given, kind, field",
    [
        ("planned", "pause", {"reason": "雨"}, Conflict, "move"),
        ("construction", "nothing", {}, Conflict, "move"),
        ("construction", "pause", {}, Invalid, "reason"),
        ("construction", "pause", {"reason": ""}, Invalid, "reason"),
        ("planned", "start", {}, Invalid, "actual_start"),
        ("construction", "finish", {"actual_end": dt.date(2026, 7, 1)}, Invalid, "actual_end"),
        ("construction", "pause", {"reason": "长" * 201}, Invalid, "reason"),
    ],
)
def test_moves_that_the_table_refuses(
    official: Viewer, stage: str, move: str, given: dict[str, Any], kind: type[DomainError], field: str
) -> None:
    project = make.project(stage=stage)
    with pytest.raises(kind) as error:
        services.project_move(by=official, project_id=project.pk, move=move, version=1, fields=given)
    assert error.value.field == field
    assert Project.objects.get().stage == stage
    assert not AuditEvent.objects.exists()


def test_only_officials_accept_and_cancel() -> None:
    project = make.project(stage="acceptance")
    with pytest.raises(Forbidden):
        services.project_move(by=who(Role.HANDLER, unit="water"), project_id=project.pk, move="accept", version=1)


def test_unpublishing_needs_a_reason_and_can_be_undone(official: Viewer) -> None:
    project = make.project()
    with pytest.raises(Invalid):
        services.project_unpublish(by=official, project_id=project.pk, version=1, reason=" ")
    services.project_unpublish(by=official, project_id=project.pk, version=1, reason="重复录入")
    assert not Project.objects.visible_to(who(None)).exists()
    services.project_update(by=official, project_id=project.pk, version=2, fields={"is_published": True})
    assert Project.objects.visible_to(who(None)).exists()
