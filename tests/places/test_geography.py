"""Where a point lies, and what a place is."""

from __future__ import annotations

import pytest

from kernel.errors import NotFound
from kernel.viewer import Viewer
from places.models import Place
from places.selectors import county_facts, place_at, place_get
from tests.factories import places

pytestmark = pytest.mark.django_db
VIEWER = Viewer(county=places.COUNTY)
HETANG, YUSHAN = "990521003007", "990521003008"


@pytest.fixture(autouse=True)
def _county() -> None:
    places.village(HETANG, "荷塘村", households=412, population=1286)
    places.village(YUSHAN, "禹山村")
    places.grid(HETANG + "001")
    places.township("990521004", "南浔镇")


def corner(code: str) -> tuple[float, float]:
    west, south, _east, _north = places.bbox(code)
    return west, south


@pytest.mark.parametrize(
    ("lonlat", "code"),
    [
        (places.lonlat(HETANG), HETANG),
        (places.lonlat(YUSHAN), YUSHAN),
        (corner(YUSHAN), HETANG),  # the border of both: the lower code, always
        (places.lonlat("990521003001"), "990521003"),  # a township without a village there
        (places.lonlat("990521016"), "990521"),  # the county without a township there
        (corner(places.COUNTY), "990521"),  # its corner belongs to it
    ],
)
def test_a_point_lies_in_the_smallest_place(lonlat: tuple[float, float], code: str) -> None:
    assert place_at(VIEWER, *lonlat).place.code == code


@pytest.mark.parametrize("lonlat", [(119.999999, 30.5), (0, 0), (-180, -90), (180, 90), places.lonlat("990522")])
def test_outside_is_said_so(lonlat: tuple[float, float]) -> None:
    places.village("990522001001")  # another county is outside, too
    with pytest.raises(NotFound) as caught:
        place_at(VIEWER, *lonlat)
    assert caught.value.code == "outside_county"


def test_a_point_knows_the_places_around_it_and_its_grid(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = place_at(VIEWER, *places.lonlat(HETANG + "001"))
    assert [(line.code, line.level) for line in found.ancestors] == [("990521", "county"), ("990521003", "township")]
    assert found.grid
    assert found.grid.code == HETANG + "001"
    assert place_at(VIEWER, *places.lonlat(HETANG + "004")).grid is None


def test_a_place_in_full(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        place = place_get(VIEWER, HETANG)
    assert (place.name, place.level, place.kind, place.households, place.population) == (
        "荷塘村",
        "village",
        "village",
        412,
        1286,
    )
    assert place.bbox == places.bbox(HETANG)
    assert place.lonlat == places.lonlat(HETANG)
    assert [line.name for line in place.ancestors] == ["云溪县", "石桥镇"]


@pytest.mark.parametrize(
    "code", ["", "9", "990521003009", "990522", "990522001001", "荷塘村", "9" * 40, "99052100300x"]
)
def test_no_such_place_in_this_county(code: str) -> None:
    places.village("990522001001")
    with pytest.raises(NotFound):
        place_get(VIEWER, code)


def test_the_county_is_a_place_without_ancestors() -> None:
    assert place_get(VIEWER, "990521").ancestors == ()


def test_county_facts_count_its_own_places_only() -> None:
    places.village("990522001001")
    facts = county_facts(VIEWER)
    assert (facts.name, facts.townships, facts.villages) == ("云溪县", 2, 2)
    assert facts.bbox == places.bbox("990521")
    assert facts.center == places.lonlat("990521")
    assert county_facts(Viewer(county="990522")).villages == 1


def test_a_county_without_outline_still_has_facts() -> None:
    Place.objects.all().delete()
    facts = county_facts(VIEWER)
    assert (facts.bbox, facts.center, facts.villages) == (None, None, 0)


def test_a_county_that_was_never_loaded() -> None:
    with pytest.raises(NotFound) as caught:
        county_facts(Viewer(county="110101"))
    assert caught.value.code == "unknown_county"
