"""Addresses, options and pages of SensorThings, and what nobody may know of."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devices.sta import expanding, options, reading, views
from devices.sta.identity import word_number
from devices.sta.sets import SETS
from kernel.viewer import Role
from tests.devices.sta.conftest import HOURS, at
from tests.factories import devices, people, places

pytestmark = pytest.mark.django_db
NEWEST = "$top=1;$orderby=phenomenonTime desc"


def links(value: Any) -> list[str]:
    """All addresses in an answer."""
    if isinstance(value, list):
        return [link for one in value for link in links(one)]
    if not isinstance(value, dict):
        return []
    own = [text for name, text in value.items() if name.endswith(("Link", "url")) and isinstance(text, str)]
    return own + [link for one in value.values() for link in links(one)]


def test_from_the_root_every_link_leads_on(scene, sta):
    root = sta.read("")
    assert [one["name"] for one in root["value"]] == list(SETS)
    assert all("/1.1/req/" in one for one in root["serverSettings"]["conformance"])
    ahead, seen = links(root), set[str]()
    while ahead:
        link = ahead.pop()
        shape = re.sub(r"\d+\)", ")", link)
        if shape not in seen:
            seen.add(shape)
            ahead += links(sta.follow(link))
    relations = {f"{name}()/{one}" for name, over in SETS.items() for one in over.relations}
    assert seen == {f"http://testserver/sta/v1.1/{end}" for end in (*SETS, *(f"{name}()" for name in SETS), *relations)}


def test_an_entity_of_each_set(scene, sta):
    thing = sta.read(f"/Things({scene.manhole.pk})")
    assert thing["name"] == "荷塘井盖"
    assert thing["properties"]["state"] == "online"
    stream = sta.read(f"/Datastreams({scene.level.pk})")
    assert stream["unitOfMeasurement"]["definition"] == "http://www.opengis.net/def/uom/UCUM/0/m"
    assert stream["phenomenonTime"] == "2026-06-29T20:00:00Z/2026-06-30T01:00:00Z"
    location = sta.read(f"/Things({scene.manhole.pk})/Locations")["value"][0]["location"]
    assert location == {"type": "Point", "coordinates": list(places.lonlat("990521003007"))}
    assert sta.read(f"/Sensors({word_number('lamp')})")["name"] == "路灯"
    assert sta.read(f"/ObservedProperties({word_number('power')})")["definition"].endswith(f"({word_number('power')})")
    first = sta.read(f"/Datastreams({scene.words.pk})/Observations")["value"][0]
    assert (first["result"], first["resultQuality"]) == ("开 4", "good")
    assert sta.read(f"/Observations({first['@iot.id']})/FeatureOfInterest")["@iot.id"] == scene.manhole.pk
    assert sta.read("/HistoricalLocations", expand="Thing,Locations", count="true")["@iot.count"] == 1


def test_properties_values_and_references(scene, sta):
    lamp = f"/Things({scene.lamp.pk})"
    assert sta.read(f"{lamp}/name") == {"name": "老街灯"}
    assert sta.read(f"{lamp}/properties/code") == {"code": "LD1"}
    assert sta.get(f"/sta/v1.1{lamp}/name/$value").content.decode() == "老街灯"
    assert sta.get(f"/sta/v1.1{lamp}/id/$value").content.decode() == str(scene.lamp.pk)
    assert sta.read(f"/Datastreams({scene.level.pk})/unitOfMeasurement/$value")["symbol"] == "m"
    references = sta.read(f"{lamp}/Datastreams/$ref")["value"]
    assert references == [{"@iot.selfLink": f"http://testserver/sta/v1.1/Datastreams({scene.power.pk})"}]
    assert set(sta.read(f"/Datastreams({scene.level.pk})/Thing/$ref")) == {"@iot.selfLink"}


WRONG = {
    "/Nothing": 404,
    "/Things(1": 404,
    "/Things('x')": 404,
    "/Things(-1)": 404,
    "/Things(99999999999999999999999)": 404,
    "/Observations(5)": 404,
    "/Things/name": 404,
    "/Things({lamp})/nothing": 404,
    "/Things({lamp})/properties/nothing": 404,
    "/Things({lamp})/Datastreams({level})": 404,
    "/Things({lamp})/$value": 400,
    "/Things({lamp})/name/$ref": 400,
    "/Things?$top=x": 400,
    "/Things?$top=-1": 400,
    "/Things?$skip=99999999999": 400,
    "/Things?$count=maybe": 400,
    "/Things?$select=nothing": 400,
    "/Things?$orderby=Datastreams/name": 400,
    "/Things?$orderby=name sideways": 400,
    "/Things?$expand=Nothing": 400,
    "/Things?$expand=Datastreams(": 400,
    "/Things?$expand=Datastreams($nothing=1)": 400,
    "/Things?$expand=Datastreams/Thing/Datastreams/Thing": 400,
    "/Things?$resultFormat=dataArray": 501,
    "/Observations?$resultFormat=csv": 501,
    "/Observations?$resultFormat=dataArray&$expand=Datastream": 501,
    "/Datastreams?$expand=Observations($resultFormat=dataArray)": 501,
    "/Things?$search=x": 400,
    "/Things?top=1": 400,
}


def test_what_is_wrong_is_said(scene, sta):
    names, wrong = {"lamp": scene.lamp.pk, "level": scene.level.pk}, {}
    for path, status in WRONG.items():
        answer = sta.get(f"/sta/v1.1{path}".format(**names))
        if answer.status_code != status or not json.loads(answer.content).get("message"):
            wrong[path] = (answer.status_code, answer.content.decode())
    for method in ("put", "patch", "delete"):
        answer = getattr(sta, method)(f"/sta/v1.1/Things({scene.lamp.pk})", {}, content_type="application/json")
        if answer.status_code != 405 or not json.loads(answer.content)["message"]:
            wrong[method] = answer.status_code
    assert wrong == {}


def test_readings_as_data_arrays(scene, sta):
    asked = {"resultFormat": "dataArray", "orderby": "phenomenonTime desc", "top": 4, "count": "true"}
    page = sta.read("/Observations", filter="result gt 7 and result lt 90", **asked)
    power, level = page["value"]
    assert page["@iot.count"] == 7
    assert level["Datastream@iot.navigationLink"].endswith(f"/sta/v1.1/Datastreams({scene.level.pk})")
    assert power["components"] == ["id", "phenomenonTime", "resultTime", "result", "resultQuality"]
    assert (power["dataArray@iot.count"], [row[3] for row in power["dataArray"]]) == (2, [9, 8])
    assert sta.follow(f"http://testserver/sta/v1.1/Observations({power['dataArray'][0][0]})")["result"] == 9
    rest = sta.follow(page["@iot.nextLink"])["value"]
    assert [[row[3] for row in part["dataArray"]] for part in rest] == [[60, 50, 40]]
    short = sta.read(f"/Datastreams({scene.power.pk})/Observations", select="result", top=2, resultFormat="dataArray")
    assert (short["value"][0]["components"], short["value"][0]["dataArray"]) == (["result"], [[4], [5]])


def test_pages(scene, sta, monkeypatch):
    path = f"/Datastreams({scene.level.pk})/Observations"
    page, found = sta.read(path, top=4, orderby="result desc", select="result", count="true"), []
    assert page["@iot.count"] == len(HOURS)
    while page:
        found += [one["result"] for one in page["value"]]
        assert all(set(one) == {"result"} for one in page["value"])
        page = sta.follow(page["@iot.nextLink"]) if "@iot.nextLink" in page else None
    assert found == [hour * 10 for hour in reversed(HOURS)]
    newest = sta.read("/Observations", top=2, orderby="phenomenonTime desc")["value"]
    assert {one["phenomenonTime"] for one in newest} == {"2026-06-30T01:00:00Z"}
    assert len(sta.read("/Observations", top=17, orderby="resultTime desc")["value"]) == 17
    assert "@iot.nextLink" not in sta.read("/Observations", top=18, orderby="phenomenonTime desc")
    monkeypatch.setattr(options, "MOST_TOP", 1)
    assert len(sta.read("/Things", top=1000)["value"]) == 1
    assert "county=990521&" not in sta.read("/Things", orderby="id desc")["@iot.nextLink"]
    assert sta.read("/Things", orderby="id desc")["value"][0]["@iot.id"] == scene.manhole.pk
    asked = options.options_of(SETS["Things"], {"$orderby": "properties/village"})
    assert reading.order_of(asked)[-1] == "pk", "equal ones are in the order of their numbers: pages do not overlap"
    monkeypatch.setattr(reading, "COUNTED", 3)
    assert sta.read(path, count="true")["@iot.count"] >= 4


def test_the_newest_of_everything_is_a_constant_number_of_queries(scene, sta):
    expand = f"Datastreams($orderby=id;$expand=Observations({NEWEST}))"

    def asked() -> tuple[Any, int]:
        with CaptureQueriesContext(connection) as queries:
            found = sta.read("/Things", expand=expand, orderby="id")["value"]
        read = [one["sql"] for one in queries if "devices_observation" in one["sql"]]
        assert len(read) == 1, "only the span of the streams"
        return found, len(queries)

    before, number = asked()
    assert [[one["Observations"][0]["result"] for one in row["Datastreams"]] for row in before] == [[9], [90, "开 9"]]
    more = [devices.stream(devices.device()) for _ in range(3)]
    devices.take(*((one, at(9), 1) for one in more))
    after, again = asked()
    assert (len(after), again) == (5, number)


def test_expansions_have_options_of_their_own(scene, sta, monkeypatch):
    inner = (
        f"Observations($filter=result gt 50 and result lt 90;{NEWEST.replace('1', '2', 1)};$count=true;$select=result)"
    )
    found = sta.read("/Datastreams", expand=inner, orderby="id desc")["value"]
    assert [[one["result"] for one in row["Observations"]] for row in found] == [[], [80, 70], []]
    assert [row["Observations@iot.count"] for row in found] == [0, 3, 0]
    assert [one["result"] for one in sta.follow(found[1]["Observations@iot.nextLink"])["value"]] == [60]
    sensors = sta.read("/Sensors", expand="Datastreams($top=1;$orderby=id desc;$expand=Thing,ObservedProperty)")[
        "value"
    ]
    told = {one["name"]: one for one in sensors}
    assert told["井盖"]["Datastreams"][0]["ObservedProperty"]["name"] == "words"
    assert told["井盖"]["Datastreams"][0]["Thing"]["@iot.id"] == scene.manhole.pk
    assert "Datastreams@iot.nextLink" in told["井盖"]
    assert "Datastreams@iot.nextLink" not in told["路灯"]
    places_ = sta.read("/FeaturesOfInterest", expand=f"Observations({NEWEST},id desc;$expand=Datastream)")["value"]
    newest = {one["@iot.id"]: one["Observations"][0] for one in places_}
    assert newest[scene.lamp.pk]["Datastream"]["@iot.id"] == scene.power.pk
    both = sta.read(f"/Things({scene.lamp.pk})", expand="Datastreams/Sensor,Datastreams/Observations,Locations")
    assert (len(both["Datastreams"][0]["Observations"]), "Sensor" in both["Datastreams"][0]) == (6, True)
    monkeypatch.setattr(expanding, "ROOM", 6)
    few = sta.read("/Datastreams", expand="Observations")["value"]
    assert [len(row["Observations"]) for row in few] == [2, 2, 2]
    assert all("Observations@iot.nextLink" in row for row in few)
    # six readings of the same stream are shown, and below each what hangs on the stream: that counts six times
    shown = sta.read(f"/Datastreams({scene.power.pk})/Observations", expand="Datastream($expand=Observations)")["value"]
    assert [len(row["Datastream"]["Observations"]) for row in shown] == [1] * 6


SEES_THE_SECRET = {None: False, Role.GRID_MANAGER: True}
WAYS = (
    *("/Things", "/Locations", "/HistoricalLocations", "/Datastreams", "/Sensors", "/ObservedProperties"),
    *("/Observations", "/FeaturesOfInterest", "/Things({pk})", "/Datastreams({stream})/Observations"),
    *("/Observations({reading})", "/Sensors({kind})", "/Sensors?$expand=Datastreams/Thing", "/Observations?$top=1000"),
    "/Things?$expand=Datastreams/Observations",
)


@pytest.mark.parametrize("role", SEES_THE_SECRET)
def test_who_sees_a_device_that_is_not_published(scene, sta, role):
    if role:
        sta.force_login(people.user(role.value, jurisdiction=["990521003007"]))
    scene.secret.updated_at = at(4)
    scene.secret.save()
    reading_ = SETS["Observations"].number(scene.hidden.observations.first())
    names = {"pk": scene.secret.pk, "stream": scene.hidden.pk, "reading": reading_, "kind": word_number("spy")}
    of_device = (f"{name}({scene.secret.pk})" for name in ("Locations", "FeaturesOfInterest"))
    signs = ("暗哨", "暗桩", "whisper", f"({scene.hidden.pk})", f"({reading_})", *of_device)
    said = {way: sta.get("/sta/v1.1" + way.format(**names)).content.decode() for way in WAYS}
    found = {way for way, told in said.items() if any(sign in told for sign in signs)}
    assert found == (set(WAYS) if SEES_THE_SECRET[role] else set())


def test_what_takes_too_long_is_given_up(scene, sta, monkeypatch):
    monkeypatch.setattr(views, "PATIENCE_S", 0.001)
    slow = "Datastreams/Observations/result gt 1 or Datastreams/Observations/Datastream/Observations/result gt 1"
    answer = sta.get(sta.url("/Things", filter=" or ".join([slow] * 3)))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "too_costly")


def test_pages_of_others_may_read(scene, sta):
    assert sta.get("/sta/v1.1/Things").headers["Access-Control-Allow-Origin"] == "*"
    assert sta.options("/sta/v1.1/Things").status_code == 204
