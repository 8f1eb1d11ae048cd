"""What the panel of a place tells of projects, in how many queries, and what it never tells."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Unit
from kernel.panel import PlaceRef, phone_sources, sections
from kernel.viewer import Viewer
from projects import selectors
from projects.models import Project
from tests.factories import people, places
from tests.factories import projects as make
from tests.projects.conftest import VILLAGE

pytestmark = pytest.mark.django_db

ANYBODY = Viewer(county="990521")
CANARY = "canary-7f3a"
MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


def ref(code: str) -> PlaceRef:
    level = {6: "county", 9: "township", 12: "village"}[len(code)]
    return PlaceRef(code, code, level, code[:6], places.lonlat(code))


def body(key: str, code: str = VILLAGE, viewer: Viewer = ANYBODY) -> Any:
    built = sections[key].build(viewer, ref(code))
    return json.loads(json.dumps(built))  # must be JSON as it is


def names(code: str) -> list[str]:
    return [one["name"] for one in body("progress", code)["projects"]]


def test_the_shape_of_progress() -> None:
    project = make.project(
        planned_end=dt.date(2026, 12, 31),
        status="late",
        actual=62,
        planned=70,
        progress_month=JUNE,
        progress_note="下雨停工 9 天",
    )
    make.progress(project, MAY, 50, 55, updated_at=dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC))
    make.progress(project, JUNE, 62, 70)
    make.progress(project, dt.date(2026, 7, 1), None, 80)
    assert body("progress") == {
        "as_of": "2026-06-15",
        "total": 1,
        "projects": [
            {
                "id": project.pk,
                "name": "荷塘村供水管网改造",
                "category": "pipe",
                "category_title": "供水管网",
                "icon": "pipe",
                "stage": "construction",
                "stage_title": "在建",
                "status": "late",
                "status_title": "滞后",
                "actual": 62.0,
                "planned": 70.0,
                "difference": -8.0,
                "month": "2026-06",
                "note": "下雨停工 9 天",
                "planned_end": "2026-12-31",
                "supervision_phone": "0572-0123 0001",
                "village": {"code": VILLAGE, "name": "荷塘村"},
                "township": {"code": "990521003", "name": "石桥镇"},
                "lon": places.lonlat(VILLAGE)[0],
                "lat": places.lonlat(VILLAGE)[1],
                "indicators": [
                    {
                        "key": "laid",
                        "title": "管道铺设率",
                        "unit": "%",
                        "months": [
                            {"month": "2026-05", "planned": 55.0, "actual": 50.0},
                            {"month": "2026-06", "planned": 70.0, "actual": 62.0},
                            {"month": "2026-07", "planned": 80.0, "actual": None},
                        ],
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Trench filled", "A filled trench.", "Public notice", "Five days.", "Report"]),
        ("zh-hans", ["回填", "填好的沟", "公示", "公示期五天。", "环评报告"]),
    ],
)
def test_photos_and_notices_speak_the_readers_language(language: str, expected: list[str]) -> None:
    project = make.project(places.village(VILLAGE))
    shot = make.photo(alt="填好的沟", alt_en="A filled trench.")
    make.project_photo(project, photo=shot, caption="回填", caption_en="Trench filled")
    notice = make.notice(project, "公示", title_en="Public notice", body_en="Five days.")
    make.attachment(notice, "环评报告", title_en="Report")
    with translation.override(language):
        (photo,), (told,) = body("photos")["items"], body("notices")["items"]
    (document,) = told["attachments"]
    assert [photo["caption"], photo["alt"], told["title"], told["body"], document["title"]] == expected


def test_the_shape_of_photos_and_notices() -> None:
    project = make.project()
    photo = make.project_photo(project)
    notice = make.notice(project)
    make.attachment(notice, kind="environment")
    shown = body("photos")
    assert shown["total"] == 1
    (item,) = shown["items"]
    addresses, facts = {"thumb", "medium", "large"}, {"id", "alt", "taken_on", "width", "height", "caption", "moment"}
    assert set(item) == addresses | facts | {"project", "village"}
    assert item["taken_on"] == "2026-06-01"
    assert item["project"] == {"id": project.pk, "name": project.name}
    assert item["thumb"].startswith("/media/")
    assert photo.photo.original_name not in json.dumps(shown)
    (told,) = body("notices")["items"]
    assert told["project"]["id"] == project.pk
    assert {key: told["attachments"][0][key] for key in ("title", "size", "type")} == {
        "title": "环境影响报告", "size": 2048, "type": "application/pdf"
    }  # fmt: skip


def test_a_project_shows_in_every_village_it_is_built_for() -> None:
    next_door, elsewhere = places.village("990521003008", "桑洲村"), places.village("990521004001", "别村")
    make.project(name="只在荷塘")
    make.project(name="两个村", villages=[places.village(), next_door])
    assert set(names(VILLAGE)) == {"只在荷塘", "两个村"}
    assert names("990521003008") == ["两个村"]
    assert sorted(names("990521003")) == ["两个村", "只在荷塘"]
    assert names(elsewhere.pk) == []
    assert len(names("990521")) == 2


def test_a_village_sees_its_own_figures_a_township_the_mean() -> None:
    next_door = places.village("990521003008", "桑洲村")
    project = make.project(villages=[places.village(), next_door])
    make.progress(project, JUNE, 60, 70)
    make.progress(project, JUNE, 40, 50, place=next_door)
    make.progress(project, JUNE, 90, 90, place=places.township(), by=make.indicator("water", "水质合格率"))

    def figures(code: str) -> dict[str, float]:
        curves = body("progress", code)["projects"][0]["indicators"]
        return {curve["key"]: curve["months"][-1]["actual"] for curve in curves}

    assert figures(VILLAGE) == {"laid": 60.0, "water": 90.0}
    assert figures("990521003008") == {"laid": 40.0, "water": 90.0}
    assert figures("990521003") == {"laid": 50.0, "water": 90.0}


def test_photos_show_where_they_were_taken() -> None:
    next_door = places.village("990521003008", "桑洲村")
    project = make.project(villages=[places.village(), next_door])
    make.project_photo(project, caption="荷塘")
    make.project_photo(project, caption="桑洲", village=next_door)
    make.project_photo(project, caption="不知道", village=None)

    def captions(code: str) -> set[str]:
        return {item["caption"] for item in body("photos", code)["items"]}

    assert captions(VILLAGE) == {"荷塘", "不知道"}
    assert captions("990521003008") == {"桑洲"}
    assert body("photos", "990521003")["total"] == 3


def test_the_newest_photos_come_and_all_are_counted() -> None:
    project = make.project()
    for day in range(1, 32):
        make.project_photo(project, dt.date(2026, 5, day))
    make.project_photo(project, dt.date(2026, 6, 1))
    shown = body("photos")
    assert (shown["total"], len(shown["items"]), shown["items"][0]["taken_on"]) == (32, 30, "2026-06-01")


def test_the_worst_come_first() -> None:
    for status in ("done", "normal", "backward", "stopped", "late", "planned", "cancelled"):
        make.project(name=status, status=status)
    assert names(VILLAGE) == ["late", "stopped", "backward", "normal", "planned", "done", "cancelled"]


def test_a_township_lists_the_worst_and_says_how_many_there_are() -> None:
    for number in range(selectors.PANEL_PROJECTS):
        make.progress(make.project(name=f"正常 {number}"), JUNE)
    make.progress(make.project(name="滞后的", status="late"), JUNE)
    shown = body("progress", "990521003")
    assert (shown["total"], len(shown["projects"])) == (selectors.PANEL_PROJECTS + 1, selectors.PANEL_PROJECTS)
    assert shown["projects"][0]["name"] == "滞后的"
    assert all(project["indicators"] for project in shown["projects"])


def test_soon_due_and_why_it_stands_still() -> None:
    make.project(name="快了", planned_end=dt.date(2026, 7, 20))
    make.project(name="停了", status="stopped", stage="paused", stage_note="等待用地手续", progress_note="旧")
    stopped, soon = body("progress")["projects"]
    assert (soon["status"], soon["status_title"]) == ("soon", "快到期")
    assert stopped["note"] == "等待用地手续"


def test_english_readers_are_told_why_in_english_where_somebody_wrote_it() -> None:
    make.project(name="滞后的", status="late", progress_note="下雨", progress_note_en="Rain")
    why = {"stage_note": "等待用地手续", "stage_note_en": "Waiting for the land permit"}
    make.project(name="停了", status="stopped", stage="paused", **why, progress_note="旧", progress_note_en="Old")
    make.project(name="也停了", status="stopped", stage="paused", stage_note="村民协商", progress_note_en="Old")
    with translation.override("en"):
        told = [project["note"] for project in body("progress")["projects"]]
    assert told == ["Rain", "Waiting for the land permit", "村民协商"]


def test_phones_of_open_works_the_worst_first() -> None:
    make.project(name="正常的")
    make.project(name="滞后的", status="late", supervision_title="县纪委", supervision_phone="12388")
    make.project(name="完工的", status="done", supervision_phone="1")
    make.project(name="没有电话", supervision_phone="")
    found = phone_sources["projects"].find(ANYBODY, ref(VILLAGE))
    assert [(one.title, one.number, one.duty) for one in found] == [
        ("县纪委", "12388", "滞后的"),
        ("县水利局", "0572-0123 0001", "正常的"),
    ]
    Unit.objects.update(name_en="County Water Bureau")
    with translation.override("en"):
        assert phone_sources["projects"].find(ANYBODY, ref(VILLAGE))[0].title == "County Water Bureau"
    Project.objects.filter(name="滞后的").update(supervision_title_en="County discipline commission")
    with translation.override("en"):
        found = phone_sources["projects"].find(ANYBODY, ref(VILLAGE))
        assert [one.title for one in found] == ["County discipline commission", "County Water Bureau"]


@pytest.mark.parametrize("viewer", people.viewers(["990521"]), ids=lambda viewer: str(viewer.role))
def test_nothing_unpublished_or_private_is_in_the_panel(viewer: Viewer) -> None:
    """For everybody: the panel is the citizens' page, also when an official looks at it."""
    hidden = make.project(name=f"{CANARY} project", is_published=False, supervision_phone=CANARY)
    make.project_photo(hidden, caption=CANARY)
    make.notice(hidden, title=CANARY)
    shown = make.project(contractor_contact=CANARY)
    make.project_photo(shown, caption=CANARY, photo=make.photo(state="pending"))
    make.project_photo(shown, caption=CANARY, photo=make.photo(state="hidden"))
    make.project_photo(shown, photo=make.photo(original_name=CANARY, original_path=CANARY))
    make.notice(shown, title=CANARY, is_published=False)
    kept = make.attachment(make.notice(shown), title=CANARY)
    kept.document.state = "hidden"
    kept.document.save()
    other = make.project(places.village("990522003007"), name=CANARY)
    make.project_photo(other, caption=CANARY)
    told = [body(key, code, viewer) for key in ("photos", "progress", "notices") for code in (VILLAGE, "990521")]
    told.append([str(phone) for phone in phone_sources["projects"].find(viewer, ref(VILLAGE))])
    text = json.dumps(told, ensure_ascii=False)
    assert CANARY not in text
    assert shown.name in text


