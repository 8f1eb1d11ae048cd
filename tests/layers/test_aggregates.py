"""Clusters and counts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import translation

from facilities.models import Facility
from kernel.errors import NotFound
from kernel.layerspec import layers
from layers import clusters as clustering
from layers import collections
from layers.query import Query
from tests.contracts.samples.shops import SHOPS, category, shop
from tests.factories import people, places

pytestmark = pytest.mark.django_db

VILLAGE, OTHER = "990521001001", "990521002001"


def clusters(zoom: int, **query: Any) -> dict[str, Any]:
    return json.loads(collections.clusters(SHOPS, people.viewer(), Query(**query), zoom))


def counts(level: str) -> dict[str, Any]:
    return json.loads(collections.counts(SHOPS, people.viewer(), Query(), level))  # type: ignore[arg-type]


def test_near_rows_are_one_cluster_at_their_mean() -> None:
    lon, lat = places.lonlat(VILLAGE)
    for shift, status in ((0.0, "open"), (0.0001, "open"), (0.0005, "closed")):
        shop("x", VILLAGE, status=status, geom=Point(lon + shift, lat, srid=4326))
    (one,) = clusters(9)["clusters"]
    assert (one["count"], one["by"], "id" in one) == (3, {"closed": 1, "open": 2}, False)
    assert one["lon"] == pytest.approx(lon + 0.0002, abs=1e-6)
    assert one["bbox"] == [lon, lat, pytest.approx(lon + 0.0005), lat]


def test_far_rows_stand_alone_with_their_id() -> None:
    first, second = shop("一", VILLAGE), shop("二", OTHER)
    answer = clusters(14)
    assert answer["total"] == 2
    assert {one["id"] for one in answer["clusters"]} == {first.pk, second.pk}


def test_the_grid_does_not_depend_on_the_box() -> None:
    """Panning must not make clusters jump: a box that holds all rows gives the same clusters as none."""
    for number in range(16):
        shop(str(number), f"99052100{1 + number % 4}{1 + number // 4:03}")
    assert clusters(10)["clusters"] == clusters(10, bbox=places.bbox("990521"))["clusters"]


def test_the_answer_is_bounded_and_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """More cells than fit are joined; no row is dropped."""
    west, south, east, north = places.bbox("990521")
    root, kind = places.county(), category()
    Facility.objects.bulk_create(
        Facility(
            county=root,
            category=kind,
            name=f"店{number}",
            geom=Point(west + (east - west) * (number % 40) / 40, south + (north - south) * (number // 40) / 40),
        )
        for number in range(1600)
    )
    answer = clusters(18)
    assert len(answer["clusters"]) <= clustering.CLUSTERS_MOST < 1600
    assert sum(one["count"] for one in answer["clusters"]) == answer["total"] == 1600


def test_areas_cluster_at_their_middle() -> None:
    places.village(VILLAGE, "内村")
    answer = json.loads(collections.clusters(layers["villages"], people.viewer(), Query(), 12))
    (one,) = answer["clusters"]
    assert (one["id"], [one["lon"], one["lat"]]) == (VILLAGE, list(places.lonlat(VILLAGE)))


def test_the_pole_is_no_error() -> None:
    shop("极", "990521", geom=Point(0, -90, srid=4326))
    assert clusters(22)["total"] == 1


def test_counts_by_village_and_township() -> None:
    shop("一", VILLAGE)
    shop("二", VILLAGE, status="closed")
    shop("三", OTHER)
    shop("四", "990521")
    places.village("990521003001", "空村")
    by_village = {place["code"]: place for place in counts("village")["counts"]}
    assert by_village[VILLAGE]["by"] == {"closed": 1, "open": 1}
    assert (by_village["990521003001"]["name"], by_village["990521003001"]["count"]) == ("空村", 0)
    by_township = counts("township")
    assert {place["code"]: place["count"] for place in by_township["counts"]} == {
        "990521001": 2,
        "990521002": 1,
        "990521003": 0,
    }
    assert by_township["outside"] == counts("village")["outside"] == 1


def test_names_are_in_the_language_of_the_reader() -> None:
    places.village(VILLAGE, "内村", name_en="Nei Village")
    with translation.override("en"):
        assert counts("village")["counts"][0]["name"] == "Nei Village"
    assert counts("village")["counts"][0]["name"] == "内村"


def test_a_layer_without_places_is_not_counted(client: Client) -> None:
    from dataclasses import replace

    with pytest.raises(NotFound) as refused:
        collections.counts(replace(SHOPS, area=""), people.viewer(), Query(), "village")
    assert refused.value.code == "not_counted"


def test_village_is_the_level_when_none_is_given(client: Client) -> None:
    assert client.get("/api/layers/shops/counts").json()["level"] == "village"
