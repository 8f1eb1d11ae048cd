"""Alarms over HTTP: everybody reads what is wrong; staff of the place what was done, and they alone do it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from devices import services
from devices.models import Alarm, AlarmEvent
from dispatch.models import WorkOrder
from kernel.viewer import Role
from records.models import AuditEvent
from tests.devices.conftest import NOW
from tests.factories import devices as make
from tests.factories import people

pytestmark = pytest.mark.django_db
HERE = dt.datetime.fromisoformat(NOW)
ACTORS = {Role.GRID_MANAGER, Role.DESK, Role.SUPERVISOR, Role.OFFICIAL}


@pytest.fixture
def alarm():
    """A flood with an order, raised a minute ago; beside it one of a device that is not published."""
    make.rule(opens_order=True)
    shown, hidden = make.stream(), make.stream(make.device(is_published=False))
    make.take(*((one, (HERE - dt.timedelta(minutes=1)).isoformat(), 3.0) for one in (shown, hidden)))
    services.alarms_sweep()
    return Alarm.objects.get(stream=shown)


def client(role=None, *places):
    found = Client()
    if role:
        found.force_login(people.user(role, jurisdiction=places or (make.VILLAGE,)))
    return found


def post(by, alarm, act, **body):
    return by.post(f"/api/devices/alarms/{alarm.pk}:{act}", body, content_type="application/json")


def test_everybody_reads_what_is_wrong_and_staff_of_the_place_what_was_done(alarm):
    (row,) = client().get("/api/devices/alarms").json()["alarms"]
    assert (row["id"], row["level"], row["value"], row["unit"], row["since"]) == (
        alarm.pk,
        3,
        3.0,
        "m",
        "2026-06-30T10:19:00+08:00",
    )
    assert row["work"] is None
    elsewhere = client(Role.GRID_MANAGER, "990521003008").get(f"/api/devices/alarms/{alarm.pk}").json()
    assert elsewhere["work"] is None
    work = client(Role.GRID_MANAGER).get(f"/api/devices/alarms/{alarm.pk}").json()["work"]
    assert (work["order"], work["acts"]) == (WorkOrder.objects.first().pk, ["acknowledge", "snooze"])
    assert [step["move"] for step in work["steps"]] == ["raised", "ordered"]
    hidden = Alarm.objects.exclude(pk=alarm.pk).get()
    assert [client(*who).get(f"/api/devices/alarms/{hidden.pk}").status_code for who in ((), (Role.DESK,))] == [
        404,
        200,
    ]


def test_filters_pages_and_wrong_ones(alarm, django_assert_max_num_queries):
    desk = client(Role.DESK)
    with django_assert_max_num_queries(8):
        first = desk.get("/api/devices/alarms?limit=1&level=critical&type=manhole&place=990521003").json()
    second = desk.get(f"/api/devices/alarms?limit=1&cursor={first['next']}").json()
    assert ([one["id"] for one in (*first["alarms"], *second["alarms"])][1], second["next"]) == (alarm.pk, "")
    for query, number in (("state=cleared", 0), (f"device={alarm.device_id}", 1), ("level=notice", 0)):
        assert len(desk.get(f"/api/devices/alarms?{query}").json()["alarms"]) == number
    for query in ("level=9", "state=x", "cursor=abc", "device=0", "device=x", "place=" + "9" * 20, "x=1"):
        assert desk.get(f"/api/devices/alarms?{query}").status_code == 400, query


def test_who_acts(alarm):
    """By role and place; only acts of those who may leave a step and an audit row."""
    until = (HERE + dt.timedelta(hours=1)).isoformat()
    acts = (("acknowledge", {}), ("snooze", {"until": until, "reason": "换泵"}), ("wake", {}))
    for role in sorted(people.ROLES, key=lambda role: role in ACTORS):
        expected = 200 if role in ACTORS else 403 if role else 401
        by, elsewhere = client(role), client(role, "990521003008") if role else None
        for act, body in acts[role in ACTORS and role != Role.DESK :]:
            assert elsewhere is None or post(elsewhere, alarm, act, **body).status_code == 403, (role, act)
            assert post(by, alarm, act, **body).status_code == expected, (role, act)
    steps = list(AlarmEvent.objects.filter(alarm=alarm).values_list("move", flat=True))
    assert sorted(steps) == sorted(["raised", "ordered", "acknowledged", *["snoozed", "woken"] * len(ACTORS)])
    audited = AuditEvent.objects.filter(object_type="devices.alarm", object_id=str(alarm.pk)).order_by("pk")
    assert [one.removeprefix("alarm.") for one in audited.values_list("action", flat=True)] == steps[2:]


def test_what_cannot_be_done_is_refused_with_a_reason(alarm):
    desk = client(Role.DESK)
    soon = (HERE + dt.timedelta(hours=1)).isoformat()
    far = (HERE + dt.timedelta(days=31)).isoformat()
    table = [
        ("snooze", {"until": NOW, "reason": "x"}, 400, "bad_moment"),
        ("snooze", {"until": far, "reason": "x"}, 400, "bad_moment"),
        ("snooze", {"until": soon, "reason": "长" * 201}, 400, "invalid"),
        ("snooze", {"until": soon, "reason": "a\0b"}, 400, "invalid"),
        ("snooze", {"until": "x", "reason": "x"}, 400, "invalid"),
        ("snooze", {}, 400, "invalid"),
        ("wake", {}, 409, "awake_already"),
        ("send", {}, 409, "ordered_already"),
        ("acknowledge", {}, 200, None),
        ("acknowledge", {}, 409, "acknowledged_already"),
    ]
    for act, body, status, code in table:
        answer = post(desk, alarm, act, **body)
        assert (answer.status_code, answer.json().get("code")) == (status, code), (act, body, answer.content)
    make.take((alarm.stream, HERE.isoformat(), 1.0))
    assert post(desk, alarm, "snooze", until=soon, reason="x").json()["code"] == "cleared_already"
    assert desk.get("/api/devices/alarms/999999").status_code == 404


def test_somebody_is_sent_where_the_rule_opens_no_order():
    make.rule()
    level = make.stream()
    make.take((level, NOW, 3.0))
    services.alarms_sweep()
    alarm, by = Alarm.objects.get(), client(Role.GRID_MANAGER)
    assert alarm.order_id is None
    assert post(client(Role.HANDLER), alarm, "send").status_code == 403
    assert post(client(Role.GRID_MANAGER, "990521003008"), alarm, "send").status_code == 403
    assert [post(by, alarm, "send").status_code for _twice in range(2)] == [200, 409]
    services.alarms_sweep()
    order = WorkOrder.objects.get()
    assert (order.source, order.state) == ("devices", "opened")
    work = by.get(f"/api/devices/alarms/{alarm.pk}").json()["work"]
    assert (work["order"], work["acts"]) == (order.pk, ["acknowledge", "snooze"])
    assert [one["move"] for one in work["steps"]] == ["raised", "ordered"]
