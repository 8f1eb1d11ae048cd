"""Boxes, distances and the offset systems of Chinese web maps."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import geo
from kernel.errors import Invalid

# Inside the offset area by more than the largest offset (below 0.02°), so that the way there and back stays inside
INSIDE = st.tuples(st.floats(72.1, 137.7), st.floats(0.9, 55.7))
COUNTY = st.tuples(st.floats(119.76, 120.34), st.floats(30.43, 30.70))


# Published by coordtransform (README) and eviltransform (tests)
@pytest.mark.parametrize(
    "convert, given_at, expected, tolerance_m",
    [
        (geo.wgs84_to_gcj02, (116.404, 39.915), (116.41024449916938, 39.91640428150164), 0.01),
        (geo.wgs84_to_gcj02, (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597), 0.01),
        (geo.wgs84_to_gcj02, (113.912316, 22.543847), (113.9171764808363, 22.540796131694766), 0.01),
        (geo.wgs84_to_gcj02, (116.377817, 39.911954), (116.38404722455657, 39.91334545536069), 0.01),
        (geo.gcj02_to_bd09, (116.404, 39.915), (116.41036949371029, 39.92133699351021), 0.01),
        (geo.bd09_to_gcj02, (116.404, 39.915), (116.39762729119315, 39.90865673957631), 1.0),
        # the published inverse subtracts the offset once and is itself metres off
        (geo.gcj02_to_wgs84, (116.404, 39.915), (116.39775550083061, 39.91359571849836), 3.0),
    ],
)
def test_known_points(convert, given_at, expected, tolerance_m):
    assert geo.distance_m(convert(given_at), expected) < tolerance_m


@pytest.mark.parametrize("point", [(139.7, 35.7), (0.0, 0.0), (-74.0, 40.7), (120.0, 60.0), (180.0, -90.0)])
@pytest.mark.parametrize(
    "convert", [geo.wgs84_to_gcj02, geo.gcj02_to_wgs84, geo.wgs84_to_bd09, geo.bd09_to_wgs84], ids=lambda f: f.__name__
)
def test_no_offset_outside_china(convert, point):
    assert convert(point) == point


def check_round_trips(point):
    for there, back in ((geo.wgs84_to_gcj02, geo.gcj02_to_wgs84), (geo.wgs84_to_bd09, geo.bd09_to_wgs84)):
        assert geo.distance_m(back(there(point)), point) < 0.01, (there.__name__, point)
    assert geo.distance_m(geo.bd09_to_gcj02(geo.gcj02_to_bd09(point)), point) < 0.01


@given(INSIDE)
@settings(max_examples=200)
def test_round_trips_over_china(point):
    check_round_trips(point)


@given(COUNTY)
@settings(max_examples=100)
def test_round_trips_in_the_county(point):
    check_round_trips(point)


@pytest.mark.long
@given(INSIDE)
@settings(max_examples=10_000)
def test_round_trips_over_china_at_length(point):
    check_round_trips(point)


@given(COUNTY)
def test_offset_is_hundreds_of_metres(point):
    assert 300 < geo.distance_m(point, geo.wgs84_to_gcj02(point)) < 900
    assert 500 < geo.distance_m(point, geo.wgs84_to_bd09(point)) < 2000


@pytest.mark.parametrize("crs", list(geo.FROM))
def test_to_wgs84(crs):
    lon, lat = geo.to_wgs84((120.05, 30.55), crs)
    assert (crs.startswith("EPSG")) is ((lon, lat) == (120.05, 30.55))
    assert round(lon, 7) == lon


def test_unknown_system_is_refused():
    with pytest.raises(Invalid) as caught:
        geo.to_wgs84((120.0, 30.0), "Beijing 54")
    assert caught.value.field == "crs"
    assert "BD-09" in str(caught.value)


def test_bbox():
    assert geo.parse_bbox("119.9,30.5,120.1,30.6") == (119.9, 30.5, 120.1, 30.6)
    assert geo.parse_bbox("-180,-90,180,90") == (-180, -90, 180, 90)
    assert geo.parse_bbox("120,30,120,30") == (120, 30, 120, 30)


@pytest.mark.parametrize(
    "text, code",
    [
        ("", "invalid"),
        ("1,2,3", "invalid"),
        ("1,2,3,4,5", "invalid"),
        ("a,2,3,4", "invalid"),
        ("nan,2,3,4", "invalid"),
        ("1,2,inf,4", "invalid"),
        ("1e999,2,3,4", "invalid"),
        ("121,30,120,31", "bbox_out_of_range"),
        ("120,31,121,30", "bbox_out_of_range"),
        ("-181,0,0,1", "bbox_out_of_range"),
        ("0,0,0,90.1", "bbox_out_of_range"),
    ],
)
def test_bad_boxes(text, code):
    with pytest.raises(Invalid) as caught:
        geo.parse_bbox(text)
    assert (caught.value.code, caught.value.field) == (code, "bbox")
    assert ("180°" in caught.value.hint) is (text == "121,30,120,31")


def test_distance():
    assert geo.distance_m((120, 30), (120, 30)) == 0
    assert geo.distance_m((120, 30), (120, 31)) == pytest.approx(111_195, rel=1e-4)
    assert geo.distance_m((0, 0), (180, 0)) == pytest.approx(math.pi * geo.EARTH_RADIUS_M)
