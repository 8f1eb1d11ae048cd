"""/api/county/: the county that is looked at, and who looks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from kernel import clock
from kernel.viewer import Role
from tests.factories import people, places

pytestmark = pytest.mark.django_db

OWN = {
    **{"key": "own", "title": "简明地图", "tiles": [], "servers": "", "attribution": "", "deepest": 18},
    "approval_number": "GS(2026)1",
}


@pytest.fixture(autouse=True)
def _places() -> None:
    moment = dt.datetime(2026, 6, 30, 10, 20, tzinfo=clock.ZONE)
    places.county(is_demo=True, as_of=moment, cells_illustrative=True, approval_number="GS(2026)1")
    places.village("990521003007")
    places.village("990521003008")
    places.village("990522001001")


def test_the_county_in_full(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        body = Client().get("/api/county/").json()
    west, south, east, north = places.bbox("990521")
    assert body == {
        "code": "990521",
        "name": "云溪县",
        "is_demo": True,
        "bbox": [west, south, east, north],
        "center": list(places.lonlat("990521")),
        "approval_number": "GS(2026)1",
        "base_maps": [OWN],
        "boundary_source": "",
        "cells_illustrative": True,
        "townships": 1,
        "villages": 2,
        "as_of": "2026-06-30T10:20:00+08:00",
        "me": None,
    }


def test_another_county() -> None:
    body = Client().get("/api/county/?county=990522").json()
    assert (body["code"], body["villages"], body["as_of"]) == ("990522", 1, None)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/county/?county=110101", 404, "unknown_county"),
        ("/api/county/?county=x", 404, "unknown_county"),
        ("/api/county/?x=1", 400, "unknown_parameter"),
    ],
)
def test_bad_input(path: str, status: int, code: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_signed_in_person_sees_who_he_is() -> None:
    client = Client()
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=["990521003"]))
    me = client.get("/api/county/").json()["me"]
    assert (me["role"], me["jurisdiction"]) == ("official", [{"code": "990521003", "name": "石桥镇"}])
    assert "manage" in me["may"]


def test_english() -> None:
    assert Client().get("/api/county/?lang=en").json()["name"] == "Yunxi County"
