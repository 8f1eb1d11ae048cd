"""The API: small pages, single features, writes, errors in the one shape."""

from __future__ import annotations

import pytest
from django.test import Client

from facilities.models import Facility
from kernel.viewer import Role
from tests.factories import facilities, media, people, places

pytestmark = pytest.mark.django_db

VILLAGE, NEXT_DOOR = "990521003007", "990521003008"
JSON = "application/json"


def staff(role: Role = Role.OFFICIAL, area: str = places.COUNTY, county: str = places.COUNTY) -> Client:
    client = Client()
    user = people.user(role, county=county, jurisdiction=[area])
    client.force_login(user)
    return client


def feature(village: str = VILLAGE, **properties) -> dict:
    places.village(village)
    facilities.category()
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(places.lonlat(village))},
        "properties": {"name": "村口公厕", "category": "toilet", **properties},
    }


def test_a_facility_from_nothing_to_withdrawn():
    agent = staff(Role.VILLAGE_AGENT, VILLAGE)
    made = agent.post(
        "/api/facilities/", feature(hours="全天", services=["母婴台"], manager_mobile="13900001234"), JSON
    )
    assert made.status_code == 201, made.content
    body = made.json()
    url = f"/api/facilities/{body['id']}/"
    assert body["geometry"] == {"type": "Point", "coordinates": list(places.lonlat(VILLAGE))}
    assert body["properties"] | {"village": VILLAGE, "version": 1, "may_edit": True} == body["properties"]
    assert Client().get(url).json()["properties"].keys().isdisjoint({"manager", "manager_mobile", "is_published"})
    assert Client().get(url).json()["properties"]["may_edit"] is False

    body["properties"]["hours"] = "6:00–22:00"  # a client may send back all that it got
    changed = agent.patch(url, body, JSON)
    assert (changed.status_code, changed.json()["properties"]["version"]) == (200, 2), changed.content
    conflict = agent.patch(url, {"properties": {"hours": "x", "version": 1}}, JSON)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "version_conflict")

    assert agent.delete(url).status_code == 400
    assert agent.delete(f"{url}?version=2").status_code == 204
    assert Client().get(url).status_code == 404
    assert agent.get(url).json()["properties"]["is_published"] is False


def test_photos_over_http(settings, tmp_path):
    settings.MEDIA_ROOT, settings.SEALED_ROOT = tmp_path / "media", tmp_path / "sealed"
    one, photo = facilities.facility(), media.photo()
    url = f"/api/facilities/{one.pk}/photos/"
    body = {"version": 1, "photos": [{"id": photo.pk, "caption": "门口"}]}
    assert Client().put(url, body, JSON).status_code == 401
    done = staff().put(url, body, JSON)
    assert done.status_code == 200, done.content
    shown = Client().get(f"/api/facilities/{one.pk}/").json()["properties"]
    assert [(item["id"], item["caption"]) for item in shown["photos"]] == [(photo.pk, "门口")]
    assert shown["photo_count"] == 1
    assert staff().put(url, {"version": 2, "photos": [{"id": "x"}]}, JSON).json()["field"] == "photos.0.id"


def test_pages():
    made = [facilities.facility(name=f"公厕{n}").pk for n in range(5)]
    found, after = [], 0
    while after is not None:
        page = Client().get(f"/api/facilities/?limit=2&after={after}").json()
        assert (page["type"], page["matched"]) == ("FeatureCollection", 5)
        found += [row["id"] for row in page["features"]]
        after = page["next"]
    assert found == made


def test_filters():
    bus = facilities.category("bus", "公交站")
    first = facilities.facility(VILLAGE, "荷塘公厕")
    second = facilities.facility(NEXT_DOOR, "东站", category=bus, status="closed")
    hidden = facilities.facility(VILLAGE, "内部", is_published=False)
    west, south, east, north = places.bbox(NEXT_DOOR)

    def ids(query, client=None):
        response = (client or Client()).get(f"/api/facilities/?{query}")
        assert response.status_code == 200, response.content
        return [row["id"] for row in response.json()["features"]]

    assert ids("category=bus") == [second.pk]
    assert ids("status=closed") == [second.pk]
    assert ids(f"place={VILLAGE}") == [first.pk]
    assert ids("place=990521003") == [first.pk, second.pk]
    assert ids(f"bbox={west},{south},{east},{north}") == [second.pk]
    assert ids("q=hetang") == [first.pk]
    assert ids("own=true") == []
    assert ids("own=true", staff(Role.VILLAGE_AGENT, VILLAGE)) == [first.pk, hidden.pk]
    assert ids("own=true&is_published=false", staff(Role.VILLAGE_AGENT, VILLAGE)) == [hidden.pk]
    assert ids("own=false", staff(Role.VILLAGE_AGENT, VILLAGE)) == [second.pk]
    assert ids("county=990521&lang=en") == [first.pk, second.pk]


def test_other_counties():
    there = facilities.facility("990522001001")
    assert Client().get(f"/api/facilities/{there.pk}/").status_code == 404
    assert Client().get(f"/api/facilities/{there.pk}/?county=990522").status_code == 200
    patch = {"properties": {"hours": "x", "version": 1}}
    assert staff().patch(f"/api/facilities/{there.pk}/", patch, JSON).status_code == 404
    assert staff().patch(f"/api/facilities/{there.pk}/?county=990522", patch, JSON).status_code == 403


