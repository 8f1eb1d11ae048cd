"""Rules of dispatch and crews over HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from dispatch.states import State
from kernel import clock
from kernel.viewer import Role
from places.models import Place
from tests.factories import crews, people, places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
COUNTY = places.COUNTY
RULES = "/api/dispatch/rules/"
NONE = 10**9


@pytest.fixture
def chief(client: Client) -> Client:
    places.village()
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=[COUNTY]))
    return client


def send(client: Client, method: str, path: str, body: object = None):
    return getattr(client, method)(path, body, content_type="application/json")


def test_from_a_proposal_to_a_rule_in_force(chief) -> None:
    lamp = people.unit("csglj", "城市管理局", name_en="City bureau")
    for _ in range(6):
        crews.order(category="lamp", title="灯不亮", lead_unit=lamp, state=State.DONE)
    found = chief.get("/api/dispatch/rules:proposals?lang=en").json()
    assert found["items"] == [
        {"unit": {"id": lamp.pk, "name": "City bureau"}, "categories": [{"category": "lamp", "cases": 6, "of": 6}]}
    ]
    body = {"title": "路灯", "categories": ["lamp"], "unit": lamp.pk}
    made = send(chief, "post", RULES, body)
    assert made.status_code == 201
    rule = made.json()
    assert (rule["is_active"], rule["is_rehearsed"], rule["dry_run"], rule["version"]) == (False, False, None, 1)
    one = f"{RULES}{rule['id']}"
    refused = send(chief, "post", f"{one}:switch", {"on": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_dry_run")
    tried = send(chief, "post", f"{one}:dry_run").json()
    run = tried["dry_run"]
    assert (run["orders"], run["takes"], run["finished"], run["same_unit"]) == (6, 6, 6, 6)
    assert run["since"] == clock.today().isoformat()
    assert run["examples"][0]["link"].startswith("/console?case=crew-")
    assert send(chief, "post", f"{one}:switch", {"on": True, "version": 1}).json()["is_active"]
    assert send(chief, "patch", one, {"version": 2, "words": ["灯"]}).json()["code"] == "rule_in_force"
    assert [row["title"] for row in chief.get(RULES).json()["items"]] == ["路灯"]
    assert chief.get("/api/dispatch/rules:proposals").json()["known"] == 1


def test_order(chief) -> None:
    town = Place.objects.get(level="township")
    a, b = crews.rule("甲", order=1, places=[town.pk]).pk, crews.rule("乙", order=2).pk
    answer = send(chief, "post", "/api/dispatch/rules:order", {"ids": [b, a]})
    assert [row["id"] for row in answer.json()["items"]] == [b, a]
    assert answer.json()["items"][1]["at"] == [{"code": town.pk, "name": town.name}]
    assert send(chief, "post", "/api/dispatch/rules:order", {"ids": [a]}).json()["code"] == "rules_changed"


@pytest.mark.parametrize(
    "method, path, body, status, field",
    [
        ("get", f"{RULES}?x=1", None, 400, "x"),
        ("get", "/api/dispatch/rules:proposals?share=40", None, 400, "share"),
        ("get", "/api/dispatch/rules:proposals?cases=no", None, 400, "cases"),
        ("get", "/api/dispatch/crews/?unit=1", None, 400, "unit"),
        ("post", RULES, {}, 400, "title"),
        ("post", RULES, [], 400, ""),
        ("post", RULES, {"title": "好", "categories": "lamp"}, 400, "categories"),
        ("post", RULES, {"title": "好", "places": ["1"]}, 400, "places"),
        ("post", RULES, {"title": "好", "unit": 2**64}, 400, "unit"),
        ("patch", f"{RULES}{NONE}", {"version": 1}, 404, ""),
        ("patch", f"{RULES}RULE", {"title": "新"}, 400, "version"),
        ("patch", f"{RULES}RULE", {"title": "新", "version": 7}, 409, "version"),
        ("post", f"{RULES}RULE:switch", {}, 400, "on"),
        ("post", f"{RULES}{NONE}:dry_run", None, 404, ""),
        ("post", "/api/dispatch/rules:order", {"ids": "x"}, 400, "ids"),
        ("post", "/api/dispatch/rules:order", {"ids": [2**70]}, 400, "ids.0"),
        ("patch", f"/api/dispatch/crews/{NONE}", {}, 404, ""),
        ("delete", f"{RULES}RULE", None, 405, ""),
    ],
)
def test_bad_input_is_told_in_the_one_shape(chief, method, path, body, status, field) -> None:
    rule = crews.rule(is_active=False)
    path = path.replace("RULE", str(rule.pk))
    answer = chief.get(path) if method == "get" else send(chief, method, path, body)
    assert (answer.status_code, answer.json().get("field", "")) == (status, field), answer.content


def test_where_crews_stand_and_who_is_free(client) -> None:
    free, busy = crews.crew((120.05, 30.55), name="甲队", phone="0572-0001"), crews.crew(name="乙队")
    crews.crew(name="丙队", unit=people.unit())
    crews.crew(unit=people.unit(county="990522"))
    crews.order(crew=busy, lead_unit=busy.unit, state=State.IN_PROGRESS)
    client.force_login(people.user(Role.HANDLER, unit=free.unit))
    rows = {row["name"]: row for row in client.get("/api/dispatch/crews/?skill=heating").json()["items"]}
    assert {name: row["is_free"] for name, row in rows.items()} == {"乙队": False, "甲队": True}
    assert rows["甲队"]["lonlat"] == [120.05, 30.55]
    assert rows["甲队"]["may_change"]
    moved = send(client, "patch", f"/api/dispatch/crews/{free.pk}", {"lonlat": [120.1, 30.6], "shift_start": "20:00"})
    assert (moved.json()["lonlat"], moved.json()["shift_start"], moved.json()["is_free"]) == (
        [120.1, 30.6],
        "20:00",
        False,
    )
    for body, field in (
        ({"lonlat": [200, 0]}, "lonlat"),
        ({"lonlat": ["nan", 30]}, "lonlat.0"),
        ({"weekdays": [8]}, "weekdays"),
        ({"shift_end": "25:00"}, "shift_end"),
    ):
        answer = send(client, "patch", f"/api/dispatch/crews/{free.pk}", body)
        assert (answer.status_code, answer.json()["field"]) == (400, field)


READERS = {Role.DESK, Role.SUPERVISOR, Role.OFFICIAL}


@pytest.mark.parametrize("role", people.ROLES)
def test_who_gets_what(role, client) -> None:
    """By role, with the jurisdiction of the whole county and of one township."""
    rule, crew = crews.rule(is_active=False), crews.crew()
    expected = 401 if role is None else 200 if role in READERS else 403
    for code in (COUNTY, "990521003"):
        if role is not None:
            client.force_login(people.user(role, jurisdiction=[code], unit=people.unit()))
        for path in (RULES, "/api/dispatch/rules:proposals"):
            answer = client.get(path)
            assert answer.status_code == expected, path
            if expected == 200:
                assert bool(answer.json()["items"]) is (code == COUNTY and path == RULES)
        writes = code == COUNTY and role in (Role.SUPERVISOR, Role.OFFICIAL)
        sees = code == COUNTY and role in READERS
        refused = 200 if writes else 401 if role is None else 403 if sees else 404
        assert send(client, "post", f"{RULES}{rule.pk}:dry_run").status_code == refused
        assert send(client, "patch", f"{RULES}{rule.pk}", {"version": 1}).status_code == refused
        rule.version = 1
        rule.save()
        told = client.get("/api/orders/options")
        if told.status_code == 200:
            may = told.json()
            assert (may["reads_rules"], may["writes_rules"]) == (sees, writes)
        on_crews = client.get("/api/dispatch/crews/")
        dispatches = role in (*READERS, Role.GRID_MANAGER)
        assert on_crews.status_code == (401 if role is None else 200 if dispatches or role == Role.HANDLER else 403)
        assert (told.status_code == 200 and may["reads_crews"]) is (on_crews.status_code == 200)
        if on_crews.status_code == 200:
            assert bool(on_crews.json()["items"]) is dispatches
            assert not any(row["may_change"] for row in on_crews.json()["items"])
        blocked = 401 if role is None else 403 if dispatches else 404
        assert send(client, "patch", f"/api/dispatch/crews/{crew.pk}", {}).status_code == blocked
