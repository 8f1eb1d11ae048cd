"""Short links: one per address, of our public pages only, and gone when nobody uses them."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from kernel import clock
from kernel.periodic import jobs
from kernel.viewer import Role
from portal import services
from portal.models import ShortLink
from portal.pace import LinkPace
from portal.services import ALPHABET
from portal.tasks import links_prune
from tests.factories import people, places

pytestmark = pytest.mark.django_db
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
VIEW = "/?v=list&of=projects&f=projects.status:late&sel=village:990521003007#12/30.500000/120.000000"


@pytest.fixture(autouse=True)
def _county() -> None:
    cache.clear()  # the pace of one test is not the next one's
    places.county()


def create(path: object, client: Client | None = None, **extra: Any) -> Any:
    return (client or Client()).post("/api/links", {"path": path}, content_type="application/json", **extra)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/", "/"),
        (VIEW, VIEW),
        ("/c/990521/?t=2026-01..2026-06", "/c/990521/?t=2026-01..2026-06"),
        ("/village/990521003007", "/village/990521003007"),
        ("/village/990521003007.pdf", "/village/990521003007.pdf"),
        ("/embed?sel=projects:1#12/30.5/120.0", "/embed?sel=projects:1#12/30.5/120.0"),
        ("/?q=荷塘", "/?q=%E8%8D%B7%E5%A1%98"),
        ("/?q=%E8%8D%B7%E5%A1%98", "/?q=%E8%8D%B7%E5%A1%98"),
        ("/?" + "a" * 1998, "/?" + "a" * 1998),
    ],
)
def test_a_link_leads_back_to_its_view(path: str, leads_to: str) -> None:
    made = create(path)
    assert made.status_code == 200, made.content
    code = made.json()["code"]
    assert len(code) == 7
    assert set(code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0o1il")
    assert made.json() == {
        "code": code,
        "url": f"http://testserver/s/{code}",
        "qr": f"/api/qr.svg?path=/s/{code}",
    }
    for typed in (code, code.upper()):
        followed = Client().get(f"/s/{typed}")
        assert (followed.status_code, followed.headers["Location"]) == (302, leads_to)
    assert Client().get(made.json()["qr"]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        " /",
        "x",
        "?v=list",
        "https://example.org/",
        "javascript:alert(1)",
        "//example.org/",
        "//[",
        "/\\example.org",
        "\\\\example.org",
        "/c/990521//example.org",
        "/c/990521/../../admin/",
        "/c/99052/",
        "/village/../admin/",
        "/village/990521003007/x",
        "/village/",
        "/embed/x",
        "/manage",
        "/admin/",
        "/login?next=https://example.org",
        "/api/county/",
        "/s/abcdefg",
        "/media/x.jpg",
        "/a\nb",
        "/\r\nSet-Cookie: a=b",
        "/?a=\u0000",
        "/?" + "a" * 1999,
        "/?" + "荷" * 300,
        None,
        5,
        ["/"],
        {"path": "/"},
    ],
)
def test_other_addresses_are_refused(path: object) -> None:
    answer = create(path)
    assert answer.status_code == 400, answer.content
    assert answer.json()["field"] == "path"
    assert not ShortLink.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "{}"])
def test_broken_bodies_are_refused_in_the_one_shape(body: str) -> None:
    answer = Client().post("/api/links", body, content_type="application/json")
    assert answer.status_code == 400
    assert {"code", "message"} <= set(answer.json())


def test_the_same_address_has_the_same_code_and_others_have_others() -> None:
    codes = {create(path).json()["code"] for path in ("/", "/", "/?v=list", "/?v=board", "/?v=list")}
    assert len(codes) == 3
    assert ShortLink.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_one_code() -> None:
    gate = threading.Barrier(8)

    def ask(_number: int) -> str:
        try:
            gate.wait(20)
            return services.link_create(VIEW).code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(ask, range(8)))
    assert len(codes) == 1
    assert [link.code for link in ShortLink.objects.all()] == [*codes]


def test_a_code_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["aaaaaaa", "aaaaaaa", "bbbbbbb"])
    monkeypatch.setattr(services, "_new_code", lambda: next(drawn))
    assert [services.link_create(path).code for path in ("/", "/?v=list")] == ["aaaaaaa", "bbbbbbb"]
    assert services.link_follow("aaaaaaa") == "/"


def test_nothing_says_who_made_or_followed_it() -> None:
    client = Client()
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=["990521"]))
    link = ShortLink.objects.get(pk=create("/", client).json()["code"])
    assert {field.name for field in link._meta.get_fields()} == {"code", "path", "digest", "last_used_on"}


def test_an_unknown_code_is_said_to_people_and_programs() -> None:
    for code in ("2345678", "2345", "荷塘荷塘荷塘荷", "x" * 300):
        answer = Client().get(f"/s/{code}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_link"), code
    page = Client().get("/s/2345678", headers=PAGE)
    assert page.status_code == 404
    assert "没有这个短链接" in page.content.decode()
    assert Client().get("/s/2345678?next=/x").json()["code"] == "unknown_parameter"


def test_one_address_may_make_so_many_a_minute() -> None:
    most = LinkPace().num_requests
    assert {create("/", REMOTE_ADDR="192.0.2.1").status_code for _ in range(most)} == {200}
    refused = create("/", REMOTE_ADDR="192.0.2.1")
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert create("/", REMOTE_ADDR="192.0.2.2").status_code == 200, "another address has its own count"


def test_all_together_make_so_many_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_A_DAY", 2)
    with clock.freeze("2026-06-30"):
        assert [create(path, REMOTE_ADDR=f"192.0.2.{len(path)}").status_code for path in ("/", "/?v=list")] == [200] * 2
        refused = create("/?v=board", REMOTE_ADDR="192.0.2.99")
        assert (refused.status_code, refused.json()["code"]) == (429, "links_full")
        assert refused.headers["Retry-After"] == str(13 * 3600 + 40 * 60), "at midnight of the county"
        assert create("/").status_code == 200, "one that is there is still given out"
    with clock.freeze("2026-07-01"):
        assert create("/?v=board").status_code == 200
    assert ShortLink.objects.count() == 3


def test_links_that_nobody_uses_for_two_years_are_removed(django_assert_num_queries: Any) -> None:
    start = dt.date(2026, 1, 1)
    with clock.freeze(start):
        used, made_again, unused = (services.link_create(path).code for path in ("/", "/?v=list", "/?v=board"))
    with clock.freeze(start + dt.timedelta(days=400)):
        with django_assert_num_queries(2):
            services.link_follow(used)
        with django_assert_num_queries(1):
            services.link_follow(used)  # the day is written once
        services.link_create("/?v=list")
    with clock.freeze(start + dt.timedelta(days=730)):
        assert services.links_prune() == 0
    with clock.freeze(start + dt.timedelta(days=731)):
        assert links_prune.call() == 1
    assert set(ShortLink.objects.values_list("code", flat=True)) == {used, made_again}
    assert Client().get(f"/s/{unused}").status_code == 404
    assert jobs["portal.links"].every_s == 86400


class TestEmbed:
    """The shell for frames in pages of others."""

    @pytest.mark.parametrize("role", [None, Role.OFFICIAL, Role.ADMIN])
    def test_it_may_be_framed_by_everybody_and_knows_nobody(self, role: Role | None) -> None:
        client = Client()
        if role:
            client.force_login(people.user(role, jurisdiction=["990521"]))
            client.cookies["lang"] = "zh"
        before = {name: morsel.value for name, morsel in client.cookies.items()}
        answer = client.get("/embed?lang=en&sel=village:990521003007", headers=PAGE)
        assert answer.status_code == 200
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert not answer.has_header("X-Frame-Options")
        assert {name: morsel.value for name, morsel in client.cookies.items()} == before, "no cookie is set"
        text = answer.content.decode()
        assert '"me": null' in text
        assert '"csrf": ""' in text
        assert "data-embed" in text
        assert '<html lang="en"' in text

    def test_a_password_that_must_be_changed_does_not_show_in_a_frame(self) -> None:
        client = Client()
        client.force_login(people.user(Role.OFFICIAL, must_change_password=True))
        assert client.get("/embed", headers=PAGE).status_code == 200
        assert client.get("/", headers=PAGE).status_code == 302

    def test_the_page_itself_is_not_for_frames(self) -> None:
        answer = Client().get("/", headers=PAGE)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "data-embed" not in answer.content.decode()

    def test_other_counties_by_parameter(self) -> None:
        places.county("990522")
        assert 'data-county="990522"' in Client().get("/embed?county=990522").content.decode()
        assert Client().get("/embed?county=990599").status_code == 404
