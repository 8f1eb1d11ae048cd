"""Control lines: read round what is looked at, imported from map files, and what they do to the queue."""

from __future__ import annotations

import io
import json
from typing import Any

import geopandas
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.core.management import CommandError, call_command

from imagery.models import RedLine
from imagery.selectors.redlines import red_lines
from imagery.services import points_reorder
from imagery.states.priority import MOST
from places.models import BaseFeature
from tests.factories import imagery as make
from tests.factories import places

pytestmark = pytest.mark.django_db

BOX = (119.9, 30.5, 120.1, 30.7)


def line(kind: str, *box: float, county: str = places.COUNTY) -> RedLine:
    shape = MultiPolygon(Polygon.from_bbox(box), srid=4326)
    return RedLine.objects.create(county=places.county(county), kind=kind, geom=shape, code=kind)


def test_the_lines_of_a_box_are_cut_to_it():
    by = make.who()
    line("farmland", 119.0, 30.0, 120.0, 30.6)
    line("urban", 120.0, 30.6, 120.05, 30.65)
    line("ecology", 121.0, 30.0, 122.0, 31.0)
    line("ecology", *BOX, county="330521")
    found = red_lines(by, BOX)
    assert [one.properties.code for one in found.features] == ["farmland", "urban"], "the largest first"
    assert found.features[0].properties.kind_title == "永久基本农田"
    shape = GEOSGeometry(json.dumps(found.features[0].geometry))
    assert shape.extent == (119.9, 30.5, 120.0, 30.6)
    assert not found.is_cut


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_a_file_of_lines_is_imported_once_and_moves_what_waits(tmp_path, suffix):
    places.village(make.VILLAGE)
    lon, lat = places.lonlat(make.VILLAGE)
    point = make.point()
    path, gauss = tmp_path / f"耕地{suffix}", suffix == ".shp"
    here, far = (shapely.box(lon + east - 0.001, lat - 0.001, lon + east + 0.001, lat + 0.001) for east in (0, 20))
    rows = [("甲-1", here), ("甲-2", far), ("空", None)]
    frame = geopandas.GeoDataFrame({"编号": [row[0] for row in rows]}, geometry=[row[1] for row in rows], crs=4326)
    (frame.to_crs(4549) if gauss else frame).to_file(path, **({"encoding": "GBK"} if gauss else {}))
    for replaced, moved in ((0, 1), (1, 0)):
        out = io.StringIO()
        call_command("import_redlines", str(path), "--kind=farmland", f"--county={places.COUNTY}", stdout=out)
        said = out.getvalue()
        assert "3 rows read; 1 areas kept" in said, said
        assert f"{replaced} of an earlier" in said
        assert f"{moved} waiting points" in said
        assert "1 areas outside" in said
        assert "1 rows without" in said
    assert RedLine.objects.get().code == "甲-1"
    moved_to, version = point.priority, point.version
    point.refresh_from_db()
    assert point.redline_m2 == pytest.approx(425, rel=0.01)
    assert (point.why[0]["code"], point.version) == ("redline", version)
    assert point.priority > moved_to


def test_inside_the_bounds_of_a_town_building_is_foreseen():
    places.village(make.VILLAGE)
    lon, lat = places.lonlat(make.VILLAGE)
    point = make.point(redline_m2=5)
    line("urban", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)
    assert points_reorder(by=make.who()) == 1
    point.refresh_from_db()
    assert (point.redline_m2, point.priority) == (0, pytest.approx(0.8 / MOST, abs=0.001))
    assert [one["code"] for one in point.why] == ["no_project", "urban", "strength", "unmatched"]


def below(*of: tuple[str, float, float]) -> dict[str, dict[str, Any]]:
    """Why a point stands where it does, by code, with areas below it: kind, from and to which share of its width."""
    places.village(make.VILLAGE)
    point = make.point()
    west, south, east, north = point.geom.extent
    for kind, begin, end in of:
        box = (west + begin * (east - west), south - 0.001, west + end * (east - west), north + 0.001)
        if kind == "water":
            shape = Polygon.from_bbox(box)
            shape.srid = 4326
            BaseFeature.objects.create(county=places.county(), layer="water", geom=shape)
        else:
            line(kind, *box)
    points_reorder(by=make.who())
    point.refresh_from_db()
    return {one["code"]: one for one in point.why}


def test_ground_in_two_editions_of_a_plan_is_counted_once():
    twice = below(*2 * [("urban", -1, 2)], *2 * [("water", -1, 0.8)], ("farmland", 0, 0.5), ("ecology", -1, 0.4))
    assert twice["urban"]["percent"] == 100
    assert twice["water"]["percent"] == 80
    assert twice["redline"]["kind"] == "farmland", "the largest part"
    assert twice["redline"]["m2"] == pytest.approx(425 / 2, rel=0.01)


@pytest.mark.parametrize("kind", ["urban", "water"])
def test_two_covers_of_a_quarter_are_no_half(kind):
    assert kind not in below((kind, 0, 0.3), (kind, 0, 0.28))


def test_parts_beside_each_other_add_up():
    beside = below(("urban", 0, 0.3), ("urban", 0.5, 0.9), ("farmland", 0, 0.5), ("ecology", 0.6, 0.7))
    assert beside["urban"]["percent"] == 70
    assert beside["redline"]["m2"] == pytest.approx(425 * 0.6, rel=0.01)


def test_what_is_no_map_is_refused_in_a_sentence(tmp_path):
    places.county()
    path = tmp_path / "x.gpkg"
    geopandas.GeoDataFrame(geometry=[shapely.Point(1, 1)], crs=4326).to_file(path)
    with pytest.raises(CommandError, match="no layer with areas"):
        call_command("import_redlines", str(path), "--kind=urban", f"--county={places.COUNTY}")
