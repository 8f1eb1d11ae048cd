"""What the devices in a box say: which value, for whom, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from devices.models import Device
from devices.selectors import newest, newest_in
from kernel.viewer import Role, Viewer
from tests.factories import devices as make
from tests.factories import people, places

pytestmark = pytest.mark.django_db

BOX = ",".join(map(str, places.bbox(make.VILLAGE)))
AT = "2026-06-30T10:00:00+08:00"
PATH = "/api/devices/latest"


def test_of_each_device_the_stream_that_its_kind_names_or_the_first(weeks: list[str], client: Client) -> None:
    by_name = make.device(type=make.kind("level", shown="flow"))
    by_order = make.device()
    spoken = make.device(type=make.kind("door"))
    level, flow = make.stream(by_name), make.stream(by_name, "flow", unit="m/s")
    first, _other = make.stream(by_order, valid_max=2.0), make.stream(by_order, "tilt")
    elsewhere = make.stream(make.device("990521003009"))
    word = make.stream(spoken, "state", unit="", is_text=True)
    make.take((flow, AT, 1.5), (first, AT, 3.25), (word, AT, "开"), (level, AT, 9.0), (elsewhere, AT, 1.0))
    told = client.get(PATH, {"bbox": BOX}).json()
    common = {"ts": "2026-06-30T02:00:00.000Z", "quality": 0}
    assert told["values"] == [
        {"id": by_name.pk, "stream": flow.pk, "value": 1.5, "unit": "m/s", **common},
        {"id": by_order.pk, "stream": first.pk, "value": 3.25, "unit": "m", **common, "quality": 1},
        {"id": spoken.pk, "stream": word.pk, "value": "开", "unit": "", **common},
    ]


def test_what_is_not_published_speaks_to_those_who_answer_for_it(weeks: list[str], client: Client) -> None:
    hidden = make.stream(make.device(is_published=False))
    make.take((hidden, AT, 1.0))
    assert client.get(PATH, {"bbox": BOX}).json()["values"] == []
    for place, is_told in (("990521003", True), ("990521004", False)):
        client.force_login(people.user(Role.GRID_MANAGER, jurisdiction=[place]))
        assert bool(client.get(PATH, {"bbox": BOX}).json()["values"]) == is_told, place


REFUSED = [
    ({}, "missing_parameter", "bbox"),
    ({"bbox": "1,2,3"}, "invalid", "bbox"),
    ({"bbox": "3,2,1,4"}, "bbox_out_of_range", "bbox"),
    ({"bbox": BOX, "limit": "5"}, "unknown_parameter", "limit"),
    ({"bbox": BOX}, "too_many", "bbox"),
    *(({"bbox": BOX, "since": since}, "malformed_since", "since") for since in ("x", "9:8:", "8:9:9", "1:9:3,2", "::")),
]


@pytest.mark.parametrize("query, code, field", REFUSED)
def test_bad_input(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: dict[str, str], code: str, field: str
) -> None:
    monkeypatch.setattr(newest, "MOST", 0)
    make.device()
    answer = client.get(PATH, query)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, code, field)


_MANY = """
INSERT INTO devices_device (county_id, type_id, code, name, name_en, search_text, address, is_published, status, alarm,
    crs_source, geom, version)
SELECT %(county)s, 'manhole', 'M' || n, '', '', '', '', true, 'online', 0, 'EPSG:4326',
    ST_SetSRID(ST_MakePoint(120 + 0.16 * random(), 30.5 + 0.16 * random()), 4326), 1 FROM generate_series(1, %(n)s) n;
INSERT INTO devices_datastream (id, device_id, key, title, title_en, observed_property, unit, is_text)
SELECT nextval('devices_stream_0'), id, 'level', '', '', 'level', 'm', false FROM devices_device ORDER BY id;
INSERT INTO devices_latest (stream_id, device_id, ts, value, text, quality)
SELECT id, device_id, now(), 1, '', 0 FROM devices_datastream;
ANALYZE devices_device, devices_datastream, devices_latest"""

_HISTORY = """
INSERT INTO devices_reading (stream_id, ts, value)
SELECT id, '2026-06-29T00:00Z'::timestamptz + n * interval '1 hour', 1
FROM devices_datastream, generate_series(1, 10) n;
ANALYZE devices_reading"""


@pytest.mark.parametrize(
    "devices, share, most", [(5_000, 0.2, 450), pytest.param(50_000, 0.02, 2_000, marks=pytest.mark.long)]
)
def test_a_thousand_in_view_cost_few_blocks_whatever_the_history(
    weeks: list[str], devices: int, share: float, most: int
) -> None:
    """Devices lie anywhere in the county, in no order: the worst that there can be."""
    make.kind(), places.county()
    west, south, east, _north = places.bbox(places.COUNTY)
    side = (east - west) * share**0.5
    box = (west, south, west + side, south + side)
    with connection.cursor() as cursor:
        cursor.execute(_MANY, {"county": places.COUNTY, "n": devices})
    before, found = blocks(box)
    assert 800 < found < 1200
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY)
    after, _found = blocks(box)
    assert before <= most
    assert after <= 1.3 * before
    assert Device.objects.count() == devices


def blocks(box: Any) -> tuple[int, int]:
    """Blocks that the answer touches, and how many values are in it."""
    viewer = Viewer(county=places.COUNTY)
    newest_in(viewer, box)  # the registry is read
    with CaptureQueriesContext(connection) as queries:
        found = newest_in(viewer, box)
    assert len(queries) == 3
    touched = 0
    with connection.cursor() as cursor:
        for query in list(queries):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            plan = cursor.fetchone()[0][0]["Plan"]
            touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return touched, len(found.texts)
