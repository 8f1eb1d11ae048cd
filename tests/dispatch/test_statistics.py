"""Every figure opens its rows, every order is counted exactly once, and nothing is left out silently."""

from __future__ import annotations

import csv
import io

import pytest
from django.db.models import OuterRef, Value

from dispatch.models import WorkOrder
from kernel import clock
from kernel.viewer import Role
from kernel.work import work_sources
from tests.dispatch.test_api import client_of
from tests.factories import dispatch as make

pytestmark = pytest.mark.django_db

ONCE = ("on_time", "late", "pending", "cancelled")


@pytest.fixture
def busy(office):
    """Orders of two months with every outcome, one unit's name a formula."""
    with clock.freeze("2026-05-20"):
        for state in ("done", "cancelled", "in_progress", "review", "assigned"):
            office.in_state(state)
        make.opened(village=None, grid=None, category="", title="江心")
    with clock.freeze("2026-06-29"):
        for state in ("opened", "waiting", "forwarded", "returned", "done"):
            office.in_state(state)
        back = office.in_state("returned")
        back = make.move(office.supervisor, back, "allow_return")
        make.move(office.desk, back, "assign", unit=office.other.pk)
        make.opened(round=2, category="=cmd|'/C calc'!A0")
        task = office.in_state("in_progress")
        make.move(office.handler, task, "child", unit=office.other.pk, title="封道")
    office.other.name = "=1+1"
    office.other.save()
    return office


@pytest.mark.parametrize("by", ["unit", "township", "village", "category", "month"])
def test_every_figure_opens_its_rows(busy, by, django_assert_max_num_queries):
    client = client_of(Role.SUPERVISOR)
    path = f"/api/orders/statistics?by={by}&from=2026-01-01&to=2026-06-30"
    with django_assert_max_num_queries(10):
        body = client.get(path).json()
    leading = WorkOrder.objects.filter(parent=None).count()
    assert sum(group["figures"][0]["value"] for group in body["groups"]) == leading
    for group in [*body["groups"], body["total"]]:
        figures = {figure["key"]: figure for figure in group["figures"]}
        assert sum(figures[key]["value"] for key in ONCE) == figures["total"]["value"]
        for key, figure in figures.items():
            if key.endswith(("_percent", "_days")):
                assert client.get(figure["rows"]).status_code == 200
                continue
            assert client.get(figure["rows"]).json()["matched"] == figure["value"], (by, group["title"], key)
    assert body["note"]


def test_figures_by_hand(busy):
    body = client_of(Role.SUPERVISOR).get("/api/orders/statistics?by=unit&from=2026-01-01&to=2026-06-30").json()
    total = {figure["key"]: figure["value"] for figure in body["total"]["figures"]}
    assert total == {
        **{"total": 14, "on_time": 2, "late": 4, "pending": 7, "cancelled": 1, "open": 11, "done": 2},
        **{"returned": 2, "reopened": 1, "replied": 3, "replied_on_time": 3, "reply_due": 6, "rated": 0},
        **{"satisfied": 0, "first_reply_days": 0.0, "on_time_percent": 33.3, "first_reply_percent": 50.0},
        **{"reopened_percent": 7.1, "satisfied_percent": None},
    }
    units = {group["title"]: {f["key"]: f["value"] for f in group["figures"]} for group in body["groups"]}
    assert units["城市管理局"]["handed_back"] == 2, "also the one that another unit has now"
    assert units["=1+1"]["total"] == 1


def test_only_ones_own_rows(busy):
    def total(client):
        return client.get("/api/orders/statistics?from=2026-01-01").json()["total"]["figures"][0]["value"]

    assert total(client_of(Role.SUPERVISOR, None, "990521004")) == 0
    assert total(client_of(Role.HANDLER, busy.other)) == 1
    assert total(client_of(Role.OFFICIAL)) == 14


def test_satisfaction_comes_from_the_source(busy, monkeypatch):
    """The seam: an expression of the source over the order's key and round."""
    source = work_sources["tests"]
    done = WorkOrder.objects.filter(state="done").first()
    rated = WorkOrder.objects.filter(pk=done.pk, source_id=OuterRef("source_id"), round=OuterRef("round"))
    object.__setattr__(source, "rating", lambda: rated.annotate(is_good=Value(True)).values("is_good")[:1])
    client = client_of(Role.SUPERVISOR)
    total = client.get("/api/orders/statistics?from=2026-01-01").json()["total"]
    figures = {figure["key"]: figure for figure in total["figures"]}
    assert (figures["rated"]["value"], figures["satisfied_percent"]["value"]) == (1, 100.0)
    assert [row["id"] for row in client.get(figures["satisfied"]["rows"]).json()["items"]] == [done.pk]


def test_table_for_spreadsheets(busy):
    answer = client_of(Role.SUPERVISOR).get("/api/orders/statistics.csv?by=unit&from=2026-01-01&to=2026-06-30")
    text = answer.content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0][:3] == ["名称", "合计", "按时办结"]
    assert "'=1+1" in [line[0] for line in lines]
    assert lines[-2][:2] == ["合计", "14"]
    assert "并案" in lines[-1][0], "what is not in the table is said in it"
    categories = client_of(Role.SUPERVISOR).get("/api/orders/statistics.csv?by=category&from=2026-01-01").content
    assert b"'=cmd" in categories


@pytest.mark.parametrize("query", ["by=colour", "from=2026-07-01&to=2026-06-01", "from=x", "colour=1"])
def test_bad_questions(office, query):
    assert client_of(Role.SUPERVISOR).get(f"/api/orders/statistics?{query}").status_code == 400
