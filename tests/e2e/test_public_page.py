"""The public page in a real browser: what is drawn, what is said, what the keyboard reaches, what goes wrong well."""

import json

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import expect

from places.models import BaseFeature
from tests.browser import DESKTOP, PHONE
from tests.e2e.pages import (
    FIRST_DATA,
    HETANG,
    LAND,
    OUT,
    address_at_rest,
    at_rest,
    colour,
    hash_at,
    is_clear,
    is_painted,
    metres_to_pixels,
    press_map,
    steady,
    until,
    wait_for,
)
from tests.factories import incidents, places, projects

PRI = (36, 80, 143)
CORNER = (-9, -11)
"""Pixels off the middle of a project's mark: inside a square, outside a circle, beside its icon and the name."""


DRAWN = """([dx, from, to]) => {
  const map = document.getElementById('map').getBoundingClientRect();
  const canvas = document.querySelector('canvas.overlay');
  const [box, k] = [canvas.getBoundingClientRect(), canvas.width / canvas.getBoundingClientRect().width];
  const [x, y] = [map.x + map.width / 2 + dx - box.x, map.y + map.height / 2 - box.y];
  const data = canvas.getContext('2d').getImageData(x * k, (y + from) * k, 1, (to - from) * k).data;
  const rows = [...Array(Math.round((to - from) * k)).keys()].filter((row) => data[4 * row + 3] > 128);
  return {top: from + rows[0] / k, height: (rows[rows.length - 1] - rows[0]) / k};
}"""
"""Where the overlay is painted in a column of pixels beside the middle of the map, in pixels off the middle."""


LINES = """() => {
  const canvas = document.querySelector('canvas.overlay');
  if (!canvas) return null; // the page is being loaded again
  const {width, height} = canvas;
  const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  const isInk = (at) => data[at + 3] > 200 && data[at] + data[at + 1] + data[at + 2] < 200;
  const rows = [...Array(height).keys()].map((y) => [...Array(width).keys()].some((x) => isInk(4 * (y * width + x))));
  return rows.filter((ink, row) => ink && !rows[row - 1]).length;
}"""
"""How many lines of text are written on the map: in rings, and the name below."""


def open_by_search(page, text="荷塘", title="荷塘村"):
    """Search and choose by keyboard alone."""
    page.get_by_role("combobox").focus()
    page.keyboard.type(text)
    wanted = page.get_by_role("option").filter(has=page.get_by_text(title, exact=True))
    wanted.wait_for()
    for _ in range(12):
        if wanted.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_the_map_draws_the_land_its_outside_and_the_project_as_a_square(visit):
    lon, lat = places.lonlat(HETANG)
    page = visit(f"/{hash_at(lon, lat)}")
    assert is_painted(page, ".overlay", *CORNER, PRI), "a square reaches into its corners; a circle would not"
    assert is_painted(page, ".base canvas", 60, 60, LAND)
    south = places.bbox(places.COUNTY)[1]
    away = metres_to_pixels((lat - south) * 111_320, lat, 12)
    page.goto(f"{page.url.split('#')[0]}{hash_at(lon, lat, 12)}")
    page.reload()
    wait_for(page, FIRST_DATA, 1)
    assert is_painted(page, ".base canvas", 0, away + 60, OUT), "south of the county nothing is land"


CORNERS = """([west, south, east, north]) => {
  const map = document.getElementById('map').getBoundingClientRect();
  const [, zoom, lat, lon] = /#([\\d.]+)\\/([\\d.]+)\\/([\\d.]+)/.exec(location.hash).map(Number);
  const down = (each) => Math.asinh(Math.tan(each * Math.PI / 180)) * 180 / Math.PI;
  const pixel = 256 * 2 ** zoom / 360;
  const at = (each, up) => [map.x + map.width / 2 + (each - lon) * pixel,
    map.y + map.height / 2 - (down(up) - down(lat)) * pixel];
  const [[left, bottom], [right, top]] = [at(west, south), at(east, north)];
  const card = document.querySelector('.lay').getBoundingClientRect();
  return {left: left - map.left, right: map.right - right, top: top - map.top, bottom: map.bottom - bottom,
    clear: Math.max(card.left - right, top - card.bottom)};
}"""
"""How far the edges of an area are from those of the map, and from the layer card: pixels, negative where outside."""


