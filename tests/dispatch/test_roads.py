"""Ways along the roads are those of a search by hand over all of them."""

from __future__ import annotations

import math
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dispatch import sql
from dispatch.selectors.roads import box_around, nearest, route
from kernel.geo import distance_m
from tests.dispatch.brute import Network
from tests.factories import places, roads

pytestmark = pytest.mark.django_db
COUNTY = places.COUNTY


def somewhere(chance: random.Random) -> tuple[float, float]:
    west, south, east, north = places.bbox(COUNTY)
    return round(chance.uniform(west, east), 6), round(chance.uniform(south, north), 6)


def test_costs_are_those_of_a_search_by_hand() -> None:
    roads.lattice()
    network, chance = Network(COUNTY), random.Random(5)
    for _ in range(20):
        start, goals = somewhere(chance), [somewhere(chance) for _ in range(12)]
        found = sql.road_costs(COUNTY, start, goals, None)
        by_hand = network.costs(start, goals)
        assert set(found) == {n for n, metres in enumerate(by_hand) if metres < math.inf}
        for n, metres in found.items():
            assert metres == pytest.approx(by_hand[n], abs=0.1)  # chords of three kinds of plane


def test_the_nearest_is_that_of_a_search_by_hand_whatever_the_box() -> None:
    roads.lattice()
    network, chance = Network(COUNTY), random.Random(6)
    for _ in range(40):
        start, goals = somewhere(chance), [somewhere(chance) for _ in range(8)]
        by_hand = network.costs(start, goals)
        best = nearest(COUNTY, start, goals)[0]
        assert best.by_road
        assert best.goal == min(range(8), key=by_hand.__getitem__)


@pytest.mark.parametrize(
    "start, goal, shares",
    [
        ((120.002, 30.6), (120.005, 30.6), (0.3, 0)),
        ((120.005, 30.6), (120.002, 30.6), (0.3, 0)),
        ((120.002, 30.6), (120.002, 30.6), (0, 0)),
        ((120.002, 30.6), (120.01, 30.605), (0.8, 0.5)),
        ((120.01, 30.6), (120.01, 30.61), (0, 1)),
    ],
    ids=["on one edge", "and back", "same point", "round the corner", "from end to end"],
)
def test_along_an_edge(start, goal, shares) -> None:
    corner = (120.01, 30.6)
    edges = [roads.road(1, 2, (120.0, 30.6), corner), roads.road(2, 3, corner, (120.01, 30.61))]
    roads.save(*edges)
    found = sql.road_costs(COUNTY, start, [goal], None)
    expected = sum(share * edge.length_m for share, edge in zip(shares, edges, strict=True))
    assert found == {0: pytest.approx(expected, abs=0.1)}
    assert roads.length_m(list(route(COUNTY, start, goal).line)) == pytest.approx(expected, abs=0.5)


def test_the_way_is_as_long_as_it_costs() -> None:
    roads.lattice()
    chance = random.Random(8)
    for _ in range(10):
        start, goal = somewhere(chance), somewhere(chance)
        found = route(COUNTY, start, goal)
        assert (found.by_road, found.line[0], found.line[-1]) == (True, start, goal)
        assert roads.length_m(list(found.line)) == pytest.approx(found.metres, rel=0.002)  # shares of another plane


def test_no_road_at_all() -> None:
    places.county()
    start, near, far = (120.05, 30.55), (120.06, 30.55), (120.09, 30.6)
    found = nearest(COUNTY, start, [far, near])
    assert [(way.goal, way.by_road) for way in found] == [(1, False), (0, False)]
    assert found[0].metres == pytest.approx(distance_m(start, near))
    assert nearest(COUNTY, start, []) == []
    assert (route(COUNTY, start, near).by_road, route(COUNTY, start, near).line) == (False, (start, near))


def test_nobody_goes_to_the_end_of_a_road_first_that_they_do_not_walk_along() -> None:
    roads.save(roads.road(1, 2, (120.0, 30.6), (120.01, 30.6)))
    start, goal = (120.012, 30.601), (120.012, 30.599)
    assert nearest(COUNTY, start, [goal])[0].metres > 1.9 * distance_m(start, goal)
    found = route(COUNTY, start, goal)
    assert (found.by_road, found.line) == (False, (start, goal))
    assert found.metres == pytest.approx(distance_m(start, goal))


