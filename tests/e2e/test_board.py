"""The progress board in a real browser: bars, areas and rows are the figures that the API tells."""

import datetime as dt
import json
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from places.models import Place
from projects.models import Progress
from projects.services import projects_recompute
from tests.browser import DESKTOP, PHONE
from tests.e2e.pages import FIRST_DATA, TOWN, colour, is_clear, steady, until, wait_for
from tests.factories import places, projects

TOKENS = {  # core/css/tokens.css, light
    "d-behind-2": (180, 83, 26),
    "d-behind-1": (235, 181, 138),
    "d-even": (236, 237, 233),
    "d-ahead-1": (157, 192, 227),
    "d-ahead-2": (46, 104, 174),
    "surface": (255, 255, 255),
}
AHEAD, EVEN, BEHIND, EMPTY = "990521001", "990521002", "990521004", "990521005"


@pytest.fixture
def board(county):
    """Beside 石桥镇, 8 points behind: one far ahead, one as planned, one a little behind, one without projects."""
    for code, name, actual, planned in (
        (AHEAD, "云溪街道", 80, 70),
        (EVEN, "荷渚镇", 40, 40),
        (BEHIND, "白渡镇", 47, 50),
    ):
        places.township(code, name, name_en=f"Town {code[-1]}")
        project = projects.project(places.village(f"{code}001", f"{name}一村"), f"{name}道路")
        for month in (4, 5, 6):
            projects.progress(project, dt.date(2026, month, 1), actual - 6 + month, planned - 6 + month)
    clean = projects.indicator("clean", "水质合格率", order=200)
    projects.progress(project, dt.date(2026, 6, 1), 90, 90, by=clean)
    places.township(EMPTY, "桑洲镇")
    Place.objects.filter(pk=TOWN).update(name="石桥镇")
    projects_recompute()


def told(page, **query):
    return page.request.get(f"{page.url.split('/?')[0]}/api/projects/board", params=query).json()


def opened(visit, path="/?v=board", viewport=DESKTOP, **options):
    page = visit(path, viewport=viewport, **options)
    page.locator(".tb tbody tr, .bstrip").first.wait_for()
    return page


def token(difference):
    if difference is None:
        return "surface"
    steps = ((-5, "d-behind-2"), (-0.45, "d-behind-1"), (0.5, "d-even"), (5.05, "d-ahead-1"))
    return next((name for most, name in steps if difference < most), "d-ahead-2")


def spot(page, code, part=0.3):
    """Pixels off the middle of the map of a point in a township's cell, beside what is written in its middle."""
    zoom, lat, lon = re.search(r"#([\d.]+)/([\d.-]+)/([\d.-]+)", page.url).groups()
    west, south, east, north = places.bbox(code)
    world = 2 ** (float(zoom) + 8)

    def plane(lon, lat):
        return (lon + 180) / 360 * world, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * world

    at = plane((west + east) / 2 + part * (east - west), (south + north) / 2 + part * (north - south))
    middle = plane(float(lon), float(lat))
    return at[0] - middle[0], at[1] - middle[1]


def press_area(page, code):
    box = page.locator("#map").bounding_box()
    dx, dy = spot(page, code)
    page.mouse.click(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)


def drawn(page, wanted=((EMPTY, None),)):
    """Waits until areas are drawn in the colours of their differences, by default until the empty township is white."""
    for _ in range(100):
        if "#" in page.url and all(
            colour(page, ".overlay", *spot(page, code))[:3] == list(TOKENS[token(difference)])
            for code, difference in wanted
        ):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the areas were not drawn")


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("query", [{}, {"month": "2026-05"}, {"indicator": "clean"}], ids=str)
def test_bars_and_areas_are_the_figures_of_the_api(visit, query):
    month, indicator = query.get("month", ""), query.get("indicator", "")
    page = opened(visit, f"/?v=board&cmp=,{month}&ind={indicator}")
    rows = told(page, **query)["rows"]
    drawn(page, [(one["code"], one["difference"]) for one in rows])
    assert [row.get_attribute("id") for row in page.locator(".tb tbody tr").all()] == [
        f"at-{one['code']}" for one in rows
    ]
    for one in rows:
        row = page.locator(f"#at-{one['code']}")
        bars = [style.get_attribute("style") for style in row.locator(".bar > *").all()]
        expected = [f"width: {one['actual']:g}%;", f"left: {one['planned']:g}%;"] if one["actual"] is not None else []
        assert bars == expected, one
        if one["actual"] is not None:
            assert row.locator(".fig").inner_text() == f"{one['actual']:.1f}%"
    if not query:
        assert {token(one["difference"]) for one in rows} == {
            "d-behind-2",
            "d-behind-1",
            "d-even",
            "d-ahead-2",
            "surface",
        }