@pytest.mark.parametrize("code", [places.COUNTY, HETANG])
def test_what_is_fitted_keeps_clear_of_the_layer_card_and_tiles_are_sharp(visit, code):
    page = visit(f"/?sel=village:{HETANG}" if code == HETANG else "/")
    page.set_viewport_size({"width": 1400, "height": 820})  # it is fitted again, and the address says where
    wait_for(page, "location.hash !== ''")
    room = steady(page, lambda: page.evaluate(CORNERS, places.bbox(code)))
    assert min(room.values()) >= 0, room
    assert code == HETANG or room["top"] < 24, f"as large as it can be: {room}"
    wait_for(page, SOFT, [])
    for _ in range(2 if code == places.COUNTY else 0):  # a legend is opened, and closed
        page.get_by_role("button", name="工程项目图例").click()
        room = steady(page, lambda: page.evaluate(CORNERS, places.bbox(code)))
        assert min(room.values()) >= 0, room
    before = page.url
    page.reload()
    wait_for(page, FIRST_DATA, 1)
    wait_for(page, SOFT, [])
    assert page.url == before
    room = f"({CORNERS})({json.dumps(places.bbox(code))})"
    for height, clear in ((640, "right - room.left > 40"), (915, "bottom >= 332")) if code == places.COUNTY else ():
        page.set_viewport_size({"width": 360, "height": height - 8})
        page.goto(before.split("#")[0])  # on phones it lies beside the controls, and above the sheet and what is on it
        wait_for(page, FIRST_DATA, 1)
        page.set_viewport_size({"width": 360, "height": height})
        wait_for(page, f"location.hash !== '' && (room => room.{clear})({room})")


SOFT = """[...document.querySelectorAll('.base canvas.leaflet-tile-loaded')].map((tile) =>
  [tile.width, tile.getBoundingClientRect().width]).filter(([drawn, shown]) => Math.abs(drawn - shown) > 0.1)"""
"""Tiles that are not shown as large as they were painted."""


def test_reports_of_the_past_are_small_beside_those_that_wait(visit):
    lon, lat = places.lonlat(HETANG)
    for east, state in ((-80, "accepted"), (80, "closed")):
        place = (lon + east * 360 / (256 << 15), lat)
        incidents.report(HETANG, state, lonlat=place, category=incidents.category(precision_m=0))
    page = visit(f"/{hash_at(lon, lat)}")
    for dx in (-80, 80):
        wait_for(page, f"({DRAWN})([{dx}, -110, 110]).height > 8")
    [waits, past] = [page.evaluate(DRAWN, [dx, -110, 110]) for dx in (-80, 80)]
    assert waits["height"] > 2 * past["height"] > 16
    assert past["top"] + past["height"] / 2 == pytest.approx(0, abs=2), "it stands on its place, without a stem"


def test_two_layers_counted_for_one_township_share_a_ring(visit):
    lon, lat = places.lonlat(HETANG)
    point = Point(lon, lat, srid=4326)
    BaseFeature.objects.create(county_id=places.COUNTY, layer="label", kind="township", name="石桥镇", geom=point)
    for number in range(40):
        projects.project(name=f"第 {number} 段")
    page = visit(f"/{hash_at(lon, lat, 10)}")
    wait_for(page, LINES, 2)  # a number, and the name
    for _ in range(40):
        incidents.report(HETANG)
    page.reload()
    wait_for(page, LINES, 3)


def test_a_village_is_pressed_and_says_everything(visit):
    lon, lat = places.lonlat(HETANG)
    page = visit(f"/{hash_at(lon, lat)}")
    press_map(page, 70, 70)
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    assert "sel=village:990521003007" in page.url
    panel = page.get_by_role("complementary")
    expect(panel.get_by_text("云溪县").first).to_be_visible()
    expect(panel.get_by_text("412 户")).to_be_visible()
    expect(panel.get_by_role("img", name="沟槽里的蓝色供水管")).to_have_count(1)
    expect(panel.get_by_text("滞后").first).to_be_visible()
    expect(panel.get_by_text("比计划少 8 个点")).to_be_visible()
    expect(panel.get_by_role("img", name="管道铺设率按月进度曲线。2026 年 6 月：实际 62%，计划 70%")).to_have_count(1)
    numbers = {link.get_attribute("href") for link in panel.locator("a.call").all()}
    assert numbers == {"tel:057201230001", "tel:057208016230"}
    expect(panel.get_by_role("button", name="文化广场公厕")).to_have_count(1)
    expect(panel.get_by_text("环境影响报告公示")).to_have_count(1)


