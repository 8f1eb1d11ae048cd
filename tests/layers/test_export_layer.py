"""``manage.py export_layer``: what is in the file is what the layer's features are."""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pyproj
import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.core.management import CommandError, call_command
from django.test import Client

from facilities.models import Facility
from kernel.errors import Invalid
from kernel.layerspec import Field, LayerSpec, layers
from kernel.viewer import Role
from layers.reports.crs import zone_epsg
from places.models import BaseFeature, Place
from records.models import AuditEvent
from tests.factories import facilities, people, places, projects

pytestmark = pytest.mark.django_db
HERE, NEXT = "990521003007", "990521004001"


@pytest.fixture
def rows() -> None:
    """Two villages of two townships with facilities and projects, one of each not public."""
    for code in (HERE, NEXT):
        village = places.village(code, f"{code[-3:]}村", households=412)
        facilities.facility(village, name="卫生室", services=["门诊", "体检"])
        facilities.facility(village, name="仓库", is_published=False, manager="张某", manager_mobile="139-0000 0000")
        projects.project(village, name=f"{code[-3:]}村 <b>供水</b>", budget=1200000, planned_start="2026-03-01")


def export(tmp_path: Path, layer: str, *more: str) -> tuple[geopandas.GeoDataFrame, Path]:
    out = tmp_path / f"{layer}.gpkg"
    call_command("export_layer", layer, "--out", str(out), *more, stdout=io.StringIO())
    return geopandas.read_file(out, layer=layer), out


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def features(layer: str, **query: str) -> list[dict[str, Any]]:
    return Client().get(f"/api/layers/{layer}/features", {"limit": "10000", **query}).json()["features"]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("crs", ["4326", "4490", "auto"])
@pytest.mark.parametrize("layer", ["villages", "townships", "facilities", "projects"])
def test_the_file_has_the_features_and_their_places(tmp_path: Path, layer: str, crs: str) -> None:
    frame, _out = export(tmp_path, layer, "--crs", crs)
    expected = features(layer)
    assert frame.crs.to_epsg() == {"auto": 4549}.get(crs, int(crs) if crs.isdigit() else 0)
    assert list(frame["id"]) == [str(one["id"]) for one in expected]
    assert set(frame.columns) == {"id", "geometry", *expected[0]["properties"]}
    back = frame.set_crs(4490, allow_override=True) if crs == "4326" else frame.to_crs(4490)
    for shape, one in zip(back.geometry, expected, strict=True):
        theirs = GEOSGeometry(json.dumps(one["geometry"]))
        ours = GEOSGeometry(shape.wkt)
        assert ours.equals_exact(theirs, 1e-6), (ours.wkt, theirs.wkt)


@pytest.mark.usefixtures("rows")
def test_values_keep_their_types(tmp_path: Path) -> None:
    frame, out = export(tmp_path, "projects")
    info = pyogrio.read_info(out)
    kinds = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert (kinds["planned_start"], kinds["budget"], kinds["photo_count"]) == ("OFTDate", "OFTReal", "OFTInteger64")
    assert kinds["updated_at"] == "OFTDateTime"
    first = frame.iloc[0]
    assert first["name"] == "007村 <b>供水</b>"
    assert str(first["planned_start"])[:10] == "2026-03-01"
    assert first["budget"] == 1_200_000
    assert first["actual"] != first["actual"], "nothing was reported: missing, not zero"  # NaN
    shown, _out = export(tmp_path, "facilities")
    assert json.loads(shown.iloc[0]["services"]) == ["门诊", "体检"]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("lang, title, budget", [("zh", "名称", "投资（元）"), ("en", "Name", "Budget（CNY）")])
def test_columns_carry_the_titles_that_people_read(tmp_path: Path, lang: str, title: str, budget: str) -> None:
    _frame, out = export(tmp_path, "projects", "--lang", lang)
    with sqlite3.connect(out) as base:
        said = dict(base.execute("SELECT column_name, title FROM gpkg_data_columns").fetchall())
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert said["name"] == title
    assert said["budget"][:2] == budget[:2]
    assert json.loads(pyogrio.read_info(out)["layer_metadata"]["titles"]) == said


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "layer, where, names",
    [
        ("facilities", ("--village", HERE), ["卫生室"]),
        ("projects", ("--township", NEXT[:9]), ["001村 <b>供水</b>"]),
        ("villages", ("--township", HERE[:9]), ["007村"]),
        ("townships", ("--village", HERE), []),
    ],
)
def test_rows_of_a_place(tmp_path: Path, layer: str, where: tuple[str, str], names: list[str]) -> None:
    frame, out = export(tmp_path, layer, *where)
    assert list(frame["name"]) == names
    if not names:
        assert pyogrio.read_info(out)["geometry_type"] == "MultiPolygon"


