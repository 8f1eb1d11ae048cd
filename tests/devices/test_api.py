"""Devices send readings over HTTP with a token of their own."""

from __future__ import annotations

import gzip
import json

import pytest
from django.core.management import call_command
from django.test import Client

from devices import services
from devices.api import door
from devices.models import DeadLetter, Device, DeviceToken, Reading
from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid, NotSignedIn
from kernel.viewer import Role
from tests.devices.conftest import NOW
from tests.factories import devices as make
from tests.factories import people

pytestmark = pytest.mark.django_db
URL = "/api/devices/readings"


def post(body, token="", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(
        URL, raw, "application/json", headers={"Authorization": f"Bearer {token}", **headers}
    )


@pytest.fixture
def level(db):
    return make.stream(key="level")


@pytest.fixture
def token(level):
    return make.token(level.device)


def one(stream, value=1.5, ts=NOW):
    return {"stream": stream.pk, "ts": ts, "value": value}


def test_one_reading_a_list_or_columns_gzip_or_not(level, token):
    assert post(one(level), token).json() == {"accepted": 1, "duplicate": 0, "rejected": []}
    rows = [one(level, ts=f"2026-06-30T10:0{n}:00+08:00") for n in range(5)]
    assert post(rows, token).json()["accepted"] == 5
    columns = {name: [row[name] for row in rows] for name in ("stream", "ts", "value")}
    assert post(columns, token).json()["duplicate"] == 5
    columns["ts"] = [1_782_784_000_000 + n for n in range(5)]
    packed = gzip.compress(json.dumps(columns).encode())
    assert post(packed, token, **{"Content-Encoding": "gzip"}).json()["accepted"] == 5
    assert Reading.objects.count() == 11
    assert post([], token).json() == {"accepted": 0, "duplicate": 0, "rejected": []}


def test_a_bad_row_is_named_and_costs_the_others_nothing(level, token):
    said = post([one(level), one(level, ts="2036-01-01T00:00:00+08:00"), one(make.stream())], token)
    assert said.status_code == 200
    assert said.json() == {
        "accepted": 1,
        "duplicate": 0,
        "rejected": [{"i": 1, "reason": "in_future"}, {"i": 2, "reason": "foreign_stream"}],
    }


REFUSED = [
    (lambda level: b"{", 400, "unreadable"),
    (lambda level: b'{"stream": 1, "ts": 1, "value": NaN}', 400, "unreadable"),
    (lambda level: b"[" * 100_000, 400, "unreadable"),
    (lambda level: b"\xff", 400, "unreadable"),
    (lambda level: {"stream": 1, "ts": 1}, 400, "unreadable"),
    (lambda level: {"stream": [1, 2], "ts": [1], "value": [1]}, 400, "unreadable"),
    (lambda level: {"stream": [1], "ts": 1, "value": [1]}, 400, "unreadable"),
    (lambda level: one(level) | {"more": 1}, 400, "unreadable"),
    (lambda level: one(level, ts="2036-01-01T00:00:00+08:00"), 400, "in_future"),
    (lambda level: one(level, value="wet"), 400, "not_a_number"),
    (lambda level: one(make.stream()), 403, "foreign_stream"),
    (lambda level: b" " * (5 * 2**20 + 1), 413, "too_large"),
    (lambda level: json.dumps(one(level)).encode().ljust(10 * 2**20), 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
def test_what_cannot_be_taken_is_refused_with_a_reason_and_stores_nothing(level, token, body, status, code):
    said = post(body(level), token)
    assert (said.status_code, said.json()["code"]) == (status, code)
    assert said.json()["message"]
    assert not Reading.objects.exists()


def test_a_bomb_is_not_unpacked(level, token):
    bomb = gzip.compress(b" " * (60 * 2**20))
    assert post(bomb, token, **{"Content-Encoding": "gzip"}).status_code == 413
    assert post(b"no gzip", token, **{"Content-Encoding": "gzip"}).json()["code"] == "unreadable"
    assert post(b"", token, **{"Content-Encoding": "br"}).status_code == 415


def test_tokens_are_kept_as_hashes_and_exchanged_without_a_gap(level, token):
    assert DeviceToken.objects.get().hash not in (token, "")
    assert post(one(level), "x" + token).status_code == 401
    assert post(one(level)).json()["code"] == "wrong_token"
    new = make.token(level.device)
    assert [post(one(level), good).status_code for good in (token, new)] == [200, 200]
    with clock.freeze("2026-07-01T10:20:01+08:00", everywhere=True):
        assert [post(one(level), one_of).status_code for one_of in (token, new)] == [401, 200]


def test_a_gateway_speaks_for_its_devices(level):
    gateway = make.device()
    Device.objects.filter(pk=level.device_id).update(gateway=gateway)
    assert post(one(level), make.token(gateway)).json()["accepted"] == 1
    assert post(one(make.stream(gateway)), make.token(level.device)).status_code == 403


def test_a_busy_door_says_when_to_come_back(level, token, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE_S", 0.01)
    for _ in range(door.MOST_AT_ONCE):
        door._turns.acquire()
    try:
        said = post(one(level), token)
    finally:
        for _ in range(door.MOST_AT_ONCE):
            door._turns.release()
    assert (said.status_code, said.json()["code"], said["Retry-After"]) == (429, "busy", "5")
    assert not Reading.objects.exists()
    assert post(one(level), token).json()["accepted"] == 1


def test_only_keepers_register_and_bad_input_is_named(level):
    keeper = people.viewer(Role.OFFICIAL)
    made = {"type_key": "manhole", "code": "M1", "name": "荷塘井盖", "lonlat": (120.105, 30.515)}
    device = services.device_register(by=keeper, **made)
    assert device.village_id == make.VILLAGE
    stream = services.stream_add(by=keeper, device=device, key="level", title="水位", unit="m", retention=1)
    assert stream.pk // 500_000_000 == 1
    for role in people.ROLES:
        if role not in (Role.OFFICIAL, Role.ADMIN):
            with pytest.raises((Forbidden, NotSignedIn)):
                services.device_register(by=people.viewer(role), **made | {"code": "M2"})
    for wrong, kind, code in (
        ({"type_key": "none"}, Invalid, "unknown_type"),
        ({"gateway": "none"}, Invalid, "unknown_gateway"),
        ({"code": "M" * 41}, Invalid, "invalid"),
        ({"name": " "}, Invalid, "invalid"),
        ({"lonlat": (0, 0)}, Invalid, "outside_county"),
        ({"crs": "EPSG:1"}, Invalid, "invalid"),
        ({}, Conflict, "code_taken"),
    ):
        with pytest.raises(kind) as said:
            services.device_register(by=keeper, **made | wrong)
        assert said.value.code == code
    with pytest.raises(Invalid, match="UCUM"):
        services.stream_add(by=keeper, device=device, key="b", title="b", unit="metre")
    with pytest.raises(Conflict):
        services.stream_add(by=keeper, device=device, key="level", title="水位", unit="m")


def test_the_commands_make_a_token_and_tell_how_it_fares(level, capsys):
    call_command("device_token", level.device.code)
    token = capsys.readouterr().out.strip()
    post([one(level), one(level, value="wet")], token)
    services.rollups_refresh()
    call_command("telemetry_status", seconds=0)
    said = capsys.readouterr().out
    assert "not_a_number 1" in said
    assert "MB a day" in said
    assert DeadLetter.objects.get().value == "wet"