def boxes(page):
    """Where the map and the canvas of its marks lie: x, y, width, height."""
    return [page.locator(each).first.bounding_box() for each in ("#map", "canvas.overlay")]


@pytest.mark.parametrize(("scheme", "look"), [("dark", "invert(1) hue-rotate(180deg)"), ("light", "none")])
def test_paper_is_light(visit, scheme, look):
    page = visit("/", color_scheme=scheme)
    page.pdf()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.overlay')).filter") == look


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_paper_shows_the_middle_of_what_was_seen(visit, viewport):
    page = visit(f"/?sel=village:{HETANG}", viewport=viewport)
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    screen, marks = steady(page, lambda: boxes(page))
    [sheet] = at_rest(page.get_by_role("complementary"))
    if viewport == PHONE:
        middle = (screen["x"] + screen["width"] / 2, screen["y"] + (64 + sheet["y"] - screen["y"]) / 2)
    else:
        middle = (screen["x"] + screen["width"] / 2, screen["y"] + (8 + screen["height"] - 32) / 2)
    page.emulate_media(media="print")
    paper, printed = boxes(page)
    scale = printed["width"] / marks["width"]
    x, y = (printed[axis] + (at - marks[axis]) * scale for axis, at in zip("xy", middle, strict=True))
    assert abs(x - paper["x"] - paper["width"] / 2) < 2
    assert abs(y - paper["y"] - paper["height"] / 2) < 2


def test_around_the_selected_village_the_map_is_paled(visit):
    lon, lat = places.lonlat(HETANG)
    page = visit(f"/?sel=village:{HETANG}{hash_at(lon, lat, 14)}")
    half = metres_to_pixels(0.005 * 111_320, lat, 14)
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    until(page, lambda: 120 <= colour(page, ".overlay", 0, half + 40)[3] <= 135)  # half a veil outside
    assert colour(page, ".overlay", 30, -30)[3] == 0, "nothing lies over the village itself"


def test_on_a_phone_the_county_fills_the_part_of_the_map_that_is_seen(visit):
    page = visit("/", viewport=PHONE)
    zoom, lat, lon = map(float, address_at_rest(page).partition("#")[2].split("/"))
    west, south, east, north = places.bbox(places.COUNTY)
    width = (east - west) / 360 * 256 * 2**zoom
    assert width == pytest.approx(PHONE["width"] - 16 - 24, abs=3), "as wide as the map without its edges"
    height = metres_to_pixels((north - south) * 111_320, lat, zoom)
    sheet = page.locator("aside.panel").bounding_box()["y"]
    assert height > sheet - 108 - 40 - 24, "higher than what is seen: a county as wide as high hangs over"
    assert lon == pytest.approx((west + east) / 2, abs=1e-3)


def test_back_closes_the_panel_and_a_permalink_restores_it(visit, browser_page):
    page = visit("/")
    open_by_search(page)
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    link = address_at_rest(page)
    page.go_back()
    page.get_by_role("heading", name="今天的云溪").wait_for()
    assert "sel=" not in page.url
    page.go_forward()
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    other = browser_page(viewport=DESKTOP)
    other.goto(link)
    other.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    assert address_at_rest(other) == link, "the same village and the same view"


def test_layers_are_switched_and_the_address_says_so(visit):
    lon, lat = places.lonlat(HETANG)
    page = visit(f"/{hash_at(lon, lat)}")
    page.get_by_role("checkbox", name="工程项目").uncheck()
    assert is_clear(page, ".overlay", *CORNER), "the square is gone"
    assert "l=" in page.url
    assert "projects" not in page.url
    page.reload()
    page.get_by_role("checkbox", name="工程项目").wait_for()
    assert not page.get_by_role("checkbox", name="工程项目").is_checked()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_keyboard_alone_reaches_photo_and_phone(visit, viewport):
    page = visit("/", viewport=viewport)
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement === document.body ? '' : document.activeElement.id || 'x'"))
        if not stops[-1]:
            break
    assert stops.count("map") == 1
    assert len(stops) - 1 <= 25, "tab stops of the first screen"
    open_by_search(page)
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.className"))
    assert {"photo", "call pri", "call"} <= reached
    page.locator("button.photo").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    wait_for(page, "document.activeElement.className", "photo")