@pytest.mark.usefixtures("rows")
def test_rights_by_rows_and_by_fields(tmp_path: Path) -> None:
    public, _out = export(tmp_path, "facilities")
    assert list(public["name"]) == ["卫生室", "卫生室"]
    assert not {"manager", "manager_mobile", "is_published"} & set(public.columns)
    assert not AuditEvent.objects.filter(action="layer.export").exists(), "what everybody may have is not noted"
    agent = people.user(Role.VILLAGE_AGENT, jurisdiction=(HERE,))
    own, _out = export(tmp_path, "facilities", "--as", agent.username)
    assert sorted(own["name"]) == ["仓库", "卫生室", "卫生室"]
    seen = own[own["manager"].notna()]
    assert list(seen["village"]) == [HERE, HERE], "private fields on rows of the own village only"
    noted = AuditEvent.objects.get(action="layer.export")
    assert (noted.actor_id, noted.object_id, noted.changes["rows"]) == (agent.pk, "facilities", [None, 3])


def test_areas_in_the_zone_are_those_on_the_ellipsoid(tmp_path: Path) -> None:
    places.village(HERE)
    frame, _out = export(tmp_path, "villages", "--crs", "auto")
    (place,) = Place.objects.raw(
        "SELECT code, ST_Area(geom::geography) AS m2 FROM places_place WHERE code = %s", [HERE]
    )
    assert frame.geometry.area.iloc[0] == pytest.approx(place.m2, rel=1e-3)


@pytest.mark.parametrize(
    "lon, epsg", [(75, 4534), (118.51, 4549), (120, 4549), (121.49, 4549), (121.51, 4550), (135, 4554), (102.7, 4543)]
)
def test_the_zone_of_a_longitude(lon: float, epsg: int) -> None:
    """Source of the pairs: the names of the EPSG dataset, "CM 120E" is 4549."""
    assert zone_epsg(lon) == epsg
    words = re.fullmatch(r"CGCS2000 / 3-degree Gauss-Kruger CM (\d+)E", pyproj.CRS(epsg).name)
    assert words
    assert abs(int(words[1]) - lon) <= 1.5


@pytest.mark.parametrize("lon", [-120, 0, 72, 138])
def test_no_zone_outside_the_country(lon: float) -> None:
    with pytest.raises(Invalid):
        zone_epsg(lon)


@pytest.fixture
def ground() -> Any:
    """A layer whose rows are of every kind of geometry."""
    spec = LayerSpec(
        key="ground",
        title="底图",
        geometry="polygon",
        rows=lambda viewer: BaseFeature.objects.filter(county_id=viewer.county),
        fields=(Field("kind", "种类"), Field("fid", "号", source="rank", type="integer")),
        source="places.BaseFeature",
        title_field="kind",
    )
    layers.add(spec)
    places.county()
    yield lambda kind, geom: BaseFeature.objects.create(county_id=places.COUNTY, layer="water", kind=kind, geom=geom)
    layers.remove("ground")


