"""The masked point is a function of the point and of the category alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import cells
from kernel.geo import distance_m

points = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


@given(points, st.sampled_from([50, 100, 200, 250, 500, 1000]))
def test_the_centre_of_its_cell(lonlat, edge):
    shown = cells.public_point(lonlat, edge)
    assert distance_m(lonlat, shown) <= 0.72 * edge
    assert {cells.public_point(lonlat, edge) for _ in range(100)} == {shown}
    if abs(lonlat[0]) < 179:
        assert cells.public_point(shown, edge) == shown, "masked twice is masked once"


def test_neighbours_share_a_cell_and_lamps_stand_where_they_stand():
    home, next_door = (120.0834567, 30.5123456), (120.0834600, 30.5123400)
    assert cells.public_point(home, 200) == cells.public_point(next_door, 200)
    assert cells.public_point(home, 0) == (120.083457, 30.512346)


@pytest.mark.parametrize("radius", [100, 300, 500])
@given(
    at=st.tuples(st.floats(73, 135), st.floats(18, 53)),
    off=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
)
def test_everything_within_the_radius_is_searched(radius, at, off):
    other = at[0] + off[0] * 0.01, at[1] + off[1] * 0.008
    if distance_m(at, other) < radius * 0.99:
        assert cells.search_cell(other) in cells.search_cells(at, radius)