@pytest.mark.usefixtures("board")
def test_a_figure_opens_the_rows_it_is_made_of_and_they_lead_on(visit):
    page = opened(visit)
    row = page.locator(f"#at-{BEHIND}")
    row.locator(".fig button").click()
    made = page.locator(".inner .rep")
    expect(made).to_have_count(2)
    api = page.request.get(f"{page.url.split('/?')[0]}/api/projects/board/{BEHIND}").json()["rows"]
    assert len(api) == 2
    for line, one in zip(made.all(), api, strict=True):
        text = line.inner_text()
        for part in (
            one["project"]["name"],
            one["indicator"]["title"],
            f"{one['actual']:.1f}%",
            f"{one['planned']:.1f}%",
        ):
            assert part in text
    assert row.locator(".fig button").get_attribute("aria-expanded") == "true"
    made.first.get_by_role("button", name="白渡镇道路").click()
    page.get_by_role("heading", name="白渡镇道路").first.wait_for()
    assert "sel=projects:" in page.url
    page.go_back()
    made.first.get_by_role("button", name="白渡镇一村").click()
    page.get_by_role("heading", name="白渡镇一村", exact=True).wait_for()
    page.go_back()
    page.get_by_role("button", name="打开白渡镇").click()
    page.get_by_role("heading", name="白渡镇", exact=True).wait_for()
    page.go_back()
    made.first.wait_for()
    page.go_back()
    expect(page.locator(".inner")).to_have_count(0)


@pytest.mark.usefixtures("board")
def test_the_figure_of_the_county_opens_all_rows_and_counts_lead_to_reasons(visit):
    page = opened(visit)
    page.locator(".bfig .k").first.click()
    expect(page.locator(".bfig .rep")).to_have_count(5)
    page.get_by_role("button", name="滞后").first.click()
    wait_for(page, "document.activeElement.id", "reasons")
    reasons = [one["name"] for one in told(page)["reasons"]]
    assert [one.inner_text() for one in page.locator(".why .t").all()] == reasons == ["荷塘村供水管网改造"]
    page.locator(".why button").first.click()
    page.get_by_role("img", name="沟槽里的蓝色供水管").first.wait_for()


@pytest.mark.usefixtures("board")
def test_pressing_an_area_opens_its_township(visit):
    page = opened(visit)
    drawn(page)
    press_area(page, AHEAD)
    page.locator(".inner .rep").first.wait_for()
    assert f"at={AHEAD}" in page.url
    assert "sel=" not in page.url
    press_area(page, EMPTY)
    expect(page.locator(".inner")).to_contain_text("桑洲镇到这个月还没有填报过")
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert re.search(r"at=99052100\d", page.url), "Enter opens the area in the middle of the map"


@pytest.mark.usefixtures("board")
def test_the_map_is_itself_again_after_the_board(visit):
    page = opened(visit)
    drawn(page)
    page.get_by_role("link", name="地图", exact=True).click()
    page.get_by_role("heading", name="今天的云溪").wait_for()
    assert is_clear(page, ".overlay", *spot(page, EMPTY)), "no area is filled"
    view, late = "#11/30.570000/120.070000", []
    page.route(re.compile(r"/assets/board-.*\.js"), lambda route: late.append(route))
    page.goto(f"{page.url.split('?')[0].split('#')[0]}?v=board{view}")
    wait_for(page, FIRST_DATA, 1)  # rows, before the board is there
    until(page, lambda: late)
    late.pop().continue_()
    drawn(page)
    assert page.url.endswith(view), "the map stays where the address says"