def test_an_island_is_reached_in_a_straight_line_and_never_by_the_roads_of_the_mainland() -> None:
    roads.lattice()
    start = (roads.ISLAND[0] + 0.005, roads.ISLAND[1] + 0.001)
    mainland, island = (120.155, 30.58), (roads.ISLAND[0] + 0.009, roads.ISLAND[1] + 0.008)
    assert [(way.goal, way.by_road) for way in nearest(COUNTY, start, [mainland])] == [(0, False)]
    assert [(way.goal, way.by_road) for way in nearest(COUNTY, start, [mainland, island])] == [(1, True)]


def test_farther_than_half_an_hour_on_foot_is_no_road() -> None:
    roads.save(roads.road(1, 2, (120.0, 30.6), (120.01, 30.6)))
    off = (120.005, 30.6 + 1.02 * sql.OFF_ROAD_M / 110_900)
    assert not nearest(COUNTY, off, [(120.001, 30.6)])[0].by_road
    assert nearest(COUNTY, (120.005, 30.61), [(120.001, 30.6)])[0].by_road


def test_a_closed_road_is_no_way() -> None:
    ways = [
        roads.road(1, 2, (120.0, 30.6), (120.01, 30.6), is_closed=True),
        roads.road(1, 3, (120.0, 30.6), (120.0, 30.62)),
        roads.road(3, 2, (120.0, 30.62), (120.01, 30.6)),
    ]
    roads.save(*ways)
    (way,) = nearest(COUNTY, (120.0, 30.6), [(120.01, 30.6)])
    assert way.metres == pytest.approx(ways[1].length_m + ways[2].length_m, abs=0.1)


def test_roads_of_another_county_are_none() -> None:
    places.county("990522")
    roads.save(roads.road(1, 2, (120.0, 30.6), (120.01, 30.6), county="990522"))
    assert not nearest(COUNTY, (120.0, 30.6), [(120.01, 30.6)])[0].by_road


@pytest.mark.parametrize("lat", [-60.0, 0.0, 30.5, 53.5])
def test_the_box_holds_the_circle(lat: float) -> None:
    west, south, east, north = box_around((120.0, lat), 30_000)
    edge = [roads.GEOD.fwd(120.0, lat, angle, 30_000)[:2] for angle in range(0, 360, 5)]
    assert all(west <= lon <= east and south <= at <= north for lon, at in edge)


def test_near_places_are_found_without_reading_the_whole_network() -> None:
    """The roads that are read are those of the neighbourhood, however many the county has."""
    roads.lattice()
    west, south, _east, _north = places.bbox(COUNTY)
    start, goals = (west + 0.03, south + 0.03), [(west + 0.035, south + 0.03), (west + 0.15, south + 0.15)]
    box = box_around(start, 2_000)
    few = _blocks(start, goals, box)
    with connection.cursor() as cursor:
        cursor.execute(_MORE)
    many = _blocks(start, goals, box)
    assert many <= few + 20  # the index has become higher
    assert many * 10 < _blocks(start, goals, None)
    with CaptureQueriesContext(connection) as queries:
        assert nearest(COUNTY, start, goals)[0].goal == 0
    assert len(queries) <= 2


_MORE = """
INSERT INTO places_road (county_id, name, name_en, road_class, is_bridge, is_closable, is_closed, source, target,
                         length_m, origin, geom)
SELECT county_id, '', '', road_class, false, false, false, source + 1000 * n, target + 1000 * n,
       length_m, '', ST_Translate(geom, 0.3 * n, 0)
FROM places_road, generate_series(1, 60) AS n
"""


def _blocks(start, goals, box) -> int:
    """Buffers that the search touches once its plan is made."""
    values = sql.costs_values(COUNTY, start, goals, box)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE places_road")
        for _ in range(2):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql._COSTS}", values)
            plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
