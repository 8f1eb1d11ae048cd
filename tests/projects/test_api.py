"""Addresses: shapes, the one error shape, and the journey from an empty village to its panel."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.viewer import Role
from projects.models import Project
from tests.factories import media, places
from tests.factories import projects as make
from tests.projects.conftest import VILLAGE, client_of

pytestmark = pytest.mark.django_db

LON, LAT = places.lonlat(VILLAGE)


def send(client: Client, method: str, path: str, body: Any = None, **more: Any) -> Any:
    return getattr(client, method)(path, json.dumps(body), content_type="application/json", **more)


def feature(**properties: Any) -> dict[str, Any]:
    base = {"name": "供水管网", "category": make.category().pk, "owner_unit": make.unit().pk}
    point = {"type": "Point", "coordinates": [LON, LAT]}
    return {"type": "Feature", "geometry": point, "properties": base | properties}


def picture(lonlat: tuple[float, float] | None = None, name: str = "a.jpg") -> SimpleUploadedFile:
    data = media.jpeg((320, 240), exif=media.exif(lonlat, "2026:05:31 08:30:00"))
    return SimpleUploadedFile(name, data, "image/jpeg")


@pytest.fixture
def official() -> Client:
    places.village()
    return client_of(Role.OFFICIAL, "990521")


def test_from_nothing_to_the_panel_of_the_village(official: Client) -> None:
    make.indicator()
    made = send(
        official,
        "post",
        "/api/projects/",
        feature(supervision_phone="12345", stage="construction", actual_start="2026-03-01"),
    )
    assert made.status_code == 201, made.content
    project = made.json()
    assert project["geometry"] == {"type": "Point", "coordinates": [LON, LAT]}
    assert project["properties"]["line"]["village"] == {"code": VILLAGE, "name": "荷塘村"}
    at = f"/api/projects/{project['id']}/"
    months = [("2026-04", 10, 9), ("2026-05", 30, 28), ("2026-06", 50, 41)]
    rows = [{"indicator": "laid", "place": VILLAGE, "month": m, "planned": p, "actual": a} for m, p, a in months]
    stored = send(official, "put", f"{at}progress/", {"rows": rows}).json()
    assert [row["month"] for row in stored["rows"]] == ["2026-04", "2026-05", "2026-06"]
    assert stored["project"]["status"] == "late"
    sent = official.post(f"{at}photos/", {"files": [picture((LON, LAT)), picture((LON, LAT))], "caption": "沟槽"})
    assert (sent.status_code, len(sent.json()["saved"]), sent.json()["refused"]) == (201, 2, [])
    panel = Client().get(f"/api/places/{VILLAGE}/panel").json()
    body = {section["key"]: section.get("body") for section in panel["sections"]}
    assert body["photos"]["total"] == 2
    assert body["progress"]["projects"][0]["difference"] == -9.0
    assert body["phones"]["supervision"][0]["number"] == "12345"
    seen = Client().get(at).json()["properties"]
    assert (seen["may"], seen["moves"], seen["contractor_contact"]) == ([], [], None)
    photo = body["photos"]["items"][0]
    assert Client().get(photo["thumb"]).status_code == 200


def test_the_list_equals_the_fast_list_for_every_role() -> None:
    """djangorestframework-gis and PostgreSQL tell the same of the same rows, private and unpublished ones included."""
    next_door = places.village("990521004001")
    make.project(
        contractor_contact="内", budget="1200000.50", planned_end="2026-12-31", updated_at="2026-06-30T02:20:00Z"
    )
    make.project_photo(make.project(next_door, name="外", contractor_contact="外", actual=62, planned=70))
    make.project(name="藏", is_published=False)
    make.project(next_door, name="外藏", is_published=False)
    nowhere = make.project(name="江心", villages=[])
    Project.objects.filter(pk=nowhere.pk).update(village=None)
    for role in (None, *Role):
        for code in ("990521003", "990521"):
            client = client_of(role, code, unit="water") if role else client_of(None)
            fast = client.get("/api/layers/projects/features").json()["features"]
            slow = client.get("/api/projects/").json()
            assert json.loads(json.dumps(slow["features"])) == fast, role
            assert slow["matched"] == len(fast)


def test_pages_and_filters(official: Client) -> None:
    for number in range(5):
        make.project(name=f"第{number}", status="late" if number % 2 else "normal")
    make.project(places.village("990521004001"), name="别处")
    first = official.get("/api/projects/?limit=4").json()
    rest = official.get(f"/api/projects/?limit=4&after={first['next']}").json()
    assert [len(page["features"]) for page in (first, rest)] == [4, 2]
    assert (first["matched"], rest["next"]) == (6, None)

    def names(query: str) -> list[str]:
        found = official.get(f"/api/projects/?{query}").json()["features"]
        return [one["properties"]["name"] for one in found]

    assert names("status=late") == ["第1", "第3"]
    assert names("place=990521004") == ["别处"]
    assert names("q=bieshu") == []
    assert names("q=biechu") == ["别处"]
    assert len(names("act=update")) == 6
    agent = client_of(Role.VILLAGE_AGENT, "990521004001")
    assert agent.get("/api/projects/?act=photo_add").json()["matched"] == 1
    assert agent.get("/api/projects/?act=update").json()["matched"] == 0


NOWHERE = {"type": "Point", "coordinates": [200, 0]}
POLYGON = {"type": "Polygon", "coordinates": []}
HUGE = {"indicator": "laid", "place": VILLAGE, "month": "2026-06", "planned": 1e300}
TOTALS = {"text": "合计\t1\t2", "dry_run": False}


@pytest.mark.parametrize(
    "method, path, body, status, code, field",
    [
        ("get", "/api/projects/?limt=4", None, 400, "unknown_parameter", "limt"),
        ("get", "/api/projects/?limit=201", None, 400, "invalid", "limit"),
        ("get", "/api/projects/?stage=nothing", None, 400, "invalid", "stage"),
        ("get", "/api/projects/?owner_unit=x", None, 400, "invalid", "owner_unit"),
        ("get", "/api/projects/?owner_unit=-1e5000", None, 400, "invalid", "owner_unit"),  # an int of 5,000 digits
        ("get", "/api/projects/999999/", None, 404, "not_found", None),
        ("get", "/api/projects/99999999999999999999999/", None, 404, "not_found", None),
        ("get", "/api/projects/1/photos/?x=1", None, 400, "unknown_parameter", "x"),
        ("get", "/api/projects/999999/photos/", None, 404, "not_found", None),
        ("get", "/api/projects/999999/progress/", None, 404, "not_found", None),
        ("get", "/api/notices/?project=x", None, 400, "invalid", "project"),
        ("get", "/api/overview/?limit=3", None, 400, "unknown_parameter", "limit"),
        ("post", "/api/projects/", {}, 400, "required", "name"),
        ("post", "/api/projects/", [], 400, "invalid", None),
        ("post", "/api/projects/", {"geometry": NOWHERE}, 400, "invalid", "geometry.coordinates"),
        ("post", "/api/projects/", {"geometry": POLYGON}, 400, "invalid", "geometry.type"),
        ("post", "/api/projects/", {"properties": {"budget": "viel"}}, 400, "invalid", "properties.budget"),
        ("post", "/api/projects/", {"properties": {"budget": "NaN"}}, 400, "invalid", "properties.budget"),
        ("post", "/api/projects/", {"properties": {"budgit": 1}}, 400, "invalid", "properties.budgit"),
        ("post", "/api/projects/PK/move/", {"move": "fly"}, 400, "invalid", "move"),
        ("post", "/api/projects/PK/move/", {"move": "pause", "version": 1}, 400, "needs_fields", "reason"),
        ("post", "/api/projects/PK/move/", {"move": "accept", "version": 1}, 409, "no_such_move", "move"),
        ("patch", "/api/projects/PK/", {"properties": {"name": "x"}}, 400, "version_missing", "version"),
        ("patch", "/api/projects/PK/", {"properties": {"name": "x", "version": 9}}, 409, "version_conflict", "version"),
        ("patch", "/api/projects/PK/", {"properties": {"owner_unit": 10**30}}, 400, "invalid", "properties.owner_unit"),
        ("put", "/api/projects/PK/progress/", {"rows": []}, 400, "invalid", "rows"),
        ("put", "/api/projects/PK/progress/", {"rows": [{"month": "Juni"}]}, 400, "invalid", None),
        ("put", "/api/projects/PK/progress/", {"rows": [HUGE]}, 400, "invalid", "rows.0.planned"),
        ("post", "/api/projects/PK/progress/paste/", {"text": ""}, 400, "empty_sheet", "text"),
        ("post", "/api/projects/PK/progress/paste/", TOTALS, 400, "sheet_has_errors", "text"),
        ("post", "/api/notices/", {"project": 99999, "title": "公示"}, 404, "not_found", None),
        ("delete", "/api/projects/", None, 405, "method_not_allowed", None),
        ("post", "/api/projects/PK/photos/", {}, 415, "unsupported_type", None),
        ("delete", "/api/projects/photos/99999/", None, 404, "not_found", None),
    ],
)  # fmt: skip
def test_bad_input_is_told_in_the_one_shape(
    official: Client, method: str, path: str, body: Any, status: int, code: str, field: str | None
) -> None:
    project = make.project()
    make.indicator()
    path = path.replace("PK", str(project.pk))
    answer = official.get(path) if method == "get" else send(official, method, path, body)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert told["message"]
    assert field is None or told["field"] == field
    assert list(Project.objects.values_list("name", "version")) == [(project.name, 1)]


@pytest.mark.parametrize("role", [None, Role.CITIZEN, Role.SUPERVISOR, Role.ADMIN])
def test_writes_are_refused_before_anything_is_read(role: Role | None) -> None:
    client = client_of(role, "990521") if role else client_of(None)
    project = make.project()
    status = 403 if role else 401
    assert (
        send(client, "patch", f"/api/projects/{project.pk}/", {"properties": {"version": 1, "name": "x"}}).status_code
        == status
    )
    assert client.post(f"/api/projects/{project.pk}/photos/", {"files": picture()}).status_code == status
    assert send(client, "post", "/api/notices/", {"project": project.pk, "title": "公示"}).status_code == status
    assert client.post("/api/projects/photos/match/", {"files": picture()}).status_code == status


def test_a_forged_request_without_the_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    project = make.project()
    official = client_of(Role.OFFICIAL, "990521")
    client.cookies = official.cookies
    answer = send(client, "patch", f"/api/projects/{project.pk}/", {"properties": {"version": 1, "name": "x"}})
    assert answer.status_code == 403
    assert Project.objects.get().name == project.name


def test_matching_over_http(official: Client) -> None:
    project = make.project()
    found = official.post("/api/projects/photos/match/", {"files": [picture((LON, LAT)), picture(None, "b.jpg")]})
    first, second = found.json()["items"]
    assert first["project"] == {"project_id": project.pk, "name": project.name, "off_m": 0.0}
    assert first["village"] == {"code": VILLAGE, "name": "荷塘村"}
    assert (second["name"], second["project"], second["has_position"]) == ("b.jpg", None, False)


def test_photos_that_are_refused_say_why(official: Client) -> None:
    project = make.project()
    broken = SimpleUploadedFile("b.jpg", b"\xff\xd8\xff broken", "image/jpeg")
    sent = official.post(
        f"/api/projects/{project.pk}/photos/",
        {"files": [picture((LON, LAT)), broken, picture((LON + 0.02, LAT), "c.jpg")], "taken_on": "2026-06-01"},
    )
    assert sent.status_code == 201
    assert [(one["index"], one["name"]) for one in sent.json()["refused"]] == [(1, "b.jpg"), (2, "c.jpg")]
    assert sent.json()["refused"][1]["code"] == "far_from_site"
    only = official.post(f"/api/projects/{project.pk}/photos/", {"files": picture((LON + 0.02, LAT))})
    assert (only.status_code, only.json()["code"]) == (409, "far_from_site")


def test_paste_in_two_steps(official: Client) -> None:
    project = make.project()
    make.indicator()
    path = f"/api/projects/{project.pk}/progress/paste/"
    text = "月份\t指标\t村\t计划\t实际\n2026-06\t管道铺设率\t荷塘村\t70\t62"
    preview = send(official, "post", path, {"text": text}).json()
    assert (preview["is_clean"], preview["is_stored"], preview["counts"]["new"]) == (True, False, 1)
    assert preview["lines"][0]["planned"] == 70.0
    assert preview["lines"][0]["place_name"] == "荷塘村"
    stored = send(official, "post", path, {"text": text, "dry_run": False, "basis": preview["basis"]}).json()
    assert stored["is_stored"]
    late = send(official, "post", path, {"text": text, "dry_run": False, "basis": preview["basis"]})
    assert late.status_code == 409
    shown = Client().get(f"/api/projects/{project.pk}/progress/").json()
    assert [(row["month"], row["actual"], row["version"]) for row in shown["rows"]] == [("2026-06", 62.0, 1)]


def test_notices_with_documents_over_http(official: Client) -> None:
    project = make.project()
    made = send(official, "post", "/api/notices/", {"project": project.pk, "title": "环评公示"}).json()
    at = f"/api/notices/{made['id']}/"
    file = SimpleUploadedFile("环评.pdf", media.PDF, "application/pdf")
    noted = official.post(f"{at}attachments/", {"file": file, "kind": "environment"})
    assert noted.status_code == 201, noted.content
    (attachment,) = noted.json()["attachments"]
    assert Client().get(attachment["link"]["url"]).status_code == 200
    changed = send(official, "patch", at, {"version": noted.json()["version"], "title": "环评第二次公示"})
    assert changed.json()["title"] == "环评第二次公示"
    assert Client().get(f"/api/notices/?project={project.pk}").json()["items"][0]["title"] == "环评第二次公示"
    assert official.delete(f"{at}attachments/{attachment['id']}/").status_code == 204
    assert Client().get(attachment["link"]["url"]).status_code == 404


def test_form_options_are_those_of_the_viewer(official: Client) -> None:
    places.village("990521004001")
    water, roads = make.unit("water"), make.unit("roads", name="交通局")
    make.category(), make.indicator()
    path = "/api/projects/form-options/"
    everything = official.get(path).json()
    assert {one["key"] for one in everything["units"]} == {str(water.pk), str(roads.pk)}
    assert len(everything["villages"]) == 2
    handler = client_of(Role.HANDLER, unit="roads").get(path).json()
    assert [one["title"] for one in handler["units"]] == ["交通局"]
    township = client_of(Role.OFFICIAL, "990521003").get(path).json()
    assert [one["code"] for one in township["villages"]] == [VILLAGE]
    assert township["villages"][0]["township"] == "石桥镇"
    assert client_of(Role.DESK, "990521").get(path).json()["may"] == ["notice"]
    assert client_of(Role.CITIZEN).get(path).status_code == 403
    assert Client().get(path).status_code == 401


def test_the_overview_over_http() -> None:
    make.project(status="late")
    told = Client().get("/api/overview/").json()
    assert set(told) == {"as_of", "counts", "watch", "recent"}
    assert told["counts"]["late"] == 1
    assert {"village", "township", "lon", "lat", "status_title"} <= set(told["watch"][0])


def test_english_readers_get_english_names() -> None:
    project = make.project(name_en="Hetang water mains")
    told = Client().get(f"/api/projects/{project.pk}/?lang=en").json()["properties"]
    assert told["line"]["name"] == "Hetang water mains"
    assert told["name"] == "荷塘村供水管网改造"


def test_detail_costs_the_same_however_much_there_is(django_assert_max_num_queries: Any) -> None:
    project = make.project()
    for month in range(1, 7):
        make.progress(project, make.JUNE.replace(month=month))
        make.project_photo(project)
        make.attachment(make.notice(project))
    with django_assert_max_num_queries(7):
        told = Client().get(f"/api/projects/{project.pk}/").json()["properties"]
    assert [len(told[key]) for key in ("progress", "photos", "notices")] == [6, 6, 6]


@pytest.mark.parametrize(
    "body, content_type",
    [
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"properties": {"name": "\\u0000"}}', "application/json"),
        (b"not a form", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"a=b", "text/plain"),
    ],
)
@pytest.mark.parametrize("path", ["", "PK/photos/", "photos/match/", "PK/progress/paste/"])
def test_broken_bodies_are_refused(official: Client, path: str, body: bytes, content_type: str) -> None:
    project = make.project()
    answer = official.post(f"/api/projects/{path}".replace("PK", str(project.pk)), body, content_type=content_type)
    assert answer.status_code in (400, 415), answer.content
    assert answer.json()["message"]
    assert Project.objects.count() == 1


def test_too_many_files_are_refused(official: Client) -> None:
    project = make.project()
    files = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(101)]
    answer = official.post(f"/api/projects/{project.pk}/photos/", {"files": files})
    assert (answer.status_code, bool(answer.json()["message"])) == (400, True)


def test_reading_a_long_body_ends_early(official: Client) -> None:
    answer = official.generic(
        "POST", "/api/projects/photos/match/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**12)
    )
    assert answer.status_code == 413
    assert io.BytesIO(answer.content).read()