@pytest.mark.usefixtures("board")
def test_month_indicator_comparison_and_place_are_the_address(visit):
    page = opened(visit)
    page.get_by_label("月份").select_option("2026-05")
    page.get_by_label("对比").select_option("2026-04")
    page.get_by_role("button", name="管道铺设率").click()
    page.locator(f"#at-{AHEAD} .fig button").click()
    page.locator(".inner .rep").first.wait_for()
    for part in ("v=board", "cmp=2026-04,2026-05", "ind=laid", f"at={AHEAD}"):
        assert part in page.url
    one = next(
        one for one in told(page, month="2026-05", compare="2026-04", indicator="laid")["rows"] if one["code"] == AHEAD
    )
    assert page.locator(f"#at-{AHEAD} .chg").inner_text() == f"+{one['change']:.1f}"
    before = steady(page, page.locator(".board").inner_text)
    page.reload()
    page.locator(".inner .rep").first.wait_for()
    wait_for(page, "document.querySelector('.board').getAttribute('aria-busy')", "false")
    assert steady(page, page.locator(".board").inner_text) == before
    with page.expect_download() as download:
        page.get_by_role("link", name="下载表格").click()
    table = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "云溪街道,79.0,69.0,10.0,1.0" in table


@pytest.mark.usefixtures("board")
def test_a_phone_shows_table_or_map(visit):
    page = opened(visit, viewport=PHONE)
    assert page.locator(f"#at-{AHEAD} .bar").is_visible()
    page.get_by_role("button", name="看地图").click()
    drawn(page)
    assert page.locator(".tb").count() == 0
    press_area(page, AHEAD)
    expect(page.locator(".bstrip")).to_contain_text("领先 10 个点")
    page.get_by_role("button", name="看榜单").click()
    page.locator(".inner .rep").first.wait_for()
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator(".inner")).to_have_count(0)


@pytest.mark.usefixtures("board")
def test_the_keyboard_alone_reaches_every_figure(visit):
    page = opened(visit)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.closest('tr')?.id ?? document.activeElement.className"))
    assert {f"at-{code}" for code in (TOWN, AHEAD, EVEN, BEHIND)} <= reached
    page.locator(f"#at-{EVEN} .fig button").focus()
    page.keyboard.press("Enter")
    page.locator(".inner .rep").first.wait_for()
    wait_for(page, "document.activeElement.getAttribute('aria-expanded')", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".inner")).to_have_count(0)
    page.get_by_role("toolbar", name="指标").locator("[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_for(page, "location.search.includes('ind=laid')")


def test_nothing_of_the_board_is_fetched_before_it_is_opened(visit):
    page = visit("/")
    page.wait_for_timeout(300)
    names = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert [name for name in names if "board" in name or "townships/features" in name] == []


def test_a_county_without_progress_says_so(county, visit):
    Progress.objects.all().delete()
    page = visit("/?v=board")
    expect(page.get_by_text("还没有填报过进度")).to_be_visible()


@pytest.mark.usefixtures("board")
def test_an_error_says_what_why_and_what_to_do(visit):
    page = visit("/")
    body = {"code": "unavailable", "message": "数据库正在维护。"}
    page.route(
        "**/api/projects/board?*",
        lambda route: route.fulfill(status=503, content_type="application/json", body=json.dumps(body)),
    )
    page.get_by_role("link", name="进度榜").click()
    note = page.locator(".note.late")
    expect(note).to_contain_text("进度榜没有加载出来。 数据库正在维护。")
    page.unroute("**/api/projects/board?*")
    note.get_by_role("button", name="再试一次").click()
    page.locator(".tb tbody tr").first.wait_for()


@pytest.mark.usefixtures("board")
def test_an_unknown_indicator_in_the_address_is_said(visit):
    page = visit("/?v=board&ind=nothing")
    expect(page.locator(".note.late")).to_contain_text("没有指标“nothing”。")


@pytest.mark.usefixtures("board")
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wider_than_its_place(visit, viewport, lang):
    page = opened(visit, f"/?v=board&at={BEHIND}&cmp=2026-04,&lang={lang}", viewport=viewport)
    page.locator(".inner .rep").first.wait_for()
    assert page.locator(".pane").evaluate("pane => pane.scrollWidth <= pane.clientWidth")


@pytest.mark.usefixtures("board")
def test_print_has_the_table_then_the_map_and_no_controls(visit):
    page = opened(visit)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 pixels to the inch
    for hidden in (".bacts", ".chips", ".top", ".tabbar", ".mctl"):
        assert page.locator(hidden).first.is_hidden(), hidden
    key, area = page.locator(".akey").bounding_box(), page.locator("#map").bounding_box()
    assert key["y"] + key["height"] <= area["y"], "what the colours mean stands above the map, in the flow"
    assert page.locator(".tb thead").is_visible(), "a table, not cards"
    assert page.locator(".pane").evaluate("pane => pane.scrollHeight <= pane.clientHeight + 1"), "nothing is cut off"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
