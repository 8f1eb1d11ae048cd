"""The progress board: every figure follows from rows that can be seen, and from nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from kernel import clock
from kernel.viewer import Role, Viewer
from projects import selectors
from projects.models import Progress, Project
from projects.states import Report, mean, project_figure, shown, standing
from tests.factories import places
from tests.factories import projects as make
from tests.projects.conftest import client_of

pytestmark = pytest.mark.django_db

ROOT = "/api/projects/board"
ANYBODY = Viewer(county=places.COUNTY)
MAY, JUNE, JULY = (dt.date(2026, month, 1) for month in (5, 6, 7))


def village(township: int, number: int = 1) -> Any:
    places._ensure(lambda code: places.township(code, f"乡镇{township}"), f"990521{township:03}")
    return places.village(f"990521{township:03}{number:03}", f"村{township}-{number}")


def board(**query: str) -> dict[str, Any]:
    answer = Client().get(ROOT, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def row(told: dict[str, Any], township: int) -> dict[str, Any]:
    return next(one for one in told["rows"] if one["code"] == f"990521{township:03}")


def _report(month: int, actual: float = 50, planned: float = 60) -> Report:
    return Report(dt.date(2026, month, 1), Decimal(str(planned)), Decimal(str(actual)))


@pytest.mark.parametrize("month, found", [(1, None), (2, 2), (4, 2), (5, 5), (6, 5)])
def test_a_series_stands_where_it_was_last_reported(month: int, found: int | None) -> None:
    last = standing([_report(5), _report(2)], dt.date(2026, month, 1))
    assert (last.month.month if last else None) == found


def test_means_are_exact_until_they_are_shown() -> None:
    thirds = project_figure(
        {("a", "1"): [_report(1, 0)], ("a", "2"): [_report(1, 0)], ("b", "1"): [_report(1, 1)]}, JUNE
    )
    assert thirds is not None
    assert thirds.actual == Fraction(1, 3)
    both = mean([thirds, None, project_figure({("a", "1"): [_report(6, 100)]}, JUNE)])
    assert both is not None
    assert (both.actual, shown(both.actual)) == (Fraction(301, 6), Decimal("50.2"))
    assert mean([None, project_figure({("a", "1"): [_report(6)]}, MAY)]) is None
    assert shown(Fraction(1005, 100)) == Decimal("10.1")


def _progress(project: Any, by: Any, place: Any, month: dt.date, actual: float | None, planned: float) -> Progress:
    return Progress(project=project, indicator=by, place=place, month=month, actual=actual, planned=planned)


@pytest.fixture
def county() -> None:
    """Thirty projects in five townships by chance (one seed): gaps, jumps, statuses, hidden and cancelled ones."""
    chance = random.Random(7)
    kinds = [make.indicator(key, key, order=at) for at, key in enumerate(("laid", "clean", "open"))]
    rows: list[Progress] = []
    for number in range(30):
        home = village(1 + number % 5, 1 + number % 4)
        status = chance.choice(["normal"] * 6 + ["late", "stopped", "backward", "done", "planned", "cancelled"])
        project = make.project(home, f"工程{number}", status=status, is_published=chance.random() < 0.9)
        for kind in chance.sample(kinds, chance.randint(0, 3)):
            for place in (home, village(1 + number % 5, 2 + number % 4)):
                for month in range(1, 9):
                    if chance.random() < 0.7:
                        actual = round(chance.uniform(0, 100), 1) if month < 7 else None
                        at = dt.date(2026, month, 1)
                        rows.append(_progress(project, kind, place, at, actual, round(chance.uniform(0, 100), 1)))
    Progress.objects.bulk_create(rows)
    Project.objects.filter(name__in=["工程3", "工程11"]).update(village=None)
    places.township("990521009", "空镇")


def _recomputed(rows: list[dict[str, Any]], name: str) -> float | None:
    """The mean by project, then over projects, of what is shown in the rows."""
    by_project = defaultdict(list)
    for one in rows:
        by_project[one["project"]["id"]].append(Fraction(str(one[name])))
    means = [sum(values) / len(values) for values in by_project.values()]
    if not means:
        return None
    exact = sum(means) / len(means)
    return float((Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP))


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("indicator", ["", "laid"])
@pytest.mark.parametrize("month", ["", "2026-03", "2025-12"])
def test_every_figure_can_be_clicked_down_to_its_rows(month: str, indicator: str) -> None:
    asked = {"month": month, "indicator": indicator}
    told = board(**asked, compare="2026-02")
    assert told["month"] == (month or "2026-06")
    figures = {one["code"]: one for one in told["rows"]} | {places.COUNTY: told["total"]}
    assert len(figures) == 7
    for code, figure in figures.items():
        rows = Client().get(f"{ROOT}/{code}", asked).json()["rows"]
        before = Client().get(f"{ROOT}/{code}", asked | {"month": "2026-02"}).json()["rows"]
        for name in ("actual", "planned"):
            assert figure[name] == _recomputed(rows, name), (code, name)
        was = _recomputed(before, "actual")
        both = figure["actual"] is not None and was is not None
        assert figure["change"] == (pytest.approx(figure["actual"] - was, abs=1e-9) if both else None)
        if figure["actual"] is not None:
            assert figure["difference"] == pytest.approx(figure["actual"] - figure["planned"], abs=1e-9)
        for point in figure.get("series", ()):
            rows = Client().get(f"{ROOT}/{code}", asked | {"month": point["month"]}).json()["rows"]
            assert [point["planned"], point["actual"]] == [_recomputed(rows, name) for name in ("planned", "actual")]


@pytest.mark.usefixtures("county")
def test_projects_are_counted_once_and_statuses_are_those_of_the_rows() -> None:
    told = board()
    public = Project.objects.filter(is_published=True).exclude(status="cancelled")
    outside = public.filter(village=None)
    for name in ("projects", "late", "stopped", "backward", "soon", "done"):
        parts = sum(one[name] for one in told["rows"])
        left = outside if name == "projects" else outside.filter(status=name)
        assert told["total"][name] == parts + left.count()
    assert told["total"]["projects"] == public.count()
    by_indicator = {one["key"]: one["projects"] for one in told["indicators"]}
    for key, projects in by_indicator.items():
        assert board(indicator=key)["total"]["projects"] == projects
    assert [one["key"] for one in told["indicators"]] == ["laid", "clean", "open"]
    assert told["months"] == [f"2026-0{month}" for month in range(1, 7)]


def test_what_has_to_be_looked_at_comes_first_and_empty_townships_last() -> None:
    """Late, stopped and backward before others, within them the furthest behind; then no figures, then no projects."""
    for township, status, actual in (
        *((1, "normal", 10), (2, "stopped", 66), (3, "late", 64), (4, "normal", 90), (5, "backward", None)),
        (6, "planned", None),
    ):
        project = make.project(village(township), f"工程{township}", status=status)
        if actual is not None:
            make.progress(project, JUNE, actual, 70)
    places.township("990521009", "空镇")
    told = board()
    assert [(one["code"][-1], one["status"], one["difference"]) for one in told["rows"]] == [
        ("3", "late", -6.0),
        ("2", "stopped", -4.0),
        ("5", "backward", None),
        ("1", "normal", -60.0),
        ("4", "normal", 20.0),
        ("6", "planned", None),
        ("9", None, None),
    ]
    empty = told["rows"][-1]
    assert (empty["status_title"], empty["projects"], empty["series"], empty["change"]) == (None, 0, [], None)


@pytest.mark.parametrize(
    "statuses, worst",
    [
        (("late", "stopped", "done"), "late"),
        (("stopped", "backward"), "stopped"),
        (("backward", "normal"), "backward"),
        (("normal", "done"), "normal"),
        (("done", "planned"), "normal"),
        (("done", "done"), "done"),
        (("planned",), "planned"),
        (("cancelled", "done"), "done"),
        (("cancelled",), None),
        (("soon", "done"), "soon"),
        (("soon", "backward"), "backward"),
    ],
)
def test_the_status_of_a_township(statuses: tuple[str, ...], worst: str | None) -> None:
    for number, status in enumerate(statuses):
        due = {"status": "normal", "planned_end": dt.date(2026, 7, 15)} if status == "soon" else {"status": status}
        make.project(village(1), f"工程{number}", **due)
    assert row(board(), 1)["status"] == worst


def test_reasons_are_the_worst_projects_with_their_notes() -> None:
    make.project(village(1), "停", status="stopped", stage="paused", stage_note="等待用地手续")
    make.project(village(1), "慢", status="late", progress_note="连续下雨停工 9 天")
    make.project(village(1), "好")
    make.project(village(1), "藏", status="late", is_published=False)
    make.progress(Project.objects.get(name="停"))
    reasons = board()["reasons"]
    assert [(one["name"], one["note"], one["status_title"]) for one in reasons] == [
        ("慢", "连续下雨停工 9 天", "滞后"),
        ("停", "等待用地手续", "停工"),
    ]
    assert [one["name"] for one in board(indicator="laid")["reasons"]] == ["停"]


def test_nothing_hidden_counts_not_even_for_those_who_may_see_it() -> None:
    make.progress(make.project(village(1), "公开"), JUNE, 50)
    make.progress(make.project(village(1), "隐藏", is_published=False), JUNE, 100)
    make.progress(make.project(village(1), "取消", status="cancelled"), JUNE, 100)
    for client in (Client(), client_of(Role.OFFICIAL, "990521")):
        told = client.get(ROOT).json()
        assert (told["total"]["actual"], told["total"]["projects"]) == (50.0, 1)
        assert {one["project"]["name"] for one in client.get(f"{ROOT}/990521001").json()["rows"]} == {"公开"}


def test_a_month_that_was_reported_ahead_waits_for_its_day() -> None:
    project = make.project(village(1))
    make.progress(project, JUNE, 50)
    make.progress(project, JULY, 60)
    assert (board()["month"], board()["months"]) == ("2026-06", ["2026-06"])
    with clock.freeze("2026-07-01", everywhere=True):
        assert (board()["month"], row(board(), 1)["actual"]) == ("2026-07", 60.0)


def test_an_empty_county() -> None:
    places.county()
    told = board()
    assert (told["month"], told["months"], told["indicators"], told["rows"], told["reasons"]) == (None, [], [], [], [])
    assert (told["total"]["actual"], told["total"]["projects"]) == (None, 0)
    assert Client().get(f"{ROOT}/990521").json() == {
        "place": {"code": "990521", "name": "云溪县"},
        "month": None,
        "indicator": None,
        "rows": [],
    }


@pytest.mark.parametrize(
    "path, query, status, code, field",
    [
        ("", {"month": "2026-13"}, 400, "invalid", "month"),
        ("", {"month": "2026-6"}, 400, "invalid", "month"),
        ("", {"month": "0000-01"}, 400, "invalid", "month"),
        ("", {"month": "2026-07"}, 400, "month_in_future", "month"),
        ("", {"compare": "2026-07"}, 400, "month_in_future", "compare"),
        ("", {"compare": "x"}, 400, "invalid", "compare"),
        ("", {"indicator": "nothing"}, 400, "unknown_indicator", "indicator"),
        ("", {"place": "990521001"}, 400, "unknown_parameter", "place"),
        (".csv", {"month": "2026-07"}, 400, "month_in_future", "month"),
        ("/990521001", {"indicator": "nothing"}, 400, "unknown_indicator", "indicator"),
        ("/990521001", {"compare": "2026-01"}, 400, "unknown_parameter", "compare"),
        ("/990521008", {}, 404, "not_found", ""),
        ("/990522", {}, 404, "not_found", ""),
        ("/%00", {}, 400, "malformed_request", ""),
        ("/" + "9" * 300, {}, 404, "not_found", ""),
    ],
)
def test_bad_input(path: str, query: dict[str, str], status: int, code: str, field: str) -> None:
    make.progress(make.project(village(1)))
    places.county("990522", "邻县")
    answer = Client().get(f"{ROOT}{path}", query)
    told = answer.json()
    assert (answer.status_code, told["code"], told.get("field", "")) == (status, code, field), told


def test_it_is_kept_until_something_changes() -> None:
    progress = make.progress(make.project(village(1)))
    for path in (ROOT, f"{ROOT}.csv", f"{ROOT}/990521001"):
        kept = Client().get(path)["ETag"]
        assert Client().get(path, headers={"If-None-Match": kept}).status_code == 304
        for change in ({"actual": 10 + len(path)}, {}):
            type(progress).objects.filter(pk=progress.pk).update(**(change or {"note": "x"}))
            assert Client().get(path, headers={"If-None-Match": kept}).status_code == 200
        make.Indicator.objects.update(title=f"名{len(path)}")
        assert Client().get(path, headers={"If-None-Match": kept}).status_code == 200


@pytest.mark.usefixtures("county")
def test_cost(django_assert_max_num_queries: Any) -> None:
    """The version and five reads, however many projects there are; three to four for the rows of a place."""
    for path, most in ((f"{ROOT}?compare=2026-01", 6), (f"{ROOT}.csv", 6), (f"{ROOT}/990521?indicator=laid", 5)):
        with django_assert_max_num_queries(most):
            assert Client().get(path).status_code == 200


def test_the_table_for_spreadsheets() -> None:
    make.progress(make.project(village(1), status="late"), JUNE, 50, 60)
    make.progress(Project.objects.get(), MAY, 45.5, 50)
    places.Place.objects.filter(pk="990521001").update(name="=HYPERLINK(1)")
    answer = Client().get(f"{ROOT}.csv", {"month": "2026-06", "compare": "2026-05"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0] == {
        **{
            "代码": "990521001",
            "乡镇": "'=HYPERLINK(1)",
            "实际（%）": "50.0",
            "计划（%）": "60.0",
            "比计划（个点）": "-10.0",
        },
        **{"比 2026-05（个点）": "4.5", "状态": "滞后", "项目": "1"},
        **{"滞后": "1", "停工": "0", "倒退": "0", "快到期": "0", "完工": "0"},
    }
    assert (table[-1]["乡镇"], table[-1]["比计划（个点）"]) == ("全县", "-10.0")
    assert b"\r\n" in answer.content


def test_english_readers_get_english_names() -> None:
    home = village(1)
    places.Place.objects.filter(pk="990521001").update(name_en="First Town")
    make.progress(make.project(home, name_en="Water mains", status="late"))
    told = board(lang="en")
    assert (told["rows"][0]["name"], told["rows"][0]["status_title"]) == ("First Town", "Late")
    rows = Client().get(f"{ROOT}/990521001", {"lang": "en"}).json()["rows"]
    assert (rows[0]["project"]["name"], rows[0]["indicator"]["title"]) == ("Water mains", "Laid")


def test_the_selector_says_what_the_address_says() -> None:
    make.progress(make.project(village(1)))
    assert selectors.project_board(ANYBODY).total.actual == board()["total"]["actual"] == 62.0
