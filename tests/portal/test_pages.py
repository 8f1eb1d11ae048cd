"""Pages as they leave the server: shells with their facts, the plain village page, errors, doors."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from kernel import panel
from kernel.panel import PanelSection
from kernel.viewer import Role
from places.models import Contact, Place
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


@pytest.mark.parametrize("path", ["/review", "/c/990521", "/nothing"])
def test_pages_to_come_are_not_there_yet(path: str) -> None:
    assert get(path).status_code in (301, 404)


@pytest.mark.parametrize("path", ["/", "/c/990521/", f"/village/{HETANG}", "/manage", "/console", "/robots.txt"])
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


def test_staff_of_another_county_work_in_their_own() -> None:
    client = signed_in(Role.OFFICIAL, county="990522", jurisdiction=["990522"])
    assert boot(get("/manage", client))["county"] == "990522"
    assert boot(get("/manage?county=990521", client))["county"] == "990521"
    assert boot(get("/", client))["county"] == "990521"


# The plain village page


class Reader(HTMLParser):
    """Collects headings, links and tags without a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def read(path: str) -> tuple[Reader, str]:
    answer = get(path)
    assert answer.status_code == 200
    return Reader(answer.content.decode()), answer.content.decode()


def test_a_village_without_javascript() -> None:
    places.contact(places.village(HETANG), "荷塘村代办员", "0572-0255 7822", duty="可以上门代办")
    places.contact(places.township(TOWN), "监督电话", "12345", kind=Contact.Kind.SUPERVISION)
    page, text = read(f"/village/{HETANG}")
    assert not page.open
    assert not page.all("script")
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert {"tel:057202557822", "tel:12345"} <= {link.get("href") for link in page.all("a")}
    assert [a["href"] for a in page.all("a")][:2] == ["/", f"/village/{TOWN}"]
    assert "412 户" in text
    assert "1,286 人" in text
    for section in page.all("section"):
        assert section["aria-labelledby"] in {h.get("id") for h in page.all("h2")}


@pytest.mark.parametrize(
    ("code", "link"), [(HETANG, f"/?sel=villages:{HETANG}"), (TOWN, f"/?sel=townships:{TOWN}"), ("990521", "/")]
)
def test_the_way_back_to_the_map_selects_the_place(code: str, link: str) -> None:
    page, _text = read(f"/village/{code}")
    assert link in [a["href"] for a in page.all("a") if a.get("class") == "btn pri"]


def test_the_same_page_in_english() -> None:
    page, text = read(f"/village/{HETANG}?lang=en")
    assert page.all("html")[0]["lang"] == "en"
    assert "Hetang Village" in text
    assert "Whom to call" in text
    assert "412 households" in text


def test_a_village_of_another_county_needs_no_parameter() -> None:
    page, text = read("/village/990522001001")
    assert "别县村" in text
    assert page.all("a")[0]["href"] == "/c/990522/"


def test_all_sections_of_the_panel_are_on_the_page() -> None:
    page, _text = read(f"/village/{TOWN}")
    sections = Client().get(f"/api/places/{TOWN}/panel").json()["sections"]
    assert [section["id"] for section in page.all("section")] == [section["key"] for section in sections]
    assert not any(section.get("unavailable") for section in sections)


