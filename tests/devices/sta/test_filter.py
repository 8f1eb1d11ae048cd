"""``$filter``: what each operator and function finds, and what is said of what cannot be read or is not here."""

from __future__ import annotations

import json

import pytest

from devices.sta.lexer import SyntaxFaultError
from devices.sta.parser import parsed
from tests.factories import devices, places

pytestmark = pytest.mark.django_db

NOON = "2026-06-30T06:00:00Z"  # 14:00 here: after all readings
SEVEN = "2026-06-30T07:00:00+08:00"
TWO_HOURS = "2026-06-29T22:00:00Z/2026-06-30T00:00:00Z"  # 06:00 until 08:00 here
HOME = "POINT ({} {})".format(*places.lonlat("990521003007"))
ALL = {4, 5, 6, 7, 8, 9}

READINGS: dict[str, set[int]] = {
    "result gt 6": {7, 8, 9},
    "result ge 6 and result lt 8": {6, 7},
    "not (result ge 6 and result lt 8)": {4, 5, 8, 9},
    "result eq 4 or result eq 9": {4, 9},
    "result ne 4": {5, 6, 7, 8, 9},
    "6 lt result": {7, 8, 9},
    "result gt '7'": {8, 9},
    "result add 1 mul 2 eq 8": {6},
    "(result add 1) mul 2 eq 10": {4},
    "result mod 3 eq 0": {6, 9},
    "result div 2 eq 3.5": {7},
    "result sub 10 eq -2": {8},
    "round(result div 4) eq 2": {6, 7, 8, 9},
    "floor(result div 4) eq 2": {8, 9},
    "ceiling(result div 4) eq 3": {9},
    f"phenomenonTime gt {SEVEN}": {8, 9},
    f"phenomenonTime gt '{SEVEN}'": {8, 9},
    f"resultTime le {SEVEN.replace('+', ' ')}": {4, 5, 6, 7},
    "phenomenonTime gt now() sub duration'PT3H'": {8, 9},
    f"during(phenomenonTime, {TWO_HOURS})": {6, 7},
    f"phenomenonTime lt {TWO_HOURS}": {4, 5},
    f"phenomenonTime gt {TWO_HOURS}": {8, 9},
    f"phenomenonTime le {TWO_HOURS}": {4, 5, 6, 7},
    f"phenomenonTime ge {TWO_HOURS}": {6, 7, 8, 9},
    f"Datastream/phenomenonTime lt {SEVEN}": set(),
    f"before(phenomenonTime, {SEVEN})": {4, 5, 6},
    f"after(phenomenonTime, {SEVEN})": {8, 9},
    f"overlaps(phenomenonTime, {SEVEN})": {7},
    f"starts(phenomenonTime, {TWO_HOURS})": {6},
    f"meets(phenomenonTime, {TWO_HOURS}) or finishes(phenomenonTime, {TWO_HOURS})": {6, 8},
    "hour(phenomenonTime) eq 23": {7},
    "day(phenomenonTime) eq 30 and month(phenomenonTime) eq 6 and year(phenomenonTime) eq 2026": {8, 9},
    "date(phenomenonTime) eq 2026-06-29": {4, 5, 6, 7},
    "time(phenomenonTime) eq 23:00:00": {7},
    "minute(phenomenonTime) add second(phenomenonTime) add fractionalseconds(phenomenonTime) eq 0": ALL,
    "totaloffsetminutes(phenomenonTime) eq 0 and phenomenonTime lt maxdatetime()": ALL,
    "Datastream/Thing/name eq '老街灯' and Datastream/Sensor/name eq '路灯'": ALL,
    "Datastream/ObservedProperty/name eq 'level'": set(),
    "result eq null": set(),
    "((result gt 6) eq (result lt 9)) eq true": {7, 8},
}

THINGS: dict[str, set[str]] = {
    "startswith(name, '老')": {"LD1"},
    "endswith(name,'灯')": {"LD1"},
    "substringof('井', name)": {"JG1"},
    "contains(name, '井')": {"JG1"},
    "indexof(name,'塘') eq 1": {"JG1"},
    "length(name) eq 3": {"LD1"},
    "substring(name, 1) eq '街灯'": {"LD1"},
    "substring(name, 1, 2) eq '塘井'": {"JG1"},
    "tolower(properties/code) eq 'ld1' and toupper('jg1') eq 'JG1'": {"LD1"},
    "concat(concat(name,' '), trim(' x ')) eq '老街灯 x'": {"LD1"},
    "name eq 'it''s'": set(),
    "properties/kind eq 'manhole'": {"JG1"},
    "properties/state ne 'unknown'": {"JG1"},
    "Datastreams/Observations/result gt 80": {"JG1"},
    "Datastreams/unitOfMeasurement/symbol eq 'W'": {"LD1"},
    f"st_within(Locations/location, geography'{HOME}')": {"LD1", "JG1"},
    f"geo.distance(Locations/location, geography'{HOME}') lt 1": {"LD1", "JG1"},
    f"st_disjoint(Locations/location, geography'{HOME}')": set(),
    f"st_relate(Locations/location, geography'{HOME}', '0FFFFFFF2')": {"LD1", "JG1"},
    "geo.length(geography'LINESTRING (0 0, 0 1)') gt 110000": {"LD1", "JG1"},
    "geo.intersects(Locations/location, geography'POLYGON ((0 0, 1 0, 1 1, 0 0))')": set(),
    "Datastreams/Thing/name eq '暗哨'": set(),
    "HistoricalLocations/time lt now()": {"JG1"},
}