def test_query_budgets_hold_however_many_projects(django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        project = make.project(name=f"项目 {number}")
        make.progress(project, MAY)
        make.progress(project)
        make.project_photo(project)
        make.attachment(make.notice(project))
    for key in ("photos", "progress", "notices"):
        with django_assert_max_num_queries(sections[key].max_queries):
            body(key)
    with django_assert_max_num_queries(phone_sources["projects"].max_queries):
        phone_sources["projects"].find(ANYBODY, ref(VILLAGE))


def test_the_overview_counts_each_project_once_and_watches_the_worst(django_assert_max_num_queries: Any) -> None:
    for status in ("normal", "normal", "late", "late", "stopped", "backward", "done", "planned", "cancelled"):
        make.project(name=status, status=status, updated_at=dt.datetime(2026, 6, 30, 2, 20, tzinfo=dt.UTC))
    make.project(name="快了", planned_end=dt.date(2026, 7, 1))
    make.project(name=CANARY, status="late", is_published=False)
    make.project_photo(Project.objects.filter(name="late")[0])
    with django_assert_max_num_queries(3):
        told = selectors.project_overview(ANYBODY)
    assert told.as_of == "2026-06-30T10:20:00+08:00"
    counts = told.counts
    assert (counts.projects, counts.late, counts.stopped, counts.backward) == (9, 2, 1, 1)
    assert (
        counts.projects == counts.normal + counts.late + counts.stopped + counts.backward + counts.done + counts.planned
    )
    assert counts.soon == 1
    assert [line.name for line in told.watch] == ["late", "late", "stopped", "backward", "快了"]
    assert (told.watch[0].village and told.watch[0].village.code, len(told.recent)) == (VILLAGE, 1)
