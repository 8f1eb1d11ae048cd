"""Monthly progress: typed, pasted, written by two at once, recomputed."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kernel import clock
from kernel.errors import Conflict, DomainError, Invalid, TooLarge
from kernel.viewer import Role, Viewer
from projects import services
from projects.models import Progress, Project
from projects.services.summary import COLUMNS
from projects.states import Stage
from records.models import AuditEvent
from tests.factories import places
from tests.factories import projects as make
from tests.projects.conftest import VILLAGE, who

JUNE, MAY = dt.date(2026, 6, 1), dt.date(2026, 5, 1)


def row(actual: float | None = 62, planned: float = 70, month: dt.date = JUNE, **more: Any) -> services.ProgressRow:
    value = None if actual is None else Decimal(str(actual))
    more = {"indicator": "laid", "place": VILLAGE} | more
    return services.ProgressRow(month=month, planned=Decimal(str(planned)), actual=value, **more)


@pytest.fixture
def official(db: None) -> Viewer:
    make.indicator()
    return who(Role.OFFICIAL, "990521")


@pytest.fixture
def project(db: None) -> Project:
    return make.project(planned_end=dt.date(2026, 12, 31))


def summary(project: Project) -> tuple[Any, ...]:
    return Project.objects.values_list(*COLUMNS).get(pk=project.pk)


def test_rows_and_summary_change_together(official: Viewer, project: Project) -> None:
    services.progress_set(by=official, project_id=project.pk, row=row(62, 70, note="下雨停工 9 天"))
    assert summary(project) == ("late", Decimal("62.0"), Decimal("70.0"), JUNE, "下雨停工 9 天", "")
    services.progress_set(by=official, project_id=project.pk, row=row(66, 70, version=1))
    assert summary(project)[0] == "normal"
    event = AuditEvent.objects.filter(action="progress.set").latest("pk")
    assert event.changes == {f"laid {VILLAGE} 2026-06": [["70.0", "62.0", "下雨停工 9 天", ""], ["70", "66", "", ""]]}


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"actual": 100.1}, "actual"),
        ({"actual": -1}, "actual"),
        ({"planned": 101}, "planned"),
        ({"actual": "NaN"}, "actual"),
        ({"month": dt.date(2026, 7, 1)}, "actual"),
        ({"month": dt.date(1999, 1, 1)}, "month"),
        ({"indicator": "nothing"}, "indicator"),
        ({"place": "990521003007001"}, "place"),
        ({"place": "990522001001"}, "place"),
        ({"note": "长" * 301}, "note"),
        ({"note": "长", "note_en": "l" * 601}, "note_en"),
    ],
)
def test_one_wrong_row_and_nothing_is_stored(
    official: Viewer, project: Project, wrong: dict[str, Any], field: str
) -> None:
    places.grid()
    places.village("990522001001")
    before = summary(project)
    with pytest.raises(Invalid) as error:
        services.progress_put(by=official, project_id=project.pk, rows=[row(month=MAY), row(**wrong)])
    assert error.value.field == f"rows.1.{field}"
    assert not Progress.objects.exists()
    assert not AuditEvent.objects.exists()
    assert summary(project) == before


@pytest.mark.parametrize("version", [None, 2, 7])
def test_a_row_that_is_not_as_it_was_read_is_a_conflict(
    official: Viewer, project: Project, version: int | None
) -> None:
    make.progress(project, actual=50)
    with pytest.raises(Conflict) as error:
        services.progress_put(by=official, project_id=project.pk, rows=[row(40, month=MAY), row(version=version)])
    assert (error.value.code, error.value.field) == ("version_conflict", "rows.1.version")
    assert [str(one.actual) for one in Progress.objects.all()] == ["50.0"]


def test_going_back_jumping_and_foreign_places_are_warned_of(official: Viewer, project: Project) -> None:
    make.progress(project, MAY, actual=30)
    places.village("990521004001", "别村")
    given = [row(20, 20), row(10, 10, MAY, place="990521004001"), row(60, 60, JUNE, place="990521004001")]
    outcome = services.progress_put(by=official, project_id=project.pk, rows=given)
    assert [said.code for said in outcome.warnings] == ["goes_backward", "foreign_place", "foreign_place", "jump"]
    assert Progress.objects.count() == 4


def test_an_english_note_stays_with_its_chinese_one_and_goes_with_it(official: Viewer, project: Project) -> None:
    def english(**more: Any) -> str:
        version = project.progress.values_list("version", flat=True).first()
        services.progress_set(by=official, project_id=project.pk, row=row(version=version, **more))
        told = Project.objects.values_list("progress_note_en", flat=True).get(pk=project.pk)
        assert told == project.progress.get().note_en
        return str(told)

    assert english(note="下雨", note_en="Rain") == "Rain"
    assert english(note="下雨") == "Rain"
    assert english(note="材料晚到") == ""
    assert english(note="材料晚到", note_en="Materials came late") == "Materials came late"
    assert english(note="材料晚到", note_en="") == ""


HEADER = "月份\t指标\t村\t计划\t实际\t说明\n"


def paste(by: Viewer, project: Project, text: str, **more: Any) -> services.SheetReport:
    return services.progress_paste(by=by, project_id=project.pk, text=text, **({"dry_run": True} | more))


def test_a_preview_says_what_each_line_does_and_stores_nothing(official: Viewer, project: Project) -> None:
    make.progress(project, MAY, actual=50, planned=55)
    make.progress(project, dt.date(2026, 4, 1), actual=40, planned=40)
    text = HEADER + "\n".join(
        [
            f"2026-04\t管道铺设率\t{VILLAGE}\t40\t40",
            "2026年5月\tlaid\t荷塘\t55%\t５２％",
            "6月\t管道铺设率\t石桥镇荷塘村\t60\t45\t返工",
            "2026-06\t水质\t荷塘村\t60\t45",
            "2026-06\t管道铺设率\t没有村\t60\t45",
            "2026-06\t管道铺设率\t荷塘村\t60\t145",
            "2026-07\t管道铺设率\t荷塘村\t60\t5",
            "2026-06\t管道铺设率\t荷塘村\t60\t46",
            "\t\t\t\t",
        ]
    )
    report = paste(official, project, text)
    assert [line.verdict.value for line in report.lines] == ["same", "change", "new", *["error"] * 5]
    assert report.counts == {"new": 1, "change": 1, "same": 1, "error": 5}
    codes = [{said.code for said in line.messages} for line in report.lines]
    assert codes == [
        set(),
        set(),
        {"year_guessed", "goes_backward"},
        {"unknown_indicator"},
        {"unknown_place"},
        {"out_of_range", "repeated_row"},
        {"future_actual", "goes_backward"},
        {"repeated_row", "goes_backward"},
    ]
    assert report.lines[1].before == (Decimal("55.0"), Decimal("50.0"))
    assert [line.number for line in report.lines] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert not report.is_clean
    assert Progress.objects.count() == 2
    assert not AuditEvent.objects.exists()


def test_a_clean_sheet_is_stored_at_once(official: Viewer, project: Project) -> None:
    make.progress(project, MAY, actual=50, planned=55, note="旧说明")
    text = HEADER + "2026-05\t管道铺设率\t荷塘村\t55\t52\n2026-06\t\t\t60\t61\t赶工\n2026-07\t\t\t70\t-\n"
    preview = paste(official, project, text)
    assert preview.is_clean
    stored = paste(official, project, text, dry_run=False, basis=preview.basis)
    assert stored.is_stored
    rows = Progress.objects.order_by("month").values_list("month", "planned", "actual", "note", "version")
    assert [(f"{m:%m}", str(p), str(a), note, version) for m, p, a, note, version in rows] == [
        ("05", "55.0", "52.0", "旧说明", 2),
        ("06", "60.0", "61.0", "赶工", 1),
        ("07", "70.0", "None", "", 1),
    ]
    assert summary(project) == ("normal", Decimal("61.0"), Decimal("60.0"), JUNE, "赶工", "")
    assert AuditEvent.objects.get().action == "progress.paste"
    again = paste(official, project, text)
    assert {line.verdict.value for line in again.lines} == {"same"}


def test_one_bad_line_and_nothing_is_stored(official: Viewer, project: Project) -> None:
    text = HEADER + "2026-05\t管道铺设率\t荷塘村\t55\t52\n合计\t\t\t60\t61\n"
    with pytest.raises(Invalid) as error:
        paste(official, project, text, dry_run=False)
    assert error.value.code == "sheet_has_errors"
    assert "第 3 行" in str(error.value.message)
    with translation.override("en"), pytest.raises(Invalid) as error:
        paste(official, project, HEADER + "2031-13\t没有的指标\t荷塘村\tx\ty", dry_run=False)
    said = str(error.value.message)
    assert ("；" in said, said.count("; ") > 0) == (False, True), said
    assert not Progress.objects.exists()
    assert not AuditEvent.objects.exists()


def test_progress_that_changed_after_the_preview_is_a_conflict(official: Viewer, project: Project) -> None:
    text = HEADER + "2026-05\t管道铺设率\t荷塘村\t55\t52"
    preview = paste(official, project, text)
    services.progress_set(by=official, project_id=project.pk, row=row())
    with pytest.raises(Conflict):
        paste(official, project, text, dry_run=False, basis=preview.basis)
    assert Progress.objects.count() == 1


def test_equal_names_are_told_apart_by_the_township_or_by_the_project(official: Viewer, project: Project) -> None:
    places.township("990521004", "塘湾镇")
    places.village("990521004001", "新村")
    places.village("990521003009", "新村")
    lines = [f"{month}\t管道铺设率\t{place}\t5\t5" for month, place in (("5月", "新村"), ("6月", "塘湾镇 新村"))]
    ambiguous, named = paste(official, project, HEADER + "\n".join(lines)).lines
    assert [said.code for said in ambiguous.messages if said.is_error] == ["ambiguous_place"]
    assert named.place == "990521004001"
    project.villages.add("990521003009")
    assert paste(official, project, HEADER + lines[0]).lines[0].place == "990521003009"


@pytest.mark.parametrize(
    "text, kind, code",
    [
        ("", Invalid, "empty_sheet"),
        ("月份\t指标\t计划\t实际", Invalid, "empty_sheet"),
        ("a\x00b", Invalid, "invalid"),
        ("6月\t62\n" * 5000, TooLarge, "too_large"),
        ("x" * 200_001, TooLarge, "too_large"),
    ],
)
def test_sheets_that_are_refused(
    official: Viewer, project: Project, text: str, kind: type[DomainError], code: str
) -> None:
    with pytest.raises(kind) as error:
        paste(official, project, text)
    assert (error.value.code, error.value.field) == (code, "text")


def test_a_sheet_costs_the_same_queries_however_long(
    official: Viewer, project: Project, django_assert_max_num_queries: Any
) -> None:
    text = HEADER + "\n".join(f"{y}-{m:02}\t管道铺设率\t荷塘村\t5\t5" for y in range(2010, 2026) for m in range(1, 13))
    with django_assert_max_num_queries(16):
        paste(official, project, text, dry_run=False)
    assert Progress.objects.count() == 192


CELLS = st.sampled_from(
    [
        "2026-06",
        "2026-05",
        "6月",
        "荷塘村",
        "管道铺设率",
        "62%",
        "７０",
        "-",
        "",
        "月份",
        "计划",
        "实际",
        "村",
        "合计",
        "0.5",
        "水质",
    ]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SHEETS = st.lists(st.lists(CELLS, min_size=3, max_size=7).map("\t".join), max_size=6).map("\n".join)


class Pasting(TestCase):
    """Whatever is pasted: an error or all of it, never an exception that nobody foresaw, never a half."""

    def setUp(self) -> None:
        make.indicator()
        self.project = make.project()
        self.by = who(Role.OFFICIAL, "990521")

    @settings(max_examples=60)
    @given(SHEETS)
    def test_all_or_nothing(self, text: str) -> None:
        with clock.freeze("2026-06-30"):
            before = Progress.objects.count()
            try:
                report = services.progress_paste(by=self.by, project_id=self.project.pk, text=text, dry_run=False)
            except DomainError:
                assert Progress.objects.count() == before
                return
            assert Progress.objects.count() == before + report.counts["new"]
            assert not services.projects_recompute()


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_row_at_once() -> None:
    """Both read version 1; one is stored, the other gets a conflict; the summary is that of the stored one."""
    make.indicator()
    project = make.project()
    make.progress(project, actual=50)
    by = who(Role.OFFICIAL, "990521")
    start, outcomes = threading.Barrier(2), []

    def write(actual: float) -> None:
        try:
            start.wait(10)
            services.progress_set(by=by, project_id=project.pk, row=row(actual, version=1))
            outcomes.append(actual)
        except Conflict as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(value,)) for value in (55.0, 66.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    stored = Progress.objects.get()
    assert sorted(map(str, outcomes)) == sorted([str(float(stored.actual)), "version_conflict"])
    assert stored.version == 2
    assert Project.objects.get().actual == stored.actual
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_different_months_both_count() -> None:
    """Each would compute a summary without the other's row if the project were not locked."""
    make.indicator()
    project = make.project(planned_end=dt.date(2026, 12, 31))
    by = who(Role.OFFICIAL, "990521")
    start = threading.Barrier(2)

    def write(month: dt.date, actual: float) -> None:
        start.wait(10)
        services.progress_set(by=by, project_id=project.pk, row=row(actual, 70, month))
        connections.close_all()

    threads = [threading.Thread(target=write, args=args) for args in ((MAY, 60.0), (JUNE, 70.0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Progress.objects.count() == 2
    assert summary(project)[:4] == ("normal", Decimal("70.0"), Decimal("70.0"), JUNE)


def _random_writes(by: Viewer, dice: random.Random, steps: int) -> None:
    made = [make.project(stage=Stage.CONSTRUCTION, planned_end=dt.date(2026, dice.randint(5, 12), 1)) for _ in range(4)]
    make.indicator("water", "水质合格率")
    for _ in range(steps):
        project = Project.objects.get(pk=dice.choice(made).pk)
        month = dt.date(2026, dice.randint(1, 6), 1)
        known = {"indicator": dice.choice(["laid", "water"]), "place": dice.choice([VILLAGE, VILLAGE[:9]])}
        old = Progress.objects.filter(project=project, month=month, **{f"{k}_id": v for k, v in known.items()}).first()
        actual = dice.choice([None, 0, 50, 99.9, 100])
        one = row(actual, dice.randint(0, 100), month, version=old.version if old else None, **known)
        services.progress_set(by=by, project_id=project.pk, row=one)
        with contextlib.suppress(DomainError):
            services.project_move(
                by=by,
                project_id=project.pk,
                move=dice.choice(["pause", "resume", "finish", "redo"]),
                version=project.version,
                fields={"reason": "雨", "actual_end": JUNE},
            )


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.long)])
def test_recomputing_changes_nothing_after_random_writes(
    official: Viewer, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    _random_writes(official, random.Random(seed), 400 if seed == 3 else 40)
    before = list(Project.objects.order_by("pk").values())
    call_command("projects_recompute", "--county", "990521")
    assert capsys.readouterr().out == "0 projects changed\n"
    assert list(Project.objects.order_by("pk").values()) == before


def test_recomputing_repairs_what_was_written_past_the_services(official: Viewer, project: Project) -> None:
    make.progress(project, actual=10, planned=70)
    assert summary(project)[0] == "normal"
    assert services.projects_recompute() == [project.pk]
    assert summary(project)[:2] == ("late", Decimal("10.0"))


def test_the_calendar_makes_projects_late_over_night(official: Viewer) -> None:
    project = make.project(planned_end=dt.date(2026, 6, 30))
    assert services.projects_recompute("990521") == []
    with clock.freeze("2026-07-01"):
        assert services.projects_recompute("990522") == []
        assert services.projects_recompute("990521") == [project.pk]
    assert summary(project)[0] == "late"