@pytest.mark.parametrize("crs", ["4326", "auto"])
def test_geometries_of_several_kinds(tmp_path: Path, ground: Any, crs: str) -> None:
    square = Polygon.from_bbox((120, 30.5, 120.01, 30.51))
    ground("one", square)
    ground("two", MultiPolygon(square, Polygon.from_bbox((120.02, 30.5, 120.03, 30.51))))
    frame, out = export(tmp_path, "ground", "--crs", crs)
    assert list(frame.geom_type) == ["MultiPolygon"] * 2
    assert pyogrio.read_info(out)["geometry_type"] == "MultiPolygon"
    ground("point", Point(120.005, 30.505))
    frame, out = export(tmp_path, "ground", "--crs", crs)
    assert list(frame.geom_type) == ["Polygon", "MultiPolygon", "Point"]
    assert list(frame["fid_"]) == [5, 5, 5], "a field may be called like a column of the format"


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "args, said",
    [
        (("nothing",), "没有这个图层"),
        (("facilities", "--village", "990521003099"), "990521003099"),
        (("facilities", "--township", HERE), "not township"),
        (("facilities", "--crs", "3857"), "3857"),
        (("facilities", "--as", "nobody"), "nobody"),
        (("facilities", "--county", "110101"), "110101"),
        (("facilities", "--village", "x"), "x"),
    ],
)
def test_what_cannot_be_is_said_and_leaves_nothing(tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        export(tmp_path, *args)
    assert names_in(tmp_path) == []


@pytest.mark.usefixtures("rows")
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _frame, out = export(tmp_path, "facilities")
    before = out.read_bytes()
    monkeypatch.setattr(pyogrio.raw, "write", lambda path, *_a, **_k: Path(path).write_bytes(b"half") and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(tmp_path, "facilities")
    assert out.read_bytes() == before
    assert names_in(tmp_path) == [out.name]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("most", [20_000, 90_000])
def test_a_disk_that_takes_no_more_is_said_and_leaves_the_old_file(tmp_path: Path, most: int) -> None:
    _frame, out = export(tmp_path, "facilities")
    before = out.read_bytes()
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, usual[1]))
    try:
        with pytest.raises(CommandError, match=r"facilities\.gpkg"):
            export(tmp_path, "facilities")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert out.read_bytes() == before
    assert names_in(tmp_path) == [out.name]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_shapefile_opens_in_gdal_with_all_rows_and_chinese_text(tmp_path: Path, encoding: str) -> None:
    out = tmp_path / "facilities.zip"
    call_command(
        "export_layer", "facilities", f"--out={out}", f"--encoding={encoding}", "--crs=auto", stdout=io.StringIO()
    )
    shown = features("facilities")
    found = geopandas.read_file(out)
    assert (len(found), found.crs.to_epsg()) == (len(shown), 4549)
    assert set(found["name"]) == {one["properties"]["name"] for one in shown} == {"卫生室"}
    assert all(len(name) <= 10 for name in found.columns)
    with zipfile.ZipFile(out) as archive:
        assert archive.read("facilities.cpg").decode() == encoding
        assert "卫生室".encode(encoding) in archive.read("facilities.dbf")
        assert "名称" in archive.read("columns.txt").decode()
    assert names_in(tmp_path) == [out.name]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("encoding, is_whole", [("GBK", False), ("UTF-8", True)])
def test_a_shapefile_says_what_its_encoding_does_not_have(tmp_path: Path, encoding: str, is_whole: bool) -> None:
    Facility.objects.update(name="𠮷村卫生室")
    out = tmp_path / "facilities.zip"
    call_command("export_layer", "facilities", f"--out={out}", f"--encoding={encoding}", stdout=io.StringIO())
    assert set(geopandas.read_file(out)["name"]) == {"𠮷村卫生室" if is_whole else "?村卫生室"}
    with zipfile.ZipFile(out) as archive:
        told = archive.read("columns.txt").decode()
    assert ("处文字有 GBK 里没有的字" in told) is not is_whole


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("encoding, held, told", [("GBK", 125, "services 1"), ("UTF-8", 83, "address 2、services 1")])
def test_a_shapefile_says_which_texts_are_too_long_for_it(tmp_path: Path, encoding: str, held: int, told: str) -> None:
    Facility.objects.update(address="远" * 120)
    one = Facility.objects.filter(is_published=True).earliest("pk")
    Facility.objects.filter(pk=one.pk).update(services=["x" + "长" * 130])
    out, whole = tmp_path / "facilities.zip", tmp_path / "facilities.csv"
    call_command("export_layer", "facilities", f"--out={out}", f"--encoding={encoding}", stdout=io.StringIO())
    call_command("export_layer", "facilities", f"--out={whole}", stdout=io.StringIO())
    assert max(geopandas.read_file(out)["services"], key=len) == '["x' + "长" * held, "cut between characters"
    n = sum(map(int, re.findall(r"\d+", told)))
    with zipfile.ZipFile(out) as archive:
        said = archive.read("columns.txt").decode()
    assert f"{n} 处文字超过 254 字节，后面的没有写进去（{told}）；GeoPackage 和 CSV 里是全的。" in said
    assert "里没有的字" not in said
    assert "长" * 130 in whole.read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("rows")
def test_a_table_for_spreadsheets_has_all_rows_and_their_places(tmp_path: Path) -> None:
    out = tmp_path / "facilities.csv"
    call_command("export_layer", "facilities", f"--out={out}", stdout=io.StringIO())
    with out.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    shown = {str(one["id"]): one for one in features("facilities")}
    assert {line["id"] for line in lines} == set(shown)
    assert all(
        [float(line["经度"]), float(line["纬度"])] == shown[line["id"]]["geometry"]["coordinates"] for line in lines
    )


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "out, said", [("missing/x.gpkg", "missing"), ("folder.gpkg", "folder.gpkg"), ("x.kml", "gpkg")]
)
def test_where_nothing_can_be_written(tmp_path: Path, out: str, said: str) -> None:
    (tmp_path / "folder.gpkg").mkdir()
    with pytest.raises(CommandError, match=said):
        call_command("export_layer", "facilities", "--out", str(tmp_path / out))
    assert names_in(tmp_path) == ["folder.gpkg"]
