"""STAC: what the standard's own reader makes of it, and that nobody reads what is not theirs."""

from __future__ import annotations

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from pystac.validation import validate_dict
from pystac_client import Client as Reader

from imagery.stac import urls
from imagery.stac.description import MEMBERS
from imagery.stac.searching import NAMES
from kernel.viewer import Role
from tests.factories import imagery, people, places

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = ("2025-09-11", "2025-12-20", "2026-03-08")
COUNTY = {"county": places.COUNTY}


@pytest.fixture
def scenes() -> None:
    for day in DAYS:
        imagery.scene(day, is_public=True, cloud=12.5)
    imagery.scene("2026-05-01")  # not public
    imagery.scene("2026-05-02", is_public=True, status="withdrawn")


def test_the_readers_of_others_understand_it(scenes, live_server):
    catalog = Reader.open(f"{live_server.url}/stac/?county={places.COUNTY}")
    assert [one.id for one in catalog.get_collections()] == ["demo"]
    assert {one.id for one in catalog.get_collection("demo").get_items()} == {f"demo-{day}" for day in DAYS}
    box = list(places.bbox(places.COUNTY))
    for method in ("GET", "POST"):
        found = catalog.search(bbox=box, datetime="2025-10-01/..", limit=1, method=method)
        assert [one.id for one in found.items()] == ["demo-2026-03-08", "demo-2025-12-20"]
        assert found.matched() == 2
        none = catalog.search(bbox=[10, 10, 11, 11], method=method)
        assert not list(none.items())
        assert [one.id for one in catalog.search(ids=["demo-2025-09-11"], method=method).items()] == ["demo-2025-09-11"]


def test_documents_are_valid(scenes):
    paths = ["", "collections/demo", "collections/demo/items/demo-2026-03-08"]
    for path in paths:
        document = Client().get(f"/stac/{path}", COUNTY).json()
        assert validate_dict(document, extensions=[])
        assert all(link["href"].startswith("http://testserver/") for link in document["links"])
    assert document["properties"]["eo:cloud_cover"] == 12.5
    maps = {link["title"]: link["href"] for link in document["links"] if link["rel"] == "xyz"}
    assert maps["ndvi"].startswith("http://testserver/imagery/scenes/demo-2026-03-08/tiles/{z}/{x}/{y}?look=ndvi")
    assert "item-search" in str(Client().get("/stac/conformance", COUNTY).json())


def test_the_service_describes_itself(scenes):
    links = {link["rel"]: link for link in Client().get("/stac/", COUNTY).json()["links"]}
    answer = Client().get(links["service-desc"]["href"])
    assert answer["Content-Type"] == links["service-desc"]["type"]
    told = answer.json()
    validate_schema(told)
    known = (str(one.pattern).replace("<slug:", "{").replace(">", "}") for one in urls.urlpatterns)
    assert set(told["paths"]) == {f"/{path}" for path in known}
    assert set(MEMBERS) == set(NAMES)


