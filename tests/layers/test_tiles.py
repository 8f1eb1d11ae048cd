"""Vector tiles of layers and of the base map."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import pytest
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon
from django.test import Client

from kernel.layerspec import layers
from kernel.viewer import Role, Viewer
from layers import basemap, collections
from layers.query import Query
from layers.tiles import tile_bbox
from places.models import BaseFeature, Road
from tests.contracts.samples.shops import SHOPS, shop
from tests.factories import people, places
from tests.layers.tile_of import tile_of

pytestmark = pytest.mark.django_db

Z, X, Y = 9, 426, 210
VILLAGE = "990521001001"


def decoded(tile: bytes) -> dict[str, Any]:
    return mapbox_vector_tile.decode(tile) if tile else {}


def test_the_box_of_a_tile() -> None:
    west, south, east, north = tile_bbox(1, 1, 0, buffer=0)
    assert (west, south, east) == (0, 0, 180)
    assert north == pytest.approx(85.0511287, abs=1e-6)
    assert tile_bbox(0, 0, 0)[0] == -180


def test_a_tile_carries_ids_and_the_fields_declared_for_it() -> None:
    made = shop("一", VILLAGE, version=3)
    tile = decoded(collections.tile(SHOPS, people.viewer(), Query(), Z, X, Y))
    (feature,) = tile["shops"]["features"]
    assert feature["id"] == made.pk
    assert feature["properties"] == {"name": "店一", "status": "open", "category": "toilet", "number": 3}
    assert tile["shops"]["extent"] == 4096


def test_private_values_are_left_out_of_rows_that_are_not_own() -> None:
    shop("内", VILLAGE, manager_mobile="1390000")
    shop("外", "990521002001", manager_mobile="1391111")
    viewer = people.viewer(Role.GRID_MANAGER, jurisdiction=[VILLAGE])
    features = decoded(collections.tile(SHOPS, viewer, Query(), Z, X, Y))["shops"]["features"]
    assert {one["properties"]["name"]: one["properties"].get("mobile") for one in features} == {
        "店内": "1390000",
        "店外": None,
    }


def test_codes_are_integer_ids() -> None:
    places.village(VILLAGE, "内村")
    x, y = X * 4, Y * 4
    tiles = [
        decoded(collections.tile(layers["villages"], people.viewer(), Query(), Z + 2, x + dx, y + dy))
        for dx in range(4)
        for dy in range(4)
    ]
    ids = {feature["id"] for tile in tiles for layer in tile.values() for feature in layer["features"]}
    assert ids == {int(VILLAGE)}


def test_what_lies_elsewhere_is_an_empty_body(client: Client) -> None:
    shop("一", VILLAGE)
    answer = client.get(f"/api/layers/shops/tiles/{Z}/0/0.mvt")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"


def test_below_the_lowest_zoom_nothing_is_read(django_assert_num_queries: Any) -> None:
    shop("一", VILLAGE)
    with django_assert_num_queries(0):
        assert collections.tile(SHOPS, people.viewer(), Query(), SHOPS.zooms[0] - 1, 106, 52) == b""


@pytest.fixture
def ground() -> None:
    places.county()
    west, south, east, north = places.bbox("990521")
    area = MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)
    line = LineString((west, south), (east, north), srid=4326)
    point = Point((west + east) / 2, (south + north) / 2, srid=4326)
    rows = [
        ("land", "county", area, 0, 1),
        ("relief", "2", area, 9, 5),
        ("field", "3", area, 13, 5),
        ("built", "village", area, 10, 5),
        ("water", "lake", area, 7, 1),
        ("river", "stream", line, 7, 3),
        ("rail", "rail", line, 7, 3),
        ("building", "house", area, 14, 5),
        ("boundary", "township", line, 8, 2),
        ("label", "village", point, 8, 3),
    ]
    for layer, kind, geom, min_zoom, rank in rows:
        named = {"name": "荷塘村", "name_en": "Hetang"} if layer in ("label", "water", "river") else {}
        BaseFeature.objects.create(
            county_id="990521", layer=layer, kind=kind, geom=geom, min_zoom=min_zoom, rank=rank, **named
        )
    for number, cls in enumerate(Road.RoadClass.values):
        Road.objects.create(
            county_id="990521", road_class=cls, geom=line, source=number, target=number + 1, length_m=1, name="环路"
        )


def basemap_at(z: int, county: str = "990521") -> dict[str, Any]:
    west, south, east, north = places.bbox("990521")
    x, y = tile_of((west + east) / 2, (south + north) / 2, z)
    return decoded(basemap.basemap_tile(Viewer(county=county), z, x, y))


@pytest.mark.usefixtures("ground")
def test_a_base_tile_holds_all_layers() -> None:
    tile = basemap_at(14)
    assert set(tile) == {*BaseFeature.Layer.values, "road"}
    assert {road["properties"]["cls"] for road in tile["road"]["features"]} == set(Road.RoadClass.values)
    values = {name: layer["features"][0]["properties"] for name, layer in tile.items()}
    assert values["label"] == {"kind": "village", "name": "荷塘村", "name_en": "Hetang", "rank": 3}
    assert values["relief"]["level"] == 2
    assert values["field"]["variant"] == 3
    assert values["river"]["width"] == 1
    assert values["boundary"]["level"] == "township"


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize(
    "z, expected, roads",
    [
        (7, {"land", "water", "river", "rail", "road"}, {"main"}),
        (8, {"land", "water", "river", "rail", "road", "boundary", "label"}, {"main", "secondary"}),
        (
            10,
            {"land", "water", "river", "rail", "road", "boundary", "label", "relief", "built"},
            {"main", "secondary", "minor"},
        ),
    ],
)
def test_less_is_drawn_from_afar(z: int, expected: set[str], roads: set[str]) -> None:
    tile = basemap_at(z)
    assert set(tile) == expected
    assert {road["properties"]["cls"] for road in tile["road"]["features"]} == roads


@pytest.mark.usefixtures("ground")
def test_a_base_map_is_that_of_the_county() -> None:
    assert basemap_at(14, county="990522") == {}


@pytest.mark.usefixtures("ground")
def test_a_base_tile_costs_two_queries_and_may_be_kept(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        answer = client.get(f"/api/basemap/tiles/{Z}/{X}/{Y}.mvt")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["ETag"].startswith('"')
    again = client.get(f"/api/basemap/tiles/{Z}/{X}/{Y}.mvt", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