def test_what_each_finds(scene, sta):
    path, wrong = f"/Datastreams({scene.power.pk})/Observations", {}
    for text, expected in READINGS.items():
        found = {one["result"] for one in sta.read(path, filter=text)["value"]}
        if found != expected:
            wrong[text] = found
    for text, codes in THINGS.items():
        found = {one["properties"]["code"] for one in sta.read("/Things", filter=text)["value"]}
        if found != codes:
            wrong[text] = found
    assert wrong == {}


NINE = "2026-06-30T09:00:00+08:00"  # of the newest
STREAMS = {
    f"phenomenonTime le {NINE} and phenomenonTime ge {SEVEN.replace('07', '04')}": True,
    f"phenomenonTime lt {NINE}": False,
    f"resultTime lt {NINE.replace('09', '10')}": True,
    f"phenomenonTime gt {SEVEN.replace('07', '04')}": False,
    f"{SEVEN.replace('07', '03')} lt phenomenonTime": True,
    f"during(phenomenonTime, {NOON.replace('06:00', '01:00')}/{NOON})": False,
    f"during(phenomenonTime, 2026-06-29T00:00:00Z/{NOON})": True,
    f"overlaps(phenomenonTime, {TWO_HOURS})": True,
    f"overlaps(phenomenonTime, {NINE})": True,
    f"after(phenomenonTime, {SEVEN})": False,
}
"""Of a stream's own time, from its first reading to its newest; a stream without any is never found."""


def test_streams_by_their_own_time(scene, sta):
    devices.stream(scene.lamp, "silent")
    three = {scene.power.pk, scene.level.pk, scene.words.pk}
    found = {text: {one["@iot.id"] for one in sta.read("/Datastreams", filter=text)["value"]} for text in STREAMS}
    assert found == {text: three if expected else set() for text, expected in STREAMS.items()}
    assert len(sta.read("/Things", filter=f"Datastreams/phenomenonTime ge {SEVEN.replace('07', '04')}")["value"]) == 2


def test_numbers_that_are_only_looked_up(scene, sta):
    one = sta.read("/Observations", top=1)["value"][0]["@iot.id"]
    assert [row["@iot.id"] for row in sta.read("/Observations", filter=f"id eq {one}")["value"]] == [one]
    assert sta.read("/Observations", filter=f"@iot.id ne {one}", count="true", top=0)["@iot.count"] == 17
    sensor = sta.read(f"/Datastreams({scene.level.pk})/Sensor")["@iot.id"]
    found = sta.read("/Datastreams", filter=f"Sensor/id eq {sensor}")["value"]
    assert [row["@iot.id"] for row in found] == [scene.level.pk, scene.words.pk]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("name eq", 7),
        ("name eq 'x", 8),
        ("name eq 'x')", 11),
        ("name ~ 5", 5),
        ("name eq 5 5", 10),
        ("(" * 50, 41),
        ("phenomenonTime gt 2026-13-01T00:00:00Z", 18),
        ("phenomenonTime gt 2026-01-01T00:00:00", 18),
        ("a eq 1e999", 5),
        ("f(a,", 4),
    ],
)
def test_where_it_cannot_be_read(text, at):
    with pytest.raises(SyntaxFaultError) as caught:
        parsed(text)
    assert caught.value.at == at


ORDERS = ("5", "'x'", "totaloffsetminutes(now())", "location", "Datastreams/name", "name eq 'x'", "properties")
"""PostgreSQL takes a bare number in ORDER BY for the place of a column."""

REFUSED = {
    "/Things": {
        "name gt 5": 400,
        "nothing eq 5": 400,
        "name": 400,
        "name eq geography'POINT (1 2)'": 400,
        "st_within(Locations/location, geography'POINT (x)')": 400,
        "length(name, name) eq 1": 400,
        "before(name, name)": 400,
        "id div 0 eq 1": 400,
        "Datastreams/Thing/Datastreams/Thing/Datastreams/Thing/name eq 'x'": 400,
        "substring(name, 0, 0 sub 1) eq 'x'": 400,
        "soundex(name) eq 'x'": 501,
        "Datastreams/Sensor/Datastreams/id eq 1": 501,
        "Datastreams/Observations/id gt 5": 501,
    },
    "/Observations": {"id gt 5": 501, "id eq 'x'": 400, "result gt name": 400, "phenomenonTime gt 'gestern'": 400},
}


def test_what_is_said_of_others(scene, sta):
    wrong = {}
    for path, table in REFUSED.items():
        for text, status in table.items():
            answer = sta.get(sta.url(path, filter=text))
            told = json.loads(answer.content)
            if answer.status_code != status or not told["message"] or told["code"] not in ("bad_query", "not_offered"):
                wrong[text] = (answer.status_code, told)
    for text in ORDERS:
        answer = sta.get(sta.url("/Things", orderby=text))
        if answer.status_code not in (400, 501):
            wrong[text] = answer.status_code
    assert wrong == {}
    said = json.loads(sta.get(sta.url("/Things", filter="name gt 5") + "&lang=en").content)
    assert "character 9" in said["message"]
