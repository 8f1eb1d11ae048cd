"""``manage.py import_roads``: a file of lines becomes a network of a county."""

import io

import geopandas
import pytest
import shapely
from django.core.management import CommandError, call_command

from places.ingest.noding import join_crossings, node
from places.models import Road
from tests.factories import places

VILLAGE = "990521001001"
LON, LAT = places.lonlat(VILLAGE)


def lonlat(x: float, y: float) -> tuple[float, float]:
    """A point x, y hundredths of a degree from the village's middle."""
    return round(LON + x / 1000, 7), round(LAT + y / 1000, 7)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([lonlat(*p) for p in points])


@pytest.fixture
def roads(tmp_path):
    """A T of two roads, a third that crosses one without a vertex, a path, a line far away, and an empty row."""
    places.village(VILLAGE)
    rows = [
        ("中路", "primary", line((-2, 0), (0, 0), (2, 0))),
        ("北巷", "residential", line((0, 0), (0, 2))),
        ("横街", "tertiary", line((1, -1), (1, 1))),
        ("田埂", "footway", line((0, 2), (1, 2))),
        ("外地路", "primary", shapely.LineString([(10, 10), (10.1, 10.1)])),
        ("空", "primary", None),
    ]
    frame = geopandas.GeoDataFrame(
        {"名称": [r[0] for r in rows], "highway": [r[1] for r in rows]}, geometry=[r[2] for r in rows], crs=4326
    )
    path = tmp_path / "roads.gpkg"
    frame.to_file(path)
    return path


def run(path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("import_roads", str(path), "--county", "990521", *arguments, stdout=out)
    return out.getvalue()


def edges() -> set[tuple[str, str]]:
    return set(Road.objects.values_list("name", "road_class"))


@pytest.mark.django_db
def test_lines_are_split_where_they_meet(roads):
    said = run(roads)
    assert "4 edges" in said
    assert "2 connected components" in said
    assert "1 paths" in said
    assert "1 outside the county" in said
    assert "1 rows without a line" in said
    assert edges() == {("中路", "main"), ("北巷", "minor"), ("横街", "secondary")}
    meeting = Road.objects.get(name="北巷").source
    assert Road.objects.filter(name="中路", source=meeting).exists()
    assert Road.objects.filter(name="中路", target=meeting).exists()
    assert Road.objects.get(name="北巷").length_m == pytest.approx(221.7, abs=1)


@pytest.mark.parametrize(
    "options, count, components",
    [
        ([], 4, 2),
        (["--join-crossings"], 6, 1),
        (["--with-paths"], 5, 2),
        (["--with-paths", "--join-crossings", "--anywhere"], 8, 2),
    ],
)
@pytest.mark.django_db
def test_options(roads, options, count, components):
    assert f"{components} connected components" in run(roads, *options)
    assert Road.objects.count() == count


@pytest.mark.django_db
def test_the_same_file_again_replaces_itself_and_other_roads_stay(roads, tmp_path):
    other = tmp_path / "other.geojson"
    geopandas.GeoDataFrame({"name": ["别的路"]}, geometry=[line((-1, -1), (-1, 1))], crs=4326).to_file(other)
    run(other)
    run(roads)
    assert "4 edges of an earlier import" in run(roads)
    assert Road.objects.count() == 5
    vertices = Road.objects.filter(name="别的路").values_list("source", "target").get()
    mine = Road.objects.exclude(name="别的路")
    assert not mine.filter(source__in=vertices).exists()
    assert not mine.filter(target__in=vertices).exists()


@pytest.mark.django_db
def test_a_projected_file_lands_in_place(roads, tmp_path):
    path = tmp_path / "projected.shp"
    frame = geopandas.read_file(roads).iloc[:2].to_crs(4549)
    frame.to_file(path, encoding="GBK")
    run(path)
    extent = Road.objects.get(name="北巷").geom.extent
    assert extent == pytest.approx((*lonlat(0, 0), *lonlat(0, 2)), abs=1e-6)


@pytest.mark.django_db
def test_a_file_without_coordinate_system(roads, tmp_path):
    path = tmp_path / "naked.shp"
    projected = geopandas.read_file(roads).iloc[:2].to_crs(4549)
    naked = geopandas.GeoDataFrame(projected.drop(columns="geometry"), geometry=list(projected.geometry))
    with pytest.warns(UserWarning, match="crs"):
        naked.to_file(path)
    with pytest.raises(CommandError, match="--crs EPSG:4549"):
        run(path)
    run(path, "--crs", "EPSG:4549")
    assert Road.objects.count() == 3
    with pytest.raises(CommandError, match=r"outside the globe"):
        run(path, "--crs", "EPSG:4326", "--anywhere")


@pytest.mark.django_db
def test_refused_and_nothing_changed(roads, tmp_path):
    run(roads)
    text = tmp_path / "roads.gpkg.txt"
    text.write_text("not a map")
    points = tmp_path / "points.geojson"
    geopandas.GeoDataFrame(geometry=[shapely.Point(LON, LAT)], crs=4326).to_file(points)
    for path, words in ((text, "cannot be read"), (points, "no layer with lines"), (tmp_path / "none.shp", "no file")):
        with pytest.raises(CommandError, match=words):
            run(path)
    far = tmp_path / "far" / "roads.gpkg"
    far.parent.mkdir()
    geopandas.read_file(roads).iloc[4:5].to_file(far)
    with pytest.raises(CommandError, match="no road for 990521"):
        run(far)
    assert Road.objects.count() == 4, "a file without any road here does not erase the roads that are there"
    with pytest.raises(CommandError, match="no county 123456"):
        call_command("import_roads", str(roads), "--county", "123456")


def test_noding_a_ring_and_a_repeated_point():
    ring = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
    stick = [(1.0, 0.0), (1.0, 0.0), (2.0, 0.0)]
    network = node([ring, stick, [(5.0, 5.0), (5.0, 5.0)]])
    assert len(network.pieces) == 3
    assert (network.vertices, network.components) == (3, 1)
    assert all(len(set(piece.points)) >= 2 for piece in network.pieces)


def test_bridges_are_not_joined():
    cross = [[(0.0, 0.0), (2.0, 0.0)], [(1.0, -1.0), (1.0, 1.0)]]
    assert node(join_crossings(cross, [True, True])).components == 1
    assert node(join_crossings(cross, [True, False])).components == 2
