"""The plain page of a village: all that the map tells of it, without a script."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from kernel import panel
from kernel.panel import PanelSection
from places.models import Contact
from tests.factories import places

pytestmark = pytest.mark.django_db
HETANG, TOWN = "990521003007", "990521003"
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def _places() -> None:
    places.village(HETANG, "荷塘村", name_en="Hetang Village", households=412, population=1286)
    places.village("990522001001", "别县村")


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
    answer = Client().get(path, headers=PAGE)
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
    "changepoints": {
        "found": 2,
        "handled": 1,
        "note": "发现 2 处，已处理 1 处",
        "items": [{"id": 1, "title": "荷塘村 建筑", "subtitle": "已核查，6 月 30 日 发现"}],
    },
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
    for said in (
        "比计划少 8 个点。",
        "2026年6月15日",
        "2026年2月",
        "4.5",
        "—",
        "1.4 公里",
        "1.8",
        "27",
        "发现 2 处，已处理 1 处",
        "荷塘村 建筑",
    ):
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
