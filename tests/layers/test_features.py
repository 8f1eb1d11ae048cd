"""GeoJSON: content, paging, box, filters."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q
from django.test import Client

from facilities.models import Facility
from kernel.errors import Invalid, NotFound
from kernel.layerspec import layers
from kernel.viewer import Audience, Role
from layers import collections
from layers.query import Query, read_cursor, read_filters, write_cursor
from tests.contracts.samples.shops import SHOPS, shop
from tests.factories import people, places

pytestmark = pytest.mark.django_db

ROOT = "/api/layers/shops/features"
VILLAGE, OTHER = "990521001001", "990521002001"


def features(**query: Any) -> list[dict[str, Any]]:
    return json.loads(collections.features(SHOPS, people.viewer(), Query(**query)))["features"]


def test_a_feature_is_geojson_with_typed_values() -> None:
    moment = dt.datetime(2026, 6, 30, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    made = shop("一", VILLAGE, services=["饮水", 'a "b"'], updated_at=moment, version=7)
    (feature,) = features()
    lon, lat = places.lonlat(VILLAGE)
    assert feature["id"] == made.pk
    assert feature["geometry"] == {"type": "Point", "coordinates": [lon, lat]}
    assert feature["properties"] == {
        "name": "店一",
        "status": "open",
        "category": "toilet",
        "category_title": "公厕",
        "services": ["饮水", 'a "b"'],
        "changed": "2026-06-30T10:20:00+08:00",
        "number": 7,
    }


def test_a_place_has_its_code_as_id(client: Client) -> None:
    places.village(VILLAGE, "内村")
    (feature,) = client.get("/api/layers/villages/features", {"code": VILLAGE, "limit": 1}).json()["features"]
    assert (feature["id"], feature["properties"]["code"], feature["geometry"]["type"]) == (
        VILLAGE,
        VILLAGE,
        "MultiPolygon",
    )
    one = client.get(f"/api/layers/villages/features/{VILLAGE}")
    assert one.json() == feature
    assert one["Content-Type"] == "application/geo+json"


def test_pages_hold_each_row_once(client: Client) -> None:
    pks = [shop(str(number), VILLAGE).pk for number in range(7)]
    link: str | None = f"{ROOT}?limit=3&status=open"
    seen, pages = [], 0
    while link:
        page = client.get(link).json()
        seen += [feature["id"] for feature in page["features"]]
        link, pages = page["next"], pages + 1
    assert (seen, pages) == (pks, 3)


def test_pages_come_worst_first(client: Client) -> None:
    """As the legend, then by key, and what it does not know last, whatever the pages are cut to."""
    statuses = ("closed", "odd", "open", "closed", "open", "closed")
    pks = [shop(str(number), VILLAGE, status=status).pk for number, status in enumerate(statuses)]
    expected = [pks[number] for number in (2, 4, 0, 3, 5, 1)]
    for limit in (1, 4, 6):
        link: str | None = f"{ROOT}?sort=worst&limit={limit}&category=toilet"
        seen = []
        while link:
            page = client.get(link).json()
            seen += [feature["id"] for feature in page["features"]]
            link = page["next"]
        assert seen == expected
    by_key = client.get(f"{ROOT}?limit=1").json()["next"]
    assert client.get(f"{by_key}&sort=worst").json()["code"] == "malformed_cursor"
    assert client.get("/api/layers/facilities/features?sort=worst").json()["code"] == "unknown_parameter"


def test_a_full_last_page_has_no_next(client: Client) -> None:
    for number in range(3):
        shop(str(number), VILLAGE)
    assert client.get(f"{ROOT}?limit=3").json()["next"] is None


def test_a_row_added_behind_the_cursor_does_not_move_the_pages(client: Client) -> None:
    first, second, third = (shop(str(number), VILLAGE).pk for number in range(3))
    link = client.get(f"{ROOT}?limit=2").json()["next"]
    Facility.objects.filter(pk=first).delete()
    assert [feature["id"] for feature in client.get(link).json()["features"]] == [third], second


def test_the_box_selects() -> None:
    inside = shop("内", VILLAGE)
    shop("外", OTHER)
    assert [feature["id"] for feature in features(bbox=places.bbox(VILLAGE))] == [inside.pk]


@pytest.mark.parametrize(
    "query, found",
    [
        ({"status": "open"}, {"开"}),
        ({"status": "open,closed"}, {"开", "关"}),
        ({"status": " open , closed "}, {"开", "关"}),
        ({"status": "nothing-like-it"}, set()),
        ({"status": ""}, {"开", "关"}),
        ({"number": "7"}, {"关"}),
        ({"number": "7", "status": "open"}, set()),
        ({"changed": "2026-06-30T10:20:00+08:00"}, {"关"}),
        ({"changed": "2026-06-30T02:20:00Z"}, {"关"}),
        ({"changed": "2026-06-30T10:20:00"}, {"关"}),
    ],
)
def test_filters(client: Client, query: dict[str, str], found: set[str]) -> None:
    moment = dt.datetime(2026, 6, 30, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    shop("开", VILLAGE)
    shop("关", VILLAGE, status="closed", version=7, updated_at=moment)
    answer = client.get(ROOT, query).json()
    assert {feature["properties"]["name"] for feature in answer["features"]} == {f"店{name}" for name in found}


@pytest.mark.parametrize("face", ["clusters?zoom=9&status=closed", "counts?status=closed"])
def test_filters_hold_for_aggregates(client: Client, face: str) -> None:
    shop("开", VILLAGE)
    shop("关", VILLAGE, status="closed")
    answer = client.get(f"/api/layers/shops/{face}").json()
    parts = answer.get("clusters") or [place for place in answer["counts"] if place["count"]]
    assert [(part["count"], part["by"]) for part in parts] == [(1, {"closed": 1})]


def test_a_private_value_opens_on_own_rows_only() -> None:
    """The leak of a first design: the phone of a row of another township, shown to a grid manager."""
    shop("内", VILLAGE, manager_mobile="1390000")
    shop("外", OTHER, manager_mobile="1391111")
    viewer = people.viewer(Role.GRID_MANAGER, jurisdiction=[VILLAGE[:9]])
    found = json.loads(collections.features(SHOPS, viewer, Query()))["features"]
    assert {one["properties"]["name"]: one["properties"]["mobile"] for one in found} == {
        "店内": "1390000",
        "店外": None,
    }


def test_a_layer_above_the_viewer_does_not_exist() -> None:
    staff_only = replace(SHOPS, audience=Audience.STAFF)
    with pytest.raises(NotFound):
        collections.features(staff_only, people.viewer(), Query())
    assert collections.features(staff_only, people.viewer(Role.DESK), Query())


def test_rows_that_cannot_be_are_no_query(django_assert_num_queries: Any) -> None:
    nothing = replace(SHOPS, rows=lambda viewer: Facility.objects.none())
    with django_assert_num_queries(0):
        assert collections.features(nothing, people.viewer(), Query()).endswith(b'"features":[],"next":null}')
        assert collections.tile(nothing, people.viewer(), Query(), 10, 0, 0) == b""
        assert json.loads(collections.clusters(nothing, people.viewer(), Query(), 9)) == {"clusters": [], "total": 0}
    assert json.loads(collections.counts(nothing, people.viewer(), Query(), "village"))["outside"] == 0


def test_everything_own_is_allowed() -> None:
    shop("一", VILLAGE, manager="甲")
    spec = replace(SHOPS, own=lambda viewer: Q())
    answer = json.loads(collections.features(spec, people.viewer(Role.DESK), Query()))
    assert answer["features"][0]["properties"]["manager"] == "甲"


def test_a_cursor_is_read_back_or_refused() -> None:
    assert read_cursor(SHOPS, write_cursor("42")) == (42, 0)
    assert read_cursor(SHOPS, write_cursor("3 42"), is_worst_first=True) == (42, 3)
    for broken in ("", "42", "!", write_cursor("x"), write_cursor("9" * 30), write_cursor("1\n"), "é"):
        with pytest.raises(Invalid) as refused:
            read_cursor(SHOPS, broken)
        assert refused.value.code == "malformed_cursor"


def test_a_filter_of_a_higher_audience_is_an_unknown_parameter(client: Client) -> None:
    answer = client.get(ROOT, {"inner": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert [one.field.name for one in read_filters(SHOPS, people.viewer(), {"inner": "x", "status": "open"})] == [
        "status"
    ]


def test_the_statement_is_the_one_that_runs() -> None:
    shop("一", VILLAGE)
    statement = collections.statement("features", layers["shops"], people.viewer(), Query(limit=5))
    assert statement is not None
    assert b'"name":"\xe5\xba\x97' in statement.row()[0]
    assert "LIMIT 6" in statement.literal()
