"""Points as files: what the viewer sees and no more, in every format, and in GDAL again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import geopandas
import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from imagery.api.pace import ExportPace
from imagery.models import ChangePoint
from imagery.selectors import exports
from imagery.services.published import published_put
from kernel import clock
from kernel.cells import public_point
from kernel.viewer import Role, Viewer
from records.models import AuditEvent
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.test_api import client_of

pytestmark = pytest.mark.django_db

OTHER = "990521004001"


@pytest.fixture
def by() -> Viewer:
    """Who answers for one township; five points of it, whatever their state, one of another."""
    for at, state in enumerate(("queued", "second_review", "confirmed", "rejected", "disputed")):
        make.point(state=state, lonlat=at_of(at), kind="water" if at else "road")
    make.point(OTHER)
    published_put(ChangePoint.objects.get(state="confirmed"))
    return make.who("official", "990521003")


def at_of(step: int) -> tuple[float, float]:
    lon, lat = places.lonlat(make.VILLAGE)
    return lon + step / 1000, lat


def taken(client: Client, tmp_path: Path, path: str) -> Path:
    answer = client.get(f"/api/imagery/{path}")
    assert answer.status_code == 200, answer.content
    file = tmp_path / answer.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
    file.write_bytes(answer.getvalue())
    return file


@pytest.mark.parametrize(
    "form, epsg", [("format=gpkg", 4326), ("format=shp&encoding=GBK&crs=auto", 4549), ("format=shp&crs=4490", 4490)]
)
def test_a_file_opens_in_gdal_with_what_the_viewer_sees(by, tmp_path, monkeypatch, form, epsg):
    monkeypatch.setattr(exports, "AT_ONCE", 2)  # three portions
    found = geopandas.read_file(taken(client_of(by), tmp_path, f"points/export?{form}"))
    seen = {str(one): one for one in ChangePoint.objects.visible_to(by)}
    assert len(found) == len(seen) == 5
    assert set(found["number"]) == set(seen)
    assert set(found["state"]) == {"待核查", "待复核", "有变化", "没变化", "待裁定"}
    assert found.crs.to_epsg() == epsg
    first = found.to_crs(4326).iloc[0]
    assert first.geometry.bounds == pytest.approx(seen[first["number"]].geom.extent, abs=1e-6)
    assert all(len(name) <= 10 for name in found.columns)
    assert AuditEvent.objects.get(action="points.export").changes["rows"] == [None, 5]


@pytest.mark.parametrize("form", ["gpkg", "shp", "csv"])
def test_an_outline_without_a_place_is_a_row_without_one(by, tmp_path, form):
    ChangePoint.objects.filter(state__in=("queued", "rejected")).update(geom=GEOSGeometry("SRID=4326;POLYGON EMPTY"))
    file = taken(client_of(by), tmp_path, f"points/export?format={form}")
    if form != "csv":
        found = geopandas.read_file(file).geometry
        assert (len(found), (found.isna() | found.is_empty).sum()) == (5, 2)
        return
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert sorted(row["经度"] != "" for row in rows) == [False, False, True, True, True]


def test_filters_are_those_of_the_queue_and_of_any_state(by, tmp_path):
    def lines(query: str) -> int:
        file = taken(client_of(by), tmp_path, f"points/export?format=csv&{query}")
        return len(list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))))

    assert [lines(query) for query in ("kind=!water", "state=confirmed,rejected", "place=990521004")] == [1, 2, 0]
    assert client_of(by).get("/api/imagery/points/export?state=nowhere").status_code == 400


def test_a_sheet_has_words_for_people(by, tmp_path):
    why = [{"code": "project", "weight": "down", "name": "新农村示范点"}]
    ChangePoint.objects.filter(state="confirmed").update(why=why, project="projects:19")
    for language, yes, no in (("zh-hans", "是", "否"), ("en", "Yes", "No")):
        file = taken(client_of(by), tmp_path, f"points/export?format=csv&lang={language}")
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))[1:]
        assert [row for row in rows if "新农村示范点" in row]
        assert not [row for row in rows if "projects:19" in row]
        assert sorted((yes in row, no in row) for row in rows) == 4 * [(False, True)] + [(True, False)]


def test_reasons_are_joined_as_their_language_does(by, tmp_path):
    why = [{"code": "no_project", "weight": "up"}, {"code": "water", "weight": "down", "percent": 60}]
    ChangePoint.objects.filter(state="confirmed").update(why=why)
    for language, column, joint in (("zh-hans", "依据", "；"), ("en", "Basis", "; ")):
        query = f"points/export?format=csv&state=confirmed&lang={language}"
        file = taken(client_of(by), tmp_path, query)
        (row,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
        assert row[column].count(joint) == 1, row


def test_the_queue_as_a_file_is_what_waits_for_the_viewer(by, tmp_path):
    queued = ChangePoint.objects.get(state="queued", kind="road")
    second = ChangePoint.objects.get(state="second_review")
    aside = make.point(flag="deferred", flag_until=clock.today())
    ChangePoint.objects.filter(pk=second.pk).update(first_by=by.user_id)  # nobody looks twice
    client = client_of(by)

    def numbers(query: str) -> set[str]:
        listed = client.get(f"/api/imagery/queue/?{query}").json()["items"]
        file = taken(client, tmp_path, f"queue/export?format=csv&{query}")
        found = {row["编号"] for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))}
        assert found == {one["number"] for one in listed}
        return found

    assert numbers("") == {str(queued)}
    assert numbers("flag=deferred") == {str(aside)}
    assert numbers("kind=!road") == set()
    assert client.get("/api/imagery/queue/export?state=rejected").status_code == 400, "that is no queue"


def test_everybody_gets_what_is_published_at_its_cell(by, tmp_path, monkeypatch):
    found = geopandas.read_file(taken(Client(), tmp_path, "published/export?format=shp&encoding=GBK"))
    point = ChangePoint.objects.get(state="confirmed")
    assert list(found["name"]) == [str(point)]
    cell = public_point((point.center.x, point.center.y), 200)
    assert (found.geometry[0].x, found.geometry[0].y) == pytest.approx(cell)
    monkeypatch.setattr(ExportPace, "rate", "1/hour")
    assert Client().get("/api/imagery/published/export").status_code == 429


def test_an_office_behind_one_address_is_counted_by_person_and_what_is_refused_not_at_all(by, monkeypatch):
    monkeypatch.setattr(ExportPace, "rate", "2/hour")
    staff, citizen = "/api/imagery/points/export?format=csv", client_of(make.who(Role.CITIZEN))
    assert [citizen.get(staff).status_code for _ in range(3)] == [403] * 3
    assert [Client().get(staff).status_code for _ in range(3)] == [401] * 3
    client, colleague = client_of(by), client_of(make.who())
    wrong = ("format=xls", "crs=1", "state=nowhere", "colour=red", "encoding=EBCDIC")
    assert [client.get(f"/api/imagery/points/export?{query}").status_code for query in wrong] == [400] * 5
    everybody = "/api/imagery/published/export?format=csv"
    assert [Client().get(f"{everybody}&{query}").status_code for query in ("crs=1", "colour=red")] == [400] * 2
    for one, path in ((Client(), everybody), (client, staff), (colleague, staff)):
        assert [one.get(path).status_code for _ in range(3)] == [200, 200, 429], path


def test_the_command_writes_the_same_and_says_so(by, tmp_path):
    user, said, path = User.objects.get(pk=by.user_id).username, io.StringIO(), tmp_path / "图斑.gpkg"
    call_command("export_points", f"--as={user}", f"--out={path}", "--filter=kind=water", stdout=said)
    assert "4 points" in said.getvalue()
    assert len(geopandas.read_file(path)) == 4
    with pytest.raises(CommandError, match="没有参数"):
        call_command("export_points", f"--as={user}", f"--out={path}", "--filter=colour=red")