def test_nearest():
    middle = places.lonlat(VILLAGE)
    far = facilities.facility(VILLAGE, lonlat=(middle[0] + 0.004, middle[1]))
    near = facilities.facility(VILLAGE, lonlat=(middle[0] + 0.001, middle[1]), status="closed")
    facilities.facility(VILLAGE, category=facilities.category("bus", "公交站"))
    items = Client().get(f"/api/facilities/nearest?lon={middle[0]}&lat={middle[1]}&category=toilet").json()["items"]
    assert [item["id"] for item in items] == [near.pk, far.pk]
    assert items[0]["distance_m"] == pytest.approx(95.8, abs=0.5)
    assert (items[0]["status"], items[0]["category_title"]) == ("closed", "公厕")
    english = Client().get(f"/api/facilities/nearest?lon={middle[0]}&lat={middle[1]}&limit=1&lang=en").json()
    assert [item["category_title"] for item in english["items"]] == ["Bus"]


BAD_READS = [
    ("/api/facilities/?limt=3", "unknown_parameter", "limt"),
    ("/api/facilities/?limit=0", "invalid", "limit"),
    ("/api/facilities/?limit=201", "invalid", "limit"),
    ("/api/facilities/?bbox=1,2,3", "invalid", "bbox"),
    ("/api/facilities/?bbox=0,0,500,1", "bbox_out_of_range", "bbox"),
    ("/api/facilities/?status=gone", "invalid", "status"),
    ("/api/facilities/?after=x", "invalid", "after"),
    ("/api/facilities/?category=a&category=b", "repeated_parameter", "category"),
    ("/api/facilities/nearest", "missing_parameter", "lon"),
    ("/api/facilities/nearest?lon=120", "missing_parameter", "lat"),
    ("/api/facilities/nearest?lon=120&lat=95", "invalid", "lat"),
    ("/api/facilities/nearest?lon=nan&lat=30", "invalid", "lon"),
    ("/api/facilities/nearest?lon=120&lat=30&limit=51", "invalid", "limit"),
    ("/api/facilities/nearest?lon=120&lat=30&category=spa", "unknown_category", "category"),
]


@pytest.mark.parametrize("address, code, field", BAD_READS)
def test_bad_reads(address, code, field):
    response = Client().get(address)
    assert (response.status_code, response.json()["code"], response.json()["field"]) == (400, code, field)


BAD_BODIES = {
    "no object": ([1, 2], None),
    "text": ('"x"', None),
    "not JSON": ("{", None),
    "properties are a list": ({"properties": [1]}, "properties"),
    "unknown property": ({"properties": {"colour": "red"}}, "colour"),
    "wrong type": ({"type": "Point"}, "type"),
    "line": ({"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}, "geometry.type"),
    "no coordinates": ({"geometry": {"type": "Point"}}, "geometry.coordinates"),
    "one coordinate": ({"geometry": {"type": "Point", "coordinates": [1]}}, "geometry.coordinates"),
    "texts": ({"geometry": {"type": "Point", "coordinates": ["a", "b"]}}, "geometry.coordinates.0"),
    "infinite": ('{"geometry": {"type": "Point", "coordinates": [1e999, 3]}}', None),
    "huge": ({"geometry": {"type": "Point", "coordinates": [1e300, 3]}}, "geometry.coordinates"),
    "geometry is a text": ({"geometry": "POINT(1 2)"}, "geometry"),
    "services are a text": ({"properties": {"services": "x"}}, "properties.services"),
    "village is a number list": ({"properties": {"village": [1]}}, "properties.village"),
    "NUL": ({"properties": {"name": "a\x00b"}}, "properties.name"),
    "huge version": ({"properties": {"version": 10**30}}, "properties.version"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_bad_bodies(case):
    body, field = BAD_BODIES[case]
    one, client = facilities.facility(), staff()
    for response in (
        client.post("/api/facilities/", body, JSON),
        client.patch(f"/api/facilities/{one.pk}/", body, JSON),
    ):
        assert response.status_code == 400, response.content
        assert set(response.json()) >= {"code", "message"}
        if field:
            assert response.json()["field"] == field
    assert Facility.objects.count() == 1


def test_signed_out_and_forbidden():
    one, body = facilities.facility(), feature()
    url = f"/api/facilities/{one.pk}/"
    for client, status in ((Client(), 401), (staff(Role.CITIZEN), 403), (staff(Role.OFFICIAL, NEXT_DOOR), 403)):
        assert client.post("/api/facilities/", body, JSON).status_code == status
        assert client.patch(url, {"properties": {"version": 1}}, JSON).status_code == status
        assert client.delete(f"{url}?version=1").status_code == status
    assert Client().post("/api/facilities/nearest").status_code in (401, 405)


def test_categories():
    facilities.category()
    assert Client().get("/api/facilities/categories/").json() == {
        "items": [{"key": "toilet", "title": "公厕", "icon": "toilet"}]
    }
    assert Client().get("/api/facilities/categories/?lang=en").json()["items"][0]["title"] == "Toilet"