def test_pages_of_others_may_search_by_a_body():
    places.county()
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    first = Client().options("/stac/search", headers={"Origin": "https://example.org", **asks})
    assert (first.status_code, first["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in first["Access-Control-Allow-Methods"]
    assert first["Access-Control-Allow-Headers"] == "*"
    for answer in (Client().post("/stac/search", {}, "application/json"), Client().get("/stac/search?x=1")):
        assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("accept", ["application/geo+json", "application/json", "*/*"])
def test_what_a_link_promises_can_be_asked_for(scenes, accept):
    for path, kind in (("search", "application/geo+json"), ("collections", "application/json")):
        answer = Client().get(f"/stac/{path}", COUNTY, headers={"Accept": accept})
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, kind)


def test_a_scene_of_which_nobody_said_the_sensor_is_in_a_collection_of_its_own():
    imagery.scene("2026-03-08", is_public=True, sensor="")
    (found,) = Client().get("/stac/collections", COUNTY).json()["collections"]
    assert (found["id"], found["title"]) == ("other", "传感器不详")
    (item,) = Client().get("/stac/collections/other/items", COUNTY).json()["features"]
    assert validate_dict(found, extensions=[])
    assert validate_dict(item, extensions=[])
    assert "instruments" not in item["properties"]


NAMES_OF_SENSORS = {
    "GF-1": "gf-1",
    "Pléiades": "pleiades",  # what an address can have it keeps
    "高分一号": "sensor-3cf91682",
    "资源三号": "",
    "高分一号 PMS": "",
    "资源三号 PMS": "",
    "Ресурс-П": "",
    "": "other",
}


def test_each_sensor_has_a_collection_however_it_is_written(live_server):
    for at, sensor in enumerate(NAMES_OF_SENSORS, 1):
        imagery.scene(f"2026-05-{at:02}", is_public=True, sensor=sensor)
    catalog = Reader.open(f"{live_server.url}/stac/?county={places.COUNTY}")
    found = {one.title: one for one in catalog.get_collections()}
    assert set(found) == {sensor or "传感器不详" for sensor in NAMES_OF_SENSORS}
    assert [found[sensor or "传感器不详"].id for sensor, key in NAMES_OF_SENSORS.items() if key] == [
        key for key in NAMES_OF_SENSORS.values() if key
    ]
    for sensor, one in found.items():
        assert validate_dict(one.to_dict(), extensions=[])
        (item,) = one.get_items()
        assert item.properties.get("instruments", ["传感器不详"]) == [sensor]
        assert item.get_collection().id == one.id
        assert [each.id for each in catalog.search(collections=[one.id]).items()] == [item.id]


def test_only_what_is_for_the_reader(scenes):
    reviewer = Client()
    reviewer.force_login(people.user(Role.OFFICIAL))
    for reader, count in ((Client(), 3), (reviewer, 4)):
        assert reader.get("/stac/search", COUNTY).json()["numberMatched"] == count
        item = reader.get("/stac/collections/demo/items/demo-2026-05-01", COUNTY)
        assert item.status_code == (200 if count == 4 else 404)
        withdrawn = reader.get("/stac/collections/demo/items/demo-2026-05-02", COUNTY)
        assert withdrawn.status_code == 404


NO_MOMENTS = ("/", "../..", "../", "2026-03-08", "20260308T000000Z", "2026-W10-7T00:00:00Z/..", "2026-03-08T00:00:00")


@pytest.mark.parametrize(
    "query, field",
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "130,30,120,31"}, "bbox"),
        ({"datetime": "yesterday"}, "datetime"),
        *(({"datetime": text}, "datetime") for text in NO_MOMENTS),
        ({"datetime": "2026-03-08T00:00:00Z/2025-03-08T00:00:00Z"}, "datetime"),
        ({"limit": 0}, "limit"),
        ({"token": "x"}, "token"),
        ({"cql": "x"}, "cql"),
        ({"intersects": "{}"}, "intersects"),
        ({"intersects": "CIRCULARSTRING(0 0, 1 1, 2 0)"}, "intersects"),
        ({"intersects": "POINT(120 30)"}, "intersects"),
        ({"intersects": "[" * 3000}, "intersects"),
        ({"intersects": '{"type": "Polygon", "coordinates": []}'}, "intersects"),
        ({"intersects": '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]], []]}'}, "intersects"),
    ],
)
def test_what_cannot_be_read(query, field):
    places.county()
    for answer in (
        Client().get("/stac/search", {**query, **COUNTY}),
        Client().post("/stac/search", query, "application/json"),
    ):
        assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_a_place_without_width_is_a_point_or_a_line(scenes):
    west, south, east, north = places.bbox(places.COUNTY)
    lon, lat = (west + east) / 2, (south + north) / 2
    for box in ((lon, lat, lon, lat), (west, lat, east, lat), (lon, south, lon, north)):
        found = Client().get("/stac/search", {"bbox": ",".join(map(str, box)), **COUNTY}).json()
        assert found["numberMatched"] == 3, box


@pytest.mark.parametrize(
    "text, count",
    [
        ("2026-03-08T02:30:00Z", 1),
        ("2026-03-08t02:30:00z", 1),
        ("2026-03-08T10:30:00+08:00", 1),
        ("2026-03-08T10:30:00.5+08:00", 0),
        ("2025-12-01T00:00:00Z/..", 2),
        ("/2025-12-01T00:00:00Z", 1),
    ],
)
def test_moments(scenes, text, count):
    assert Client().get("/stac/search", {"datetime": text, **COUNTY}).json()["numberMatched"] == count


def test_what_is_null_is_not_asked_for(scenes):
    body = dict.fromkeys(("bbox", "datetime", "ids", "collections", "intersects", "limit", "token"))
    answer = Client().post(f"/stac/search?county={places.COUNTY}", body, "application/json")
    assert (answer.status_code, answer.json()["numberMatched"]) == (200, 3)


def test_other_bodies():
    places.county()
    for body, status in (
        ('{"bbox": {}}', 400),
        ('{"intersects": {}}', 400),
        ("[]", 400),
        ("{", 400),
        ('{"ids": 3}', 400),
        ('{"ids": ["\\u0000"]}', 400),
        ('{"bbox": [120, 30, 0, 121, 31, 9]}', 200),
    ):
        assert Client().post("/stac/search", body, "application/json").status_code == status


@pytest.mark.parametrize("name", ["ids", "collections"])
def test_a_list_in_a_body_is_no_text(scenes, name):
    """With commas it is one only in a query; in a body it would find nothing and not say why."""
    refused = Client().post(f"/stac/search?county={places.COUNTY}", {name: "demo"}, "application/json")
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (400, "invalid", name)
    assert Client().get("/stac/search", {name: "demo,other", **COUNTY}).status_code == 200
