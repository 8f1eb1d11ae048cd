"""Pages as they leave the server: shells with their facts, errors, doors."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from kernel.viewer import Role
from places.models import Place
from tests.factories import people, places

pytestmark = pytest.mark.django_db
HETANG, TOWN = "990521003007", "990521003"
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def _places() -> None:
    places.village(HETANG, "荷塘村", name_en="Hetang Village", households=412, population=1286)
    places.village("990522001001", "别县村")


def get(path: str, client: Client | None = None) -> Any:
    return (client or Client()).get(path, headers=PAGE)


def boot(answer: Any) -> Any:
    found = re.search(r'<script id="boot" type="application/json">(.*?)</script>', answer.content.decode(), re.DOTALL)
    assert found
    return json.loads(found[1])


def signed_in(role: Role, **fields: Any) -> Client:
    client = Client()
    client.force_login(people.user(role, **fields))
    return client


def test_the_public_page_brings_its_facts() -> None:
    answer = get("/")
    assert answer.status_code == 200
    facts = boot(answer)
    assert (facts["county"], facts["default_county"], facts["lang"], facts["me"]) == ("990521", "990521", "zh", None)
    assert facts["facts"]["bbox"] == list(places.bbox("990521"))
    assert facts["facts"] == {k: v for k, v in Client().get("/api/county/").json().items() if k != "me"}
    assert answer.headers["Content-Language"] == "zh-hans"


def test_a_visitor_who_only_looks_gets_no_cookie() -> None:
    answer = get("/")
    assert not answer.cookies
    assert boot(answer)["csrf"] == ""


def test_the_page_of_another_county() -> None:
    facts = boot(get("/c/990522/"))
    assert (facts["county"], facts["facts"]["villages"]) == ("990522", 1)


@pytest.mark.parametrize(
    "path", ["/c/110101/", "/c/x/", "/village/110101003007", "/village/990521003099", "/village/x"]
)
@pytest.mark.parametrize("also", ["", "?lang=en"])
def test_what_does_not_exist_is_a_page_for_people_and_json_for_programs(path: str, also: str) -> None:
    answer = get(path + also)
    assert answer.status_code == 404
    text = answer.content.decode()
    assert text.startswith("<!doctype html>")
    assert ("Back to the map" if also else "回到地图") in text
    program = Client().get(path, headers={"accept": "application/json"})
    assert program.status_code == 404
    assert program.json()["code"] in ("unknown_county", "unknown_place", "not_found")


@pytest.mark.parametrize("path", ["/c/990521", "/nothing"])
def test_what_nobody_declared_is_not_there(path: str) -> None:
    assert get(path).status_code in (301, 404)


@pytest.mark.parametrize(
    "path", ["/", "/c/990521/", f"/village/{HETANG}", "/manage", "/console", "/review", "/field", "/robots.txt"]
)
def test_pages_are_only_read(path: str) -> None:
    assert Client().post(path, {}).status_code in (403, 405)


def test_everything_comes_from_this_host() -> None:
    for path in ("/", f"/village/{HETANG}", "/nothing"):
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', get(path).content.decode())
    policy = get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_names_cannot_break_out_of_the_page() -> None:
    places.village("990521003009", "</script><script>alert(1)</script>")
    places.county().__class__.objects.update(name="</script><script>alert(1)</script>")
    for path in ("/", "/village/990521003009", "/c/990521/"):
        assert "<script>alert" not in get(path).content.decode()


# The staff pages


@pytest.mark.parametrize("role", people.ROLES)
def test_the_staff_page_opens_for_staff(role: Role | None) -> None:
    answer = get("/manage", signed_in(role) if role else None)
    if role is None:
        assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=%2Fmanage")
    elif role in (Role.CITIZEN, Role.SUPERVISOR, Role.ADMIN):  # an administrator looks after lists, not content
        assert answer.status_code == 403
        assert answer.content.decode().startswith("<!doctype html>")
    else:
        facts = boot(answer)
        assert (facts["me"]["role"], bool(facts["csrf"])) == (role, True)


@pytest.mark.parametrize("role", people.ROLES)
def test_the_console_opens_for_those_who_work_on_reports(role: Role | None) -> None:
    answer = get("/console?sel=case:7", signed_in(role) if role else None)
    if role is None:
        assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=%2Fconsole%3Fsel%3Dcase%3A7")
    elif role in (Role.CITIZEN, Role.ADMIN):  # administrators have no ticket acts
        assert answer.status_code == 403
    else:
        assert boot(answer)["me"]["role"] == role


@pytest.mark.parametrize("role", people.ROLES)
def test_the_page_for_field_checks_holds_nothing_of_the_person(role: Role | None) -> None:
    """A telephone keeps it for use without network; a work order leads those who are sent there."""
    client = signed_in(role) if role else None
    answer, order = get("/field", client), get("/review?sel=points:7", client)
    if role in (Role.HANDLER, Role.GRID_MANAGER):
        assert (boot(answer)["me"], boot(answer)["csrf"], answer.headers["Cache-Control"]) == (None, "", "no-cache")
        assert (order.status_code, order.headers["Location"]) == (302, "/field?sel=points%3A7")
    else:
        assert answer.status_code == (403 if role else 302)
        assert order.status_code == (200 if role in (Role.OFFICIAL, Role.SUPERVISOR, Role.DESK) else answer.status_code)


def test_staff_of_another_county_work_in_their_own() -> None:
    client = signed_in(Role.OFFICIAL, county="990522", jurisdiction=["990522"])
    assert boot(get("/manage", client))["county"] == "990522"
    assert boot(get("/manage?county=990521", client))["county"] == "990521"
    assert boot(get("/", client))["county"] == "990521"


def test_an_empty_database_says_so() -> None:
    places.county().__class__.objects.all().delete()
    answer = get("/")
    assert answer.status_code == 404
    assert "990521" in answer.content.decode()


def test_robots_leave_the_api_alone() -> None:
    answer = Client().get("/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /api/" in answer.content.decode()


def test_what_a_visitor_sees_may_be_kept_and_what_somebody_signed_in_sees_may_not() -> None:
    places.county()
    places.village("990521003007")
    visitor, somebody = Client(), Client()
    somebody.force_login(people.user(Role.GRID_MANAGER))
    for path in ("/", "/village/990521003007", "/api/places/990521003007/panel"):
        assert visitor.get(path).headers["Cache-Control"] == "no-cache", path
        assert "private" in somebody.get(path).headers["Cache-Control"], path


# What search engines find


def test_the_sitemap_has_every_place_of_every_county() -> None:
    answer = Client().get("/sitemap.xml")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml")
    found = set(re.findall(r"<loc>http://testserver(.*?)</loc>", answer.content.decode()))
    codes = set(Place.objects.filter(level__in=("township", "village")).values_list("code", flat=True))
    assert found == {"/", "/c/990522/", *(f"/village/{code}" for code in codes)}
    assert {HETANG, TOWN, "990522001001"} <= codes
    for path in found:
        assert Client().get(path).status_code == 200
    assert "Sitemap: http://testserver/sitemap.xml" in Client().get("/robots.txt").content.decode()
    assert Client().post("/sitemap.xml").status_code in (403, 405)