def test_enter_on_the_map_opens_what_is_at_its_centre(visit):
    lon, lat = places.lonlat(HETANG)
    page = visit(f"/{hash_at(lon, lat)}")
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="荷塘村供水管网改造").first.wait_for()
    assert "sel=projects:" in page.url


def test_the_sheet_of_a_phone_has_three_heights_for_keys_too(visit):
    page = visit(f"/?sel=village:{HETANG}", viewport=PHONE)
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    handle = page.locator(".grab")
    for key, height in (("", 540), ("ArrowUp", PHONE["height"] - 12), ("ArrowDown", 540), ("ArrowDown", 292)):
        if key:
            handle.press(key)
        until(page, lambda height=height: round(page.locator(".panel").bounding_box()["height"]) == height)


def test_english_is_english(visit):
    page = visit(f"/?lang=en&sel=village:{HETANG}")
    page.get_by_role("heading", name="Hetang Village", exact=True).wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_text("8 points behind plan")).to_have_count(1)
    assert page.get_by_role("link", name="中文").get_attribute("href").startswith("/?lang=zh")


def fail(status, body=None):
    return lambda route: route.fulfill(
        status=status, content_type="application/json", body=json.dumps(body or {"code": "x", "message": ""})
    )


def test_an_error_says_what_why_and_what_to_do(visit):
    page = visit("/", service_workers="block")  # it would ask in the page's place
    page.route("**/panel?*", fail(503, {"code": "unavailable", "message": "数据库正在维护，预计 10 分钟。"}))
    open_by_search(page)
    note = page.locator(".note.late")
    note.wait_for()
    assert note.inner_text().split() == ["荷塘村没有加载出来。", "数据库正在维护，预计", "10", "分钟。", "再试一次"]
    page.unroute("**/panel?*")
    note.get_by_role("button", name="再试一次").click()
    page.get_by_text("412 户").wait_for()


def test_what_was_opened_has_its_place_before_its_part_of_the_page_is_here(visit, live_site):
    page = visit("/", service_workers="block")
    page.route("**/panel-*.js", lambda route: route.abort())
    page.goto(f"{live_site.url}/?sel=village:{HETANG}")
    panel = page.locator(".panel")
    expect(panel.locator(".note.soon")).to_contain_text("没有网络")
    expect(panel).not_to_contain_text("今天的云溪")
    panel.get_by_role("button", name="关闭").click()
    expect(page.get_by_role("heading", name="今天的云溪")).to_be_visible()
    assert "sel=" not in page.url


def test_without_network_the_last_known_is_shown_with_its_time(visit):
    page = visit(f"/?sel=village:{HETANG}")
    page.get_by_text("412 户").wait_for()
    page.get_by_role("button", name="关闭荷塘村").click()
    page.route("**/panel?*", lambda route: route.abort())
    page.go_back()
    page.locator(".note.soon").wait_for()
    assert "没有网络。 现在看到的是" in page.locator(".note.soon").inner_text()
    expect(page.get_by_text("412 户")).to_be_visible()


def test_a_section_that_failed_leaves_the_others_alone(visit):
    page = visit("/", service_workers="block")  # it would ask in the page's place

    def without_photos(route):
        answer = route.fetch().json()
        for section in answer["sections"]:
            if section["key"] == "photos":
                section.pop("body")
                section["unavailable"] = True
        answer["sections"].append({"key": "later", "title": "以后的应用", "body": {"note": "还没有组件的内容"}})
        route.fulfill(json=answer)

    page.route("**/panel?*", without_photos)
    open_by_search(page)
    page.get_by_text("这一部分暂时打不开").wait_for()
    expect(page.get_by_text("比计划少 8 个点")).to_be_visible()
    expect(page.get_by_text("还没有组件的内容")).to_have_count(1)
