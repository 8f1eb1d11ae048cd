"""Readings that come in as SensorThings."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from devices.models import DeadLetter, Reading
from kernel import clock
from tests.devices.sta.conftest import at
from tests.factories import devices

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(scene, sta):
    """Sends a body with the token of the manhole, or with none."""
    token = devices.token(scene.manhole)

    def sent(path: str, body: Any, with_token: str = token, **headers: str) -> Any:
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        if with_token:
            headers.setdefault("Authorization", f"Bearer {with_token}")
        return sta.post(f"/sta/v1.1{path}", data, content_type="application/json", headers=headers)

    sent.token = token
    return sent


def test_one_reading(scene, sta, send):
    body = {"phenomenonTime": at(3), "result": 31.5, "Datastream": {"@iot.id": scene.level.pk, "name": "x"}}
    answer = send("/Observations", body)
    assert (answer.status_code, answer.headers["Location"][-1]) == (201, ")")
    told = sta.follow(answer.headers["Location"])
    assert (told["result"], told["phenomenonTime"]) == (31.5, "2026-06-29T19:00:00Z")
    again = send(f"/Datastreams({scene.level.pk})/Observations", {**body, "Datastream": None, "result": 99})
    assert again.headers["Location"] == answer.headers["Location"]
    assert sta.follow(answer.headers["Location"])["result"] == 31.5, "what was there stays"
    with clock.freeze("2026-06-30T10:20:00.123456"):
        now = send("/Observations", {"result": "合", "Datastream": {"@iot.id": scene.words.pk}})
    assert sta.follow(now.headers["Location"])["phenomenonTime"] == "2026-06-30T02:20:00.123000Z"
    basic = base64.b64encode(f"any:{send.token}".encode()).decode()
    packed = gzip.compress(json.dumps({**body, "resultTime": at(2), "phenomenonTime": None}).encode())
    answer = send("/Observations", packed, "", Authorization=f"Basic {basic}", **{"Content-Encoding": "gzip"})
    assert sta.follow(answer.headers["Location"])["phenomenonTime"] == "2026-06-29T18:00:00Z"


def test_many_at_once(scene, sta, send):
    names = ["phenomenonTime", "result", "FeatureOfInterest/id"]
    body = [
        {
            "Datastream": {"@iot.id": scene.level.pk},
            "components": names,
            "dataArray@iot.count": 3,
            "dataArray": [[at(1), 1, 1], [at(2), "x", 1], [at(3), 3, 1]],
        },
        {"Datastream": {"@iot.id": scene.power.pk}, "components": names, "dataArray": [[at(1), 1, 1]]},
    ]
    answer = send("/CreateObservations", body)
    told = json.loads(answer.content)
    assert (answer.status_code, [one == "error" for one in told]) == (201, [False, True, False, True])
    assert [sta.follow(told[place])["result"] for place in (0, 2)] == [1, 3]
    assert set(DeadLetter.objects.values_list("source", "reason")) == {
        ("sta", "not_a_number"),
        ("sta", "foreign_stream"),
    }
    rows = Reading.objects.count()
    assert json.loads(send("/BulkObservations", body).content) == told
    assert Reading.objects.count() == rows


def test_login_gives_the_token_back(sta, send):
    answer = sta.post("/sta/v1.1/Login", {"grant_type": "password", "username": "x", "password": send.token})
    assert json.loads(answer.content)["access_token"] == send.token
    assert sta.post("/sta/v1.1/Login", {"password": "wrong"}).status_code == 401


def test_what_is_refused(scene, send):
    level, power = ({"@iot.id": one.pk} for one in (scene.level, scene.power))
    good, rows = {"phenomenonTime": at(3), "result": 1, "Datastream": level}, Reading.objects.count()
    nameless = [{"Datastream": level, "components": ["a"], "dataArray": []}]
    uneven = [{"Datastream": level, "components": ["result"], "dataArray": [[1, 2]]}]
    cases: list[tuple[str, Any, str, int, str]] = [
        ("/Observations", good, "", 401, "wrong_token"),
        ("/Observations", good, "x" * 43, 401, "wrong_token"),
        ("/Observations", {**good, "Datastream": power}, "own", 403, "foreign_stream"),
        ("/Observations", {**good, "Datastream": {"@iot.id": "7"}}, "own", 400, "unknown_stream"),
        ("/Observations", {**good, "Datastream": None}, "own", 400, "invalid"),
        ("/Observations", {"Datastream": level}, "own", 400, "invalid"),
        ("/Observations", {**good, "phenomenonTime": "2036-01-01T00:00:00Z"}, "own", 400, "in_future"),
        ("/Observations", {**good, "phenomenonTime": "2026-06-30T03:00:00"}, "own", 400, "bad_time"),
        ("/Observations", {**good, "phenomenonTime": f"{at(1)}/{at(2)}"}, "own", 501, "not_offered"),
        ("/Observations", {**good, "result": {"a": 1}}, "own", 400, "not_a_number"),
        ("/Observations", "NaN", "own", 400, "unreadable"),
        ("/Observations", [good], "own", 400, "unreadable"),
        ("/Observations", b" " * (5 * 2**20 + 1), "own", 413, "too_large"),
        (f"/Datastreams({scene.power.pk})/Observations", good, "own", 400, "invalid"),
        ("/CreateObservations", good, "own", 400, "unreadable"),
        ("/CreateObservations", nameless, "own", 400, "invalid"),
        ("/CreateObservations", uneven, "own", 400, "invalid"),
        ("/Things", {"name": "x"}, "own", 405, "method_not_allowed"),
    ]
    wrong = []
    for path, body, token, status, code in cases:
        answer = send(path, body, send.token if token == "own" else token)
        if (answer.status_code, json.loads(answer.content)["code"]) != (status, code):
            wrong.append((path, body if len(str(body)) < 200 else "", answer.status_code, answer.content.decode()))
    assert wrong == []
    assert Reading.objects.count() == rows
