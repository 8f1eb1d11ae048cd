"""The API of places: shapes, strict parameters, the one error shape, counties apart, languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import places

pytestmark = pytest.mark.django_db
HETANG, TOWN = "990521003007", "990521003"
LON, LAT = places.lonlat(HETANG)


@pytest.fixture(autouse=True)
def _places() -> None:
    places.village(HETANG, "荷塘村", name_en="Hetang Village")
    places.village("990522001001", "别县村")


def get(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def test_the_village_at_a_point() -> None:
    answer = get(f"/api/places/at?lon={LON}&lat={LAT}")
    assert answer.status_code == 200
    assert answer.json() == {
        "place": {"code": HETANG, "name": "荷塘村", "level": "village"},
        "ancestors": [
            {"code": "990521", "name": "云溪县", "level": "county"},
            {"code": TOWN, "name": "石桥镇", "level": "township"},
        ],
        "grid": None,
    }


def test_a_place_and_the_head_of_its_panel_are_the_same() -> None:
    place, panel = get(f"/api/places/{HETANG}").json(), get(f"/api/places/{HETANG}/panel").json()
    assert place == panel["place"]
    assert {"key", "title"} <= set(panel["sections"][0])


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("/api/places/at", 400, "missing_parameter", "lon"),
        ("/api/places/at?lon=120", 400, "missing_parameter", "lat"),
        ("/api/places/at?lat=30", 400, "missing_parameter", "lon"),
        ("/api/places/at?lon=&lat=", 400, "missing_parameter", "lon"),
        ("/api/places/at?lon=181&lat=30", 400, "invalid", "lon"),
        ("/api/places/at?lon=120&lat=-91", 400, "invalid", "lat"),
        ("/api/places/at?lon=nan&lat=30", 400, "invalid", "lon"),
        ("/api/places/at?lon=inf&lat=30", 400, "invalid", "lon"),
        ("/api/places/at?lon=1e999&lat=30", 400, "invalid", "lon"),
        ("/api/places/at?lon=一二〇&lat=30", 400, "invalid", "lon"),
        ("/api/places/at?lon=120&lat=30&lng=1", 400, "unknown_parameter", "lng"),
        ("/api/places/at?lon=120&lon=121&lat=30", 400, "repeated_parameter", "lon"),
        ("/api/places/at?lon=1&lat=1", 404, "outside_county", None),
        ("/api/places/at?lon=120&lat=30&county=110101", 404, "unknown_county", "county"),
        (f"/api/places/{HETANG}?x=1", 400, "unknown_parameter", "x"),
        (f"/api/places/{HETANG}/panel?bbox=1", 400, "unknown_parameter", "bbox"),
        ("/api/places/990521003099", 404, "unknown_place", None),
        ("/api/places/990521003099/panel", 404, "unknown_place", None),
        ("/api/places/990522001001", 404, "unknown_place", None),
        ("/api/places/990522001001/panel", 404, "unknown_place", None),
        ("/api/places/%27%3B--", 404, "unknown_place", None),
        ("/api/places/" + "9" * 3000, 404, "unknown_place", None),
        ("/api/places/荷塘村/panel", 404, "unknown_place", None),
        ("/api/places/", 404, "not_found", None),
    ],
)
def test_bad_input_gets_the_one_error_shape(path: str, status: int, code: str, field: str | None) -> None:
    answer = get(path)
    body = answer.json()
    assert (answer.status_code, body["code"], body.get("field")) == (status, code, field)
    assert body["message"]
    assert set(body) <= {"code", "message", "field", "hint"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/places/at", f"/api/places/{HETANG}", f"/api/places/{HETANG}/panel"])
def test_places_are_only_read(path: str, method: str) -> None:
    assert getattr(Client(), method)(path).status_code in (401, 405)


def test_another_county_is_asked_for_by_name() -> None:
    assert get("/api/places/990522001001/panel?county=990522").json()["place"]["name"] == "别县村"
    assert get(f"/api/places/{HETANG}?county=990522").status_code == 404
    lon, lat = places.lonlat("990522001001")
    assert get(f"/api/places/at?lon={lon}&lat={lat}").status_code == 404
    assert get(f"/api/places/at?lon={lon}&lat={lat}&county=990522").json()["place"]["code"] == "990522001001"


@pytest.mark.parametrize(("query", "accept"), [("?lang=en", "zh-CN"), ("", "en-GB,en;q=0.9")])
def test_english(query: str, accept: str) -> None:
    body = get(f"/api/places/{HETANG}/panel{query}", **{"accept-language": accept}).json()
    assert body["place"]["name"] == "Hetang Village"
    assert [line["name"] for line in body["place"]["ancestors"]] == ["Yunxi County", "石桥镇"]


def test_the_panel_is_one_request_within_its_budget(django_assert_max_num_queries: Any) -> None:
    from kernel import panel

    own = 1
    savepoints = 2 * len(panel.all_sections())
    with django_assert_max_num_queries(own + savepoints + sum(s.max_queries for s in panel.all_sections())):
        get(f"/api/places/{HETANG}/panel")
