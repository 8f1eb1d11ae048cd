"""Orders over HTTP: anonymous and eight roles × every face, hidden things, bad input, counts of queries."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from accounts.models import User
from dispatch.api.inputs import INPUTS
from dispatch.models import WorkOrder
from dispatch.states import machine
from kernel.viewer import Role
from tests.dispatch.test_matrix import MOVES, TABLE, fields
from tests.factories import dispatch as make
from tests.factories import people

pytestmark = pytest.mark.django_db

READERS = {Role.HANDLER, Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL}


def client_of(role, unit=None, *places):
    client = Client()
    if role is not None:
        by = make.who(role, unit, *places)
        client.force_login(User.objects.get(pk=by.user_id))
    return client


def post(client, path, body):
    return client.post(path, json.dumps(body, default=str), content_type="application/json")


LISTS = ["/api/orders/", "/api/orders/options", "/api/orders/statistics?by=unit", "/api/orders/statistics.csv?by=month"]


@pytest.mark.parametrize("role", people.ROLES)
def test_lists_exist_for_those_who_work_on_orders(office, role):
    client = client_of(role, office.unit)
    for path in LISTS:
        assert client.get(path).status_code == (401 if role is None else 200 if role in READERS else 403), path
    found = post(client, "/api/orders/bulk", {"move": "urgent", "ids": [1], "fields": {"reason": "x"}})
    assert found.status_code == (401 if role is None else 200 if role in READERS else 403)


@pytest.mark.parametrize("role", people.ROLES)
def test_every_address_of_one_order(office, role):
    order = office.in_state("assigned")
    client = client_of(
        role, office.unit if role == Role.HANDLER else None, *([make.GRID] if role == "grid_manager" else [])
    )
    sees = role in READERS
    assert client.get(f"/api/orders/{order.pk}").status_code == (200 if sees else 404)
    for move in MOVES:
        answer = post(client, f"/api/orders/{order.pk}:{move}", fields(office, move) | {"version": 99})
        if role is None:
            assert answer.status_code == 401
        else:
            assert answer.status_code == (409 if sees else 404), (move, answer.content)  # the version, before rights
    for move in [move for move in MOVES if role in READERS and move not in ("grant", "refuse")]:
        row = TABLE["assigned"].get(move)
        if row and role in row[1]:
            continue  # the matrix of the services walks those
        answer = post(client, f"/api/orders/{order.pk}:{move}", fields(office, move))
        assert answer.status_code == (403 if row else 409), (move, answer.content)
        assert answer.json()["code"] == ("role_may_not" if row else "no_such_move")


def test_what_is_not_ones_business_is_404(office):
    order = office.in_state("in_progress")
    for client in (client_of(Role.HANDLER, office.other), client_of(Role.DESK, None, "990521004")):
        assert client.get(f"/api/orders/{order.pk}").status_code == 404
        assert post(client, f"/api/orders/{order.pk}:sign", {}).status_code == 404
        assert client.get("/api/orders/").json()["matched"] == 0


def test_every_move_has_an_address_and_a_shape():
    assert set(INPUTS) == {move.name for move in machine.moves}


def test_a_move_and_its_refusals(office):
    order = office.in_state("opened")
    desk, handler = client_of(Role.DESK), client_of(Role.HANDLER, office.unit)
    path = f"/api/orders/{order.pk}"
    assert post(desk, f"{path}:assign", {}).json() == {
        "code": "needs_fields",
        "message": "“交办”还缺内容。",
        "field": "unit",
    }
    assert post(desk, f"{path}:assign", {"unit": 99999}).json()["code"] == "unknown_unit"
    assert post(desk, f"{path}:assign", {"unit": office.unit.pk, "colour": 1}).json()["field"] == "colour"
    assert post(desk, f"{path}:assign", {"unit": "x"}).status_code == 400
    done = post(desk, f"{path}:assign", {"unit": office.unit.pk, "version": 1})
    assert (done.status_code, done.json()) == (200, {"id": order.pk, "state": "assigned", "version": 2})
    stale = post(handler, f"{path}:sign", {"version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "version_conflict")
    assert post(handler, f"{path}:sign", {"version": 2}).status_code == 200
    again = post(handler, f"{path}:sign", {})
    assert (again.status_code, again.json()["code"]) == (409, "no_such_move")
    assert post(handler, f"{path}:dance", {}).status_code == 404
    assert handler.get(f"{path}:sign").status_code == 405


def test_detail_says_what_may_be_done(office):
    order = office.in_state("in_progress")
    body = client_of(Role.HANDLER, office.unit).get(f"/api/orders/{order.pk}").json()
    assert [move["name"] for move in body["moves"]] == ["hand_back", "ask", "forward", "submit", "child", "extend"]
    assert body["moves"][0]["needs"] == ["reason", "evidence"]
    assert [step["move"] for step in body["history"]] == ["open", "assign", "sign"]
    assert body["history"][1]["title"] == "交办"
    official = client_of(Role.OFFICIAL).get(f"/api/orders/{order.pk}").json()
    assert official["moves"] == []


def test_bulk_does_what_it_can(office):
    ready, over = office.in_state("opened"), office.in_state("done")
    client = client_of(Role.DESK)
    body = {"move": "assign", "ids": [ready.pk, over.pk, 999999], "fields": {"unit": office.unit.pk}}
    lines = post(client, "/api/orders/bulk", body).json()["items"]
    assert [(line["id"], line["ok"], line.get("code")) for line in lines] == [
        (ready.pk, True, None),
        (over.pk, False, "no_such_move"),
        (999999, False, "not_found"),
    ]
    assert post(client, "/api/orders/bulk", {**body, "ids": list(range(1, 102))}).status_code == 400
    assert post(client, "/api/orders/bulk", {**body, "move": "dance"}).status_code == 400


def test_list_pages_and_filters(office):
    orders = [office.in_state("assigned") for _ in range(5)] + [make.opened(kind="complex", category="road")]
    client = client_of(Role.DESK)
    first = client.get("/api/orders/?limit=4").json()
    rest = client.get(f"/api/orders/?limit=4&cursor={first['next']}").json()
    assert [row["id"] for row in first["items"] + rest["items"]] == [order.pk for order in orders]
    assert (first["matched"], rest["next"]) == (6, None)

    def found(query):
        return [row["id"] for row in client.get(f"/api/orders/?{query}").json()["items"]]

    every, last = [order.pk for order in orders], orders[-1].pk
    assert found("state=opened") == found("category=road") == found("unit=none") == [last]
    assert found("state=open") == found(f"place={make.TOWNSHIP}") == found("since=2026-06-30&until=2026-06-30") == every
    assert found(f"unit={office.unit.pk}") == every[:-1]
    assert found("place=none") == found("until=2026-06-29") == found("level=red") == found("urgent=1") == []
    assert found("source=tests&leading=1") == every


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "state=flying",
        "level=pink",
        "outcome=x",
        "cursor=abc",
        "unit=x",
        "since=yesterday",
        "limit=0",
        "mine=perhaps",
    ],
)
def test_bad_questions(office, query):
    answer = client_of(Role.DESK).get(f"/api/orders/?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"]


def test_list_costs_the_same_for_any_number_of_rows(office, django_assert_max_num_queries):
    client = client_of(Role.DESK)
    for count in (1, 12):
        for _ in range(count):
            office.in_state("assigned")
        with django_assert_max_num_queries(12):
            rows = client.get("/api/orders/").json()["items"]
        assert len(rows) == WorkOrder.objects.count()


def test_supervision_is_read_and_answered(office):
    order = office.in_state("in_progress")
    make.move(office.supervisor, order, "supervise", text="请立即办理", workdays=2)
    key = order.supervisions.get().pk
    unit, rival = client_of(Role.HANDLER, office.unit), client_of(Role.HANDLER, office.other)
    assert post(rival, f"/api/supervisions/{key}:read", {}).status_code == 404
    assert post(client_of(Role.DESK), f"/api/supervisions/{key}:read", {}).json()["code"] == "not_your_unit"
    body = post(unit, f"/api/supervisions/{key}:read", {}).json()["supervisions"][0]
    assert (bool(body["read_at"]), body["is_own"], body["due_at"]) == (True, True, "2026-07-02T23:59:59+08:00")
    assert post(unit, f"/api/supervisions/{key}:answer", {"text": " "}).status_code == 400
    assert post(unit, f"/api/supervisions/{key}:answer", {"text": "今天办完"}).status_code == 200
    assert post(unit, f"/api/supervisions/{key}:answer", {"text": "又"}).json()["code"] == "answered"
    steps = [step["move"] for step in unit.get(f"/api/orders/{order.pk}").json()["history"]]
    assert steps[-3:] == ["supervise", "supervision_read", "supervision_answer"]
