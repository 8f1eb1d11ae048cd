"""The list in a real browser: the rows of the map and of its filters, reached without a mouse, honest when empty."""

import datetime as dt
import math
import re

import pytest
from playwright.sync_api import expect

from kernel import clock
from tests.browser import DESKTOP, PHONE
from tests.e2e.pages import (
    HETANG,
    QIAOTOU,
    colour,
    hash_at,
    is_clear,
    is_painted,
    make_county,
    steady,
    until,
    wait_for,
)
from tests.e2e.test_public_page import CORNER, PRI, fail
from tests.factories import facilities, places, projects

FAR = "990521016016"
"""A village in the far corner of the county."""
TOP, LIST = 56, 560
"""Pixels of the top bar and of the list (tokens.css, map.css)."""
HERE = hash_at(*places.lonlat(HETANG), zoom=13)
ROWS = "[...document.querySelectorAll('.rows button.li')].map(row => Number(row.id.slice(4)))"


@pytest.fixture
def county(transactional_db):
    """Five projects in three villages, of five looks, two of them over before July."""
    with clock.freeze("2026-06-30", everywhere=True):
        make_county()
        far = places.village(FAR, "远山村")
        for name, village, status, start, end in (
            ("桥头村道路硬化", QIAOTOU, "stopped", (2026, 1, 5), (2026, 3, 31)),
            ("桥头村路灯", QIAOTOU, "normal", (2026, 5, 1), (2026, 12, 31)),
            ("远山村小学", FAR, "done", (2025, 2, 1), (2025, 11, 30)),
            ("远山村水库加固", FAR, "normal", (2026, 6, 1), (2027, 6, 30)),
        ):
            place = far if village == FAR else places.village(village)
            more = {"planned_start": dt.date(*start), "planned_end": dt.date(*end)}
            projects.project(place, name=name, status=status, **more)
        yield


@pytest.fixture
def visit(visit):
    """Opens the list and waits for its rows, or for what stands in their place."""

    def go(path="/?v=list", **options):
        page = visit(path, **options)
        page.locator(".rows, .empty, .note.late, .sec").first.wait_for()
        return page

    return go


def box_of(hash_, viewport):
    """West, south, east, north of the map beside the list, from its address and its size."""
    zoom, lat, lon = (float(part) for part in hash_.lstrip("#").split("/"))
    world = 256 * 2**zoom
    x, y = (lon + 180) / 360 * world, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * world
    half = (viewport["width"] - LIST) / 2, (viewport["height"] - TOP) / 2

    def lat_at(row):
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / world))))

    west, east = ((x + sign * half[0]) / world * 360 - 180 for sign in (-1, 1))
    return west, lat_at(y + half[1]), east, lat_at(y - half[1])


@pytest.mark.parametrize(
    ("asked", "query", "expected"),
    [
        ("", "", 3),
        ("&f=projects.status:late,stopped", "&status=late,stopped", 2),
        ("&f=projects.township:990521016&in=county", "&township=990521016", 2),
        ("&t=2026-01..2026-03", "&datetime=2026-01-01/2026-03-31", None),
    ],
)
def test_the_rows_are_those_of_the_address_for_the_same_box(visit, asked, query, expected):
    page = visit(f"/?v=list{asked}{HERE}")
    box = "" if "in=county" in asked else "&bbox=" + ",".join(f"{edge:.5f}" for edge in box_of(HERE, DESKTOP))
    found = page.request.get(f"{page.url.split('/?')[0]}/api/layers/projects/features?limit=200{box}{query}").json()
    ids = {feature["id"] for feature in found["features"]}
    assert ids, "an empty list would prove nothing"
    assert expected is None or len(ids) == expected
    wait_for(page, f"{ROWS}.length", len(ids))
    assert set(page.evaluate(ROWS)) == ids
    expect(page.locator(".lsum [role=status]")).to_have_text(re.compile(f"^共 {len(ids)} 个"))


def test_the_list_follows_the_map_unless_told_otherwise(visit):
    page = visit(f"/?v=list{HERE}")
    wait_for(page, f"{ROWS}.length", 3)
    page.goto(f"{page.url.split('#')[0]}{hash_at(*places.lonlat(FAR), zoom=14)}")
    page.reload()
    wait_for(page, f"{ROWS}.length", 2)
    page.get_by_role("checkbox", name="移动地图时更新列表").uncheck()
    wait_for(page, f"{ROWS}.length", 5)
    assert "in=county" in page.url
    page.reload()
    wait_for(page, f"{ROWS}.length", 5)


def test_a_filter_drives_list_map_counts_and_says_so(visit):
    page = visit(f"/?v=list{hash_at(*places.lonlat(HETANG))}")
    assert is_painted(page, ".overlay", *CORNER, PRI)
    page.get_by_role("toolbar", name="按工程项目筛选").get_by_role("button", name="停工").click()
    page.get_by_text("筛选中：").wait_for()
    expect(page.locator(".hint")).to_contain_text("停工")
    expect(page.get_by_role("region", name="图层与图例").get_by_text("1 / 5")).to_be_visible()
    assert is_clear(page, ".overlay", *CORNER), "the late project is not drawn any more"
    page.get_by_role("button", name="清除全部筛选").first.click()
    expect(page.locator(".hint")).to_have_count(0)
    assert is_painted(page, ".overlay", *CORNER, PRI)
    page.go_back()
    page.get_by_text("筛选中：").wait_for()


def test_a_legend_line_filters_without_the_list(visit):
    page = visit("/")
    page.get_by_role("button", name="工程项目图例").click()
    page.get_by_role("group", name="工程项目图例").get_by_role("button", name="滞后").click()
    expect(page.locator(".hint")).to_contain_text("筛选中：滞后")
    assert "f=projects.status:late" in page.url


