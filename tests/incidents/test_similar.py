"""Similar reports: from what is public, found in one index, however many there are."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client

from incidents import sql
from incidents.models import Report
from incidents.selectors.similar import PER_CELL, RADIUS_M
from kernel import sealed
from kernel.cells import search_cell, search_cells
from tests.factories import incidents, places
from tests.waiting import until

HERE = places.lonlat("990521003007")


def ask(**query):
    answer = Client().get("/api/incidents/similar", {"lon": HERE[0], "lat": HERE[1], **query})
    assert answer.status_code == 200, answer.content
    return answer.json()["items"]


@pytest.mark.django_db
def test_near_open_public_ones_the_likeliest_first(village):
    lamp = incidents.report(title="村口路灯不亮")
    incidents.report(title="半夜噪音扰民")
    incidents.report(title="路灯不亮", is_public=False)
    incidents.report(title="路灯不亮", state="submitted")
    incidents.report(title="路灯不亮", state="closed")
    incidents.report("990521001001", title="远处路灯不亮")
    found = ask(text="我家门口路灯不亮了")
    assert [row["title"] for row in found] == ["村口路灯不亮", "半夜噪音扰民"]
    assert found[0]["number"] == lamp.number
    assert (found[0]["status"], found[0]["followers"]) == ("in_progress", 0)
    assert found[0]["lonlat"] == [lamp.public_geom.x, lamp.public_geom.y]
    assert found[0]["why"].endswith("说法相近")
    assert set(found[0]) >= {"number", "title", "status", "status_title", "submitted_on", "distance_m", "followers"}


@pytest.mark.django_db
def test_bad_questions(village):
    client = Client()
    assert client.get("/api/incidents/similar").json()["field"] == "lon"
    assert client.get("/api/incidents/similar?lon=x&lat=1").status_code == 400
    assert client.get("/api/incidents/similar?lon=120&lat=30&radius=9").json()["code"] == "unknown_parameter"


@pytest.mark.django_db
def test_me_too_counts_once_per_client(village):
    row = incidents.report()
    path = f"/api/incidents/{row.number}:follow"
    first = Client(HTTP_USER_AGENT="a").post(path, {}, content_type="application/json").json()
    again = Client(HTTP_USER_AGENT="a").post(path, {"email": "x@example.org"}, content_type="application/json").json()
    other = Client(HTTP_USER_AGENT="b").post(path, {}, content_type="application/json").json()
    assert [one["followers"] for one in (first, again, other)] == [1, 1, 2]
    assert [one["is_new"] for one in (first, again, other)] == [True, False, True]
    hidden = incidents.report(is_public=False)
    refused = Client().post(f"/api/incidents/{hidden.number}:follow", {}, content_type="application/json")
    assert refused.status_code == 404


@pytest.mark.django_db
def test_neighbours_behind_one_line_are_both_told_and_count_once(village):
    from incidents.models import Follower

    row = incidents.report()
    asked = ["a@example.org", "b@example.org", "a@example.org", ""]
    path = f"/api/incidents/{row.number}:follow"
    said = [Client().post(path, {"email": one}, content_type="application/json").json()["followers"] for one in asked]
    assert said == [1, 1, 1, 1]
    assert sorted(sealed.unseal(each.email) for each in Follower.objects.all()) == ["a@example.org", "b@example.org"]


@pytest.mark.django_db
def test_a_follower_stops_by_the_token_of_a_message(village, settings):
    from incidents.models import Follower
    from incidents.services.messages import tell
    from records.models import OutboxMessage
    from tests.factories import people

    settings.SITE_URL = "https://map.example.org"
    row = incidents.report()
    Client().post(f"/api/incidents/{row.number}:follow", {"email": "x@example.org"}, content_type="application/json")
    Follower.objects.update(is_told=True)
    tell(row, "answer", by=people.viewer(None))
    message = OutboxMessage.objects.latest("pk")
    assert "x@example.org" not in f"{message.recipient}{message.body}{message.data}"
    token = message.body.rpartition("/")[2]
    assert Client().post(f"/api/incidents/follow/{token}:stop?county=990522").status_code == 404
    assert Client().post(f"/api/incidents/follow/{token}:stop").status_code == 204
    assert bytes(Follower.objects.get().email) == b""
    assert Client().post(f"/api/incidents/follow/f1-{'0' * 40}:stop").status_code == 404


def is_vacuumed(cursor):
    """VACUUM, and whether every page is marked as visible to all: not while somebody (autovacuum) still looks."""
    cursor.execute("VACUUM (FREEZE, ANALYZE, INDEX_CLEANUP ON) incidents_report")
    cursor.execute("SELECT relallvisible = relpages FROM pg_class WHERE oid = 'incidents_report'::regclass")
    return cursor.fetchone()[0]


def plan(count):
    """What PostgreSQL does for the search among ``count`` open reports in the county of the tests."""
    places.village()
    one = incidents.report()
    west, south, east, north = places.bbox("990521")
    columns = [field.column for field in Report._meta.concrete_fields if field.column not in ("id", "number")]
    moved = {"public_geom": "p.at", "geom": "p.at", "public_cell": "p.cell"}
    picked = ", ".join(moved.get(column, f"r.{column}") for column in columns)
    drawn = [
        (west + (at * 7919 % count) / count * (east - west), south + at / count * (north - south))
        for at in range(count)
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE p (n int, lon float8, lat float8, cell bigint)")
        rows = [(n, lon, lat, search_cell((lon, lat))) for n, (lon, lat) in enumerate(drawn)]
        cursor.execute(
            "INSERT INTO p SELECT * FROM unnest(%s::int[], %s::float8[], %s::float8[], %s::bigint[])",
            list(map(list, zip(*rows, strict=True))),
        )
        cursor.execute(
            f"INSERT INTO incidents_report (number, {', '.join(columns)}) SELECT 'n' || p.n, {picked} "
            "FROM (SELECT *, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS at FROM p) p "
            "CROSS JOIN incidents_report r WHERE r.id = %s",
            [one.pk],
        )
        until(lambda: is_vacuumed(cursor), "no older snapshot is left that keeps pages from being marked as visible")
        cells = search_cells(HERE, RADIUS_M)
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql.SIMILAR}", [cells, "990521", PER_CELL])
        (found,) = cursor.fetchone()
        found = json.loads(found) if isinstance(found, str) else found
    return found[0]["Plan"], len(cells)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [5000, pytest.param(100_000, marks=pytest.mark.long)])
def test_only_the_index_is_read_and_little_of_it(count, record_property):
    """With the planner's own settings; the newest of each cell are all in the index, so the table is not looked at."""
    root, cells = plan(count)
    scans = [node for node in nodes(root) if "Scan" in node["Node Type"] and node.get("Relation Name")]
    assert {(node["Node Type"], node["Index Name"]) for node in scans} == {("Index Only Scan", "report_similar")}
    assert [node["Heap Fetches"] for node in scans] == [0]
    blocks = root["Shared Hit Blocks"] + root["Shared Read Blocks"]
    record_property("blocks", blocks)
    assert blocks <= cells * 6, blocks
    assert 0 < root["Actual Rows"] <= cells * PER_CELL