FULL: dict[str, Any] = {
    "photos": {
        "total": 1,
        "items": [
            {
                "thumb": "/media/p/a-thumb.jpg",
                "medium": "/media/p/a-medium.jpg",
                "large": "/media/p/a-large.jpg",
                "alt": "管沟开挖",
                "taken_on": "2026-06-12",
                "width": 800,
                "height": 600,
                "caption": "已铺 2.4 公里",
                "project": {"id": 1, "name": "供水管网改造"},
            }
        ],
    },
    "progress": {
        "as_of": "2026-06-15",
        "projects": [
            {
                "id": 1,
                "name": "供水管网改造",
                "category_title": "供水管网",
                "stage_title": "在建",
                "status": "late",
                "status_title": "滞后",
                "actual": 62.0,
                "planned": 70.0,
                "difference": -8.0,
                "note": "",
                "indicators": [
                    {
                        "key": "laid",
                        "title": "管道铺设率",
                        "unit": "%",
                        "months": [
                            {"month": "2026-02", "planned": 5.0, "actual": 4.5},
                            {"month": "2026-07", "planned": 80, "actual": None},
                        ],
                    }
                ],
            }
        ],
    },
    "facilities": {
        "total": 1,
        "items": [
            {
                "id": 1,
                "name": "文化广场公厕",
                "category_title": "公厕",
                "distance_m": 1432.0,
                "phone": "12345",
                "hours": "24 小时",
            }
        ],
    },
    "notices": {
        "items": [
            {
                "id": 1,
                "title": "环评公示",
                "published_on": "2026-06-01",
                "project": {"id": 1, "name": "供水管网改造"},
                "attachments": [{"title": "报告", "url": "/media/d/x.pdf", "size": 1794, "type": "application/pdf"}],
            }
        ]
    },
    "issues": {"open": 5, "overdue": 1, "answered": 27, "items": [], "note": ""},
    "something_new": {"x": 1},
}


@pytest.fixture
def _full(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [PanelSection(key, key, lambda viewer, place, body=body: body) for key, body in FULL.items()]
    monkeypatch.setattr(panel, "all_sections", lambda: made)


@pytest.mark.usefixtures("_full")
def test_what_a_full_panel_looks_like_as_a_plain_page() -> None:
    page, text = read(f"/village/{HETANG}")
    assert not page.open
    (image,) = page.all("img")
    assert (image["alt"], image["width"], image["loading"]) == ("管沟开挖", "800", "lazy")
    assert len(page.all("table")) == 2
    assert all(head.get("scope") for head in page.all("th"))
    for said in ("比计划少 8 个点。", "2026年6月15日", "2026年2月", "4.5", "—", "1.4 公里", "1.8", "27"):
        assert said in text
    assert "请在地图页面上看这一部分。" in text  # a section that has no template yet


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (-8.0, "比计划少 8 个点。"),
        (3.5, "比计划快 3.5 个点。"),
        (0.0, "和计划一样。"),
        (-0.04, "和计划一样。"),
        (None, ""),
    ],
)
def test_the_difference_is_said_in_a_sentence(difference: float | None, said: str) -> None:
    from portal.templatetags.pages import against_plan

    assert against_plan({"difference": difference}) == said


@pytest.mark.parametrize(
    ("metres", "said"),
    [(None, ""), (3, "10 米"), (118, "120 米"), (994, "990 米"), (996, "1.0 公里"), (1432, "1.4 公里")],
)
def test_distances_are_said_as_people_say_them(metres: float | None, said: str) -> None:
    from portal.templatetags.pages import far

    assert far(metres) == said


@pytest.mark.parametrize("value", ["", None, "soon", "2026-13-01"])
def test_a_date_that_is_none_does_not_break_the_page(value: Any) -> None:
    from portal.templatetags.pages import day

    assert day(value) in ("", value)


def test_a_section_that_fails_is_said_and_the_page_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(viewer: object, place: object) -> dict[str, Any]:
        raise RuntimeError("boom")

    monkeypatch.setattr(panel, "all_sections", lambda: [PanelSection("photos", "照片", broken)])
    _page, text = read(f"/village/{HETANG}")
    assert "这一部分暂时打不开" in text
    assert "boom" not in text


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


def test_a_village_leads_to_its_neighbours_its_township_and_its_sheet() -> None:
    places.village("990521003008", "星桥村")
    places.village("990521003016", "远处的村")
    page, _text = read(f"/village/{HETANG}")
    links = [link["href"] for link in page.all("a")]
    assert {f"/village/{TOWN}", "/village/990521003008", f"/village/{HETANG}.pdf"} <= set(links)
    assert "/village/990521003016" not in links
    assert f"/village/{HETANG}" not in links
    places.township("990521004", "双溪镇")
    assert "/village/990521004" in [link["href"] for link in read(f"/village/{TOWN}")[0].all("a")]