def test_months_are_chosen_by_keys_and_drive_everything(visit):
    page = visit("/?v=list&in=county")
    page.get_by_text("乡镇和月份").click()
    first, last = page.get_by_role("group", name="月份").locator("select").all()
    first.select_option("2026-01")
    last.select_option("2026-03")
    assert "t=2026-01..2026-03" in page.url
    expect(page.locator(".hint")).to_contain_text("2026 年 1–3 月")
    expect(page.get_by_role("region", name="图层与图例").get_by_text(re.compile(r"^\d / 5$"))).to_be_visible()
    wait_for(page, f"{ROWS}.length < 5")
    page.get_by_role("button", name="去掉“2026 年 1–3 月”").click()
    wait_for(page, f"{ROWS}.length", 5)


def test_by_keyboard_from_the_start_of_the_page_to_photo_and_phone(visit):
    page = visit("/")
    tab_to(page, "document.activeElement.textContent === '列表'")
    page.keyboard.press("Enter")
    page.locator(".rows").wait_for()
    stops = tab_to(page, "document.activeElement.matches('.rows .li')", most=40)
    assert "荷塘村供水管网改造" in page.evaluate("document.activeElement.textContent"), "the worst comes first"
    assert stops <= 25, "stops from the tab to the first row"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="荷塘村供水管网改造").first.wait_for()
    page.locator("button.photo").wait_for()
    tab_to(page, "document.activeElement.matches('button.photo')", most=40)
    tab_to(page, "document.activeElement.matches('a.call')", most=40)


def tab_to(page, script, most=20):
    """Presses Tab until ``script`` holds; how many times."""
    for pressed in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate(script):
            return pressed
    raise AssertionError(f"{script} within {most} stops")


def test_the_list_has_few_tab_stops_however_many_rows(visit):
    page = visit("/?v=list&in=county")
    stops = tab_to(page, "document.activeElement === document.body", most=40) - 1
    assert stops <= 25
    page.locator(".rows button.li").first.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.id") == page.locator(".rows button.li").last.get_attribute("id")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_back_returns_to_the_row_and_to_where_the_list_stood(visit, viewport):
    page = visit("/?v=list&in=county", viewport={**viewport, "height": 480})
    row = page.locator(".rows button.li").nth(3)
    name = row.locator(".t").inner_text()
    row.scroll_into_view_if_needed()
    row.click()
    page.get_by_role("heading", name=name).first.wait_for()
    page.go_back()
    page.locator(".rows").wait_for()
    wait_for(page, "document.activeElement.querySelector('.t')?.textContent", name)
    wait_for(page, "document.querySelector('.pane').scrollTop > 0")


def test_the_map_and_the_list_mark_each_other(visit):
    page = visit(f"/?v=list{hash_at(*places.lonlat(HETANG))}")
    wait_for(page, f"{ROWS}.length > 0")
    before = steady(page, lambda: colour(page, ".overlay", -16, 0))
    page.locator(".rows button.li").first.hover()
    until(page, lambda: colour(page, ".overlay", -16, 0) != before)  # the row's mark is drawn as the chosen one
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".rows button.li.on")).to_have_count(1)


def test_search_knows_pinyin_and_a_kind_leads_to_all_of_it(visit):
    facilities.facility(QIAOTOU, name="桥头公厕")
    page = visit("/?v=list&in=county")
    page.get_by_role("textbox", name="在列表里搜索").fill("yuanshan")
    wait_for(page, f"{ROWS}.length", 2)
    page.get_by_role("textbox", name="在列表里搜索").fill("没有的")
    page.get_by_text("这些里没有“没有的”").wait_for()
    page.get_by_role("link", name="地图").click()
    page.get_by_role("combobox").fill("公厕")
    page.get_by_role("option").filter(has_text="一类设施").click()
    page.get_by_role("option", name="全部公厕").click()
    page.get_by_role("heading", name="云溪的公共设施").wait_for()
    assert "f=facilities.category:toilet" in page.url
    page.go_back()
    page.get_by_role("heading", name="今天的云溪").wait_for()


def test_what_is_empty_fails_or_is_unknown_is_said_with_a_way_on(visit):
    page = visit("/?v=list&f=projects.status:cancelled;projects.colour:red")
    page.get_by_text("链接里有不认识的筛选条件（projects.colour）").wait_for()
    expect(page.locator(".empty")).to_contain_text("没有“取消”的工程项目")
    assert "projects.colour:red" in page.url, "what is not known is kept"
    page.locator(".empty").get_by_role("button", name="看全县").click()
    page.locator(".empty").get_by_text("全县没有").wait_for()
    page.route("**/projects/features?*", fail(503, {"code": "unavailable", "message": "数据库正在维护。"}))
    page.locator(".empty").get_by_role("button", name="清除全部筛选").click()
    page.locator(".lbody .note.late").get_by_text("工程项目没有加载出来。").wait_for()
    page.unroute("**/projects/features?*")
    page.get_by_role("button", name="再试一次").click()
    wait_for(page, f"{ROWS}.length", 5)
    page.route("**/projects/features?*", lambda route: route.abort())
    page.get_by_role("toolbar", name="按工程项目筛选").get_by_role("button", name="滞后").click()
    page.locator(".lbody .note.soon").get_by_text("没有网络。").wait_for()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("projects.category:pipe", "供水管网"),
        (f"projects.village:{HETANG}", "荷塘村"),
        ("projects.category:none", "none"),
    ],
)
def test_a_filter_by_a_key_says_what_people_call_it(visit, asked, told):
    page = visit(f"/?v=list&in=county&f={asked}")
    expect(page.locator(".hint")).to_contain_text(told)
    expect(page.locator(".inforce")).to_contain_text(told)
