"""What the base map draws of the places: land, each border line once, names."""

from __future__ import annotations

import pytest
from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import LineString, MultiPolygon, Polygon

from kernel.errors import NotFound
from places.models import BaseFeature, County, Place
from places.services import base_rebuild
from tests.factories import places

pytestmark = pytest.mark.django_db
BOUNDARY, VILLAGE = BaseFeature.Layer.BOUNDARY, places.VILLAGE_SIZE


def length(kind: str) -> float:
    """Degrees of border of a level that are drawn."""
    return sum(feature.geom.length for feature in BaseFeature.objects.filter(layer=BOUNDARY, kind=kind))


def overlap(one: str, other: str) -> float:
    """Degrees that two levels draw on top of each other."""
    both = [
        BaseFeature.objects.filter(layer=BOUNDARY, kind=kind).aggregate(all=Union("geom"))["all"]
        for kind in (one, other)
    ]
    return both[0].intersection(both[1]).length


def test_neighbours_share_one_line() -> None:
    places.village("990521006006", "甲村")
    places.village("990521006007", "乙村")
    base_rebuild("990521")
    assert length("village") == pytest.approx(7 * VILLAGE)  # two squares have eight sides, one is common


def test_a_line_is_drawn_at_its_highest_level_only() -> None:
    places.village("990521001001", "角村")  # its south and west sides are the county's, and a part of longer lines
    base_rebuild("990521")
    assert (length("county"), length("township"), length("village")) == pytest.approx(
        (4 * places.COUNTY_SIZE, 2 * places.TOWNSHIP_SIZE, 2 * VILLAGE)
    )


def test_a_crooked_border_is_still_one_line() -> None:
    """The county's long edge has no vertex where a village's corner lies beside it, 4 cm off by rounding."""
    west, south = 120.0, 30.5
    slope = Polygon(((west, south), (west + 0.16, south + 0.0333333), (west, south + 0.1), (west, south)))
    places.county()
    Place.objects.filter(pk="990521").update(geom=MultiPolygon(slope))
    corner = (west + 0.0777777, round(south + 0.0777777 / 0.16 * 0.0333333, 6))
    cell = Polygon(((west, south), corner, (west, south + 0.05), (west, south)))
    places.township("990521001", geom=MultiPolygon(cell))
    base_rebuild("990521")
    assert overlap("county", "township") == 0
    assert length("township") == pytest.approx(LineString(corner, (west, south + 0.05)).length, abs=1e-6)


def test_cells_of_our_own_drawing_are_no_borders() -> None:
    places.village("990521006006", "甲村")
    County.objects.update(cells_illustrative=True)
    base_rebuild("990521")
    kinds = set(BaseFeature.objects.filter(layer=BOUNDARY).values_list("kind", flat=True))
    assert kinds == {"county", "township_cell", "village_cell"}


def test_a_whole_county_adds_up() -> None:
    for township in range(1, 17):
        for village in range(1, 17):
            places.village(f"990521{township:03}{village:03}", f"{township}镇{village}村")
    base_rebuild("990521")
    assert length("county") == pytest.approx(4 * 0.16)
    assert length("township") == pytest.approx(6 * 0.16)  # a chessboard of 4 × 4 has three inner lines each way
    assert length("village") == pytest.approx(24 * 0.16)  # 16 × 16: fifteen each way, three of them township lines
    assert overlap("township", "village") == 0


def test_land_is_the_county_and_names_stand_inside_their_places() -> None:
    places.village("990521003007", "荷塘村", name_en="Hetang Village")
    base_rebuild("990521")
    land = BaseFeature.objects.get(layer="land")
    assert land.geom.equals(places.square("990521"))
    names = {label.name: label for label in BaseFeature.objects.filter(layer="label")}
    assert set(names) == {"石桥镇", "荷塘村"}
    assert names["荷塘村"].name_en == "Hetang Village"
    assert names["荷塘村"].geom.coords == places.lonlat("990521003007")
    assert names["石桥镇"].rank < names["荷塘村"].rank
    assert names["石桥镇"].min_zoom < names["荷塘村"].min_zoom


def test_again_is_the_same_and_other_features_stay() -> None:
    places.village()
    root = places.county()
    for layer, kind in (("label", "water"), ("field", ""), ("water", "pond")):
        BaseFeature.objects.create(county=root, layer=layer, kind=kind, geom=places.square("990521001"))
    places.village("990522001001")
    base_rebuild("990522")
    count = base_rebuild("990521")
    first = sorted(BaseFeature.objects.values_list("county_id", "layer", "kind", "name"))
    assert base_rebuild("990521") == count
    assert sorted(BaseFeature.objects.values_list("county_id", "layer", "kind", "name")) == first
    assert BaseFeature.objects.filter(kind__in=["water", "pond"]).count() == 2
    assert BaseFeature.objects.filter(county_id="990522", layer="land").count() == 1


def test_places_without_a_search_text_get_one() -> None:
    places.village("990521003007", "荷塘村", search_text="", name_en="Hetang Village")
    places.village("990521003008", "禹山村", search_text="kept")
    base_rebuild("990521")
    texts = dict(Place.objects.values_list("code", "search_text"))
    assert texts["990521003007"] == "荷塘村 hetangcun htc 990521003007 hetangvillage"
    assert texts["990521003008"] == "kept"


def test_an_unknown_county_is_refused() -> None:
    with pytest.raises(NotFound):
        base_rebuild("110101")
