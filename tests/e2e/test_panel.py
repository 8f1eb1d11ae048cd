"""The panel of a village in a real browser: links to its sections, photos by finger and key, facilities, contacts."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.e2e.pages import HETANG, TOWN, until, wait_for
from tests.factories import facilities, places, projects

KEYS = ("photos", "progress", "phones", "issues", "facilities", "notices")
TITLES = ("施工照片", "工程进度", "有问题找谁", "群众反映", "公共设施", "项目公示")
PANEL = f"/?sel=village:{HETANG}"
ALBUM = 35
"""Photos of the water pipes, with the one that every county of these tests has: more than a page."""

TOP = """key => {
  const box = document.querySelector('.panel .body');
  const at = box.querySelector('#section-' + key).getBoundingClientRect().top - box.getBoundingClientRect().top;
  const left = box.scrollHeight - box.clientHeight - box.scrollTop;
  return Math.abs(at) < 2 || (left < 2 && at > 0);
}"""
CURRENT = "document.querySelector('.anch [aria-current]').textContent"


@pytest.fixture
def road(county):
    """A finished road, seen before and after."""
    made = projects.project(county.village, name="村中路", status="done", actual=100)
    projects.project_photo(made, dt.date(2026, 2, 3), moment="before", caption="泥路")
    projects.project_photo(made, dt.date(2026, 6, 20), moment="after", caption="沥青路")
    return made


@pytest.fixture
def album(county, road):
    """Many photos of the pipes over several months, and the road."""
    for number in range(ALBUM - 1):
        projects.project_photo(county, dt.date(2026, 5, 30) - dt.timedelta(days=2 * number), caption=f"第 {number} 段")


def finger(page, start, *ways):
    """One finger down at ``start``, over ``ways``, and up: real touch events, as the browser gets them."""
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        told = {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        touch.send("Input.dispatchTouchEvent", told)

    send("touchStart", start)
    for spot in ways:
        send("touchMove", spot)
    yield
    send("touchEnd")
    yield


@pytest.mark.parametrize(("key", "title"), list(zip(KEYS, TITLES, strict=True)))
def test_a_link_opens_its_section(visit, key, title):
    page = visit(f"{PANEL}&s={key}", viewport=PHONE)
    page.get_by_role("heading", name=title, exact=True).wait_for()
    wait_for(page, f"({TOP})('{key}')")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_in_viewport()


def test_sections_are_links_and_back_returns(visit):
    page = visit(PANEL)
    tabs = page.get_by_role("navigation", name="本页内容").get_by_role("link")
    tabs.first.wait_for()
    assert [tab.get_attribute("href").split("&s=")[1].split("#")[0] for tab in tabs.all()] == list(KEYS)
    tabs.nth(2).click()
    assert "&s=phones" in page.url
    wait_for(page, CURRENT, "电话")
    wait_for(page, "document.activeElement.id", "section-phones")
    tabs.nth(4).press("Enter")
    wait_for(page, CURRENT, "设施 1")
    page.go_back()
    wait_for(page, CURRENT, "电话")
    wait_for(page, f"({TOP})('phones')")
    page.go_back()
    wait_for(page, CURRENT, "照片 1")
    wait_for(page, "document.querySelector('.panel .body').scrollTop", 0)
    page.get_by_role("button", name="关闭荷塘村").click()
    assert "s=" not in page.url.split("#")[0]


def test_a_section_of_a_later_app_has_a_link_too_and_an_unknown_one_is_the_top(visit):
    page = visit("/", service_workers="block")  # it would ask in the page's place

    def with_more(route):
        answer = route.fetch().json()
        answer["sections"].append({"key": "later", "title": "以后的应用", "body": {"note": "还没有组件的内容"}})
        route.fulfill(json=answer)

    page.route("**/panel?*", with_more)
    page.goto(f"{page.url.split('#')[0]}?sel=village:{HETANG}&s=later")
    page.get_by_text("还没有组件的内容").wait_for()
    wait_for(page, CURRENT, "以后的应用")
    expect(page.get_by_text("还没有组件的内容")).to_be_in_viewport()
    page.goto(page.url.replace("s=later", "s=never"))
    page.get_by_role("heading", name="施工照片").wait_for()
    wait_for(page, "document.querySelector('.panel .body').scrollTop", 0)


def test_the_page_without_scripts_has_the_same_sections(live_site, county, browser_page):
    page = browser_page(java_script_enabled=False)
    page.goto(f"{live_site.url}/village/{HETANG}")
    ids = [section.get_attribute("id") for section in page.locator("main > section").all()]
    assert ids[: len(KEYS)] == list(KEYS)


def test_the_photo_follows_the_finger_and_is_turned_over(album, visit):
    page = visit(PANEL, viewport=PHONE, has_touch=True)
    page.locator("button.photo").first.tap()
    count = page.get_by_role("dialog").get_by_text("第 1 张，共 37 张")
    count.wait_for()
    short = finger(page, (200, 400), (190, 400), (170, 400))
    next(short)
    wait_for(page, "document.querySelector('.strip').style.transform", "translateX(-30px)")
    next(short)
    wait_for(page, "document.querySelector('.strip').style.transform", "translateX(0px)")
    expect(count).to_be_visible()
    left = finger(page, (300, 400), (260, 400), (200, 400))
    assert [None for _ in left]
    expect(page.get_by_text("第 2 张，共 37 张")).to_be_visible()
    assert [None for _ in finger(page, (100, 400), (160, 400), (250, 400))]
    expect(count).to_be_visible()
    assert [None for _ in finger(page, (100, 400), (160, 400), (250, 400))]
    expect(count).to_be_visible()  # there is none before the first


def test_two_taps_bring_the_photo_closer(album, visit):
    page = visit(PANEL, viewport=PHONE, has_touch=True)
    page.locator("button.photo").first.tap()
    page.get_by_text("第 1 张，共 37 张").wait_for()
    taps = {"x": 200, "y": 400, "tapCount": 2, "duration": 20, "gestureSourceType": "touch"}
    page.context.new_cdp_session(page).send("Input.synthesizeTapGesture", taps)
    wait_for(page, "document.querySelector('.strip').dataset.scale", "2.5")
    assert [None for _ in finger(page, (300, 400), (200, 400), (150, 400))]
    expect(page.get_by_text("第 1 张，共 37 张")).to_be_visible()  # moved about, not turned over
    page.keyboard.press("-")
    wait_for(page, "document.querySelector('.strip').dataset.scale", "1")


def test_keys_turn_over_every_photo_of_the_place(album, visit):
    page = visit(PANEL)
    page.locator("button.photo").first.click()
    for number in range(1, 38):
        expect(page.get_by_text(f"第 {number} 张，共 37 张")).to_be_visible()
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("第 37 张，共 37 张")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("2 月 3 日拍摄")).to_be_visible()
    expect(page.get_by_role("button", name="下一张")).to_have_attribute("aria-disabled", "true")


def test_the_gallery_has_all_photos_by_project_and_month(album, visit):
    page = visit(PANEL)
    opener = page.get_by_role("button", name="全部 37 张")
    opener.click()
    gallery = page.get_by_role("dialog", name="荷塘村施工照片，共 37 张")
    thumbs = gallery.locator(".photo")
    expect(thumbs).to_have_count(37)
    months = [month.get_attribute("aria-label") for month in gallery.locator("section section:has(.photo)").all()]
    assert months == [f"2026 年 {month} 月" for month in (6, 5, 4, 3, 2)]
    assert {image.get_attribute("loading") for image in gallery.locator("img").all()} == {"lazy"}
    gallery.get_by_role("button", name="村中路 2").click()
    expect(thumbs).to_have_count(2)
    gallery.get_by_role("button", name="荷塘村供水管网改造 35").click()
    expect(thumbs).to_have_count(35)
    thumbs.nth(34).press("Enter")
    expect(page.get_by_text("第 35 张，共 35 张")).to_be_visible()
    page.keyboard.press("Escape")
    wait_for(page, "document.activeElement.className", "photo")
    page.keyboard.press("Escape")
    expect(gallery).to_have_count(0)
    wait_for(page, "document.activeElement.textContent", "全部 37 张")


def test_before_and_after_are_compared_by_keyboard(road, visit):
    page = visit(PANEL)
    slider = page.get_by_role("slider", name="村中路前后对比")
    expect(slider).to_have_value("50")
    figure = page.locator("figure.pair")
    assert [label.inner_text() for label in figure.locator("b").all()] == ["施工前 2 月 3 日", "完工后 6 月 20 日"]
    width = page.locator(".two").bounding_box()["width"]
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "左边 60% 是施工前")
    shown = page.evaluate("getComputedStyle(document.querySelector('.two .before')).clipPath")
    assert shown == "inset(0px 40% 0px 0px)"
    page.emulate_media(media="print")
    boxes = [side.bounding_box() for side in figure.locator(".two > div").all()]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"], "on paper they lie side by side"
    assert boxes[0]["width"] < width


@pytest.mark.parametrize(
    ("later", "why"),
    [
        ({"moment": "after", "day": 1}, "taken before the works, it cannot show their end"),
        ({"moment": "after", "day": 20, "elsewhere": True}, "another village"),
        ({"moment": "during", "day": 20}, "the works are not over: shown beside each other, in the gallery only"),
    ],
)
def test_no_pair_is_invented(county, visit, later, why):
    village = places.village("990521003006", "桥头村") if later.get("elsewhere") else county.village
    projects.project_photo(county, dt.date(2026, 6, 10), moment="before")
    projects.project_photo(county, dt.date(2026, 6, later["day"]), moment=later["moment"], village=village)
    page = visit(f"/?sel=township:{TOWN}")
    page.locator("button.photo").first.wait_for()
    assert page.get_by_role("slider").count() == 0, why


def test_facilities_are_told_by_kind_distance_hours_and_phone(county, visit):
    west, south, *_ = places.bbox(HETANG)
    for key, title, hours in (("clinic", "卫生室", "全天开放"), ("hall", "文化礼堂", "有活动时")):
        kind = facilities.category(key, title)
        facilities.facility(
            HETANG, name=f"荷塘{title}", category=kind, hours=hours, phone="0572-0101 0001",
            lonlat=(west + 0.003, south + 0.004),
        )  # fmt: skip
    page = visit(f"{PANEL}&s=facilities", geolocation={"longitude": west + 0.0021, "latitude": south + 0.002},
                 permissions=["geolocation"])  # fmt: skip
    section = page.locator("#section-facilities")
    names = section.locator(".fac .t")
    expect(names).to_have_count(3)
    expect(section.get_by_role("link", name="打给荷塘卫生室，0572-0101 0001")).to_have_attribute(
        "href", "tel:057201010001"
    )
    assert "正在开放" in section.locator(".fac", has_text="荷塘卫生室").inner_text()
    told = section.locator(".fac", has_text="荷塘文化礼堂").inner_text()
    assert "有活动时" in told
    assert "开放" not in told
    assert names.nth(2).inner_text() == "文化广场公厕"
    page.get_by_role("button", name="到我的位置").click()
    expect(names.first).to_have_text("文化广场公厕")
    expect(section.get_by_text("离您近的在前")).to_be_visible()
    section.get_by_role("button", name="卫生室 1").click()
    expect(names).to_have_text(["荷塘卫生室"])


def test_contacts_stand_by_level_and_the_right_number_is_solid(county, visit):
    places.contact(places.Place.objects.get(pk=TOWN), "驻村干部", "0572-0801 0002", duty="村里定不了的事")
    page = visit(f"{PANEL}&s=phones")
    section = page.locator("#section-phones")
    expect(section.locator("h4")).to_have_text(["村级", "镇级"])
    expect(section.locator("a.call.pri")).to_have_count(1)
    expect(section.locator("a.call.pri")).to_have_text("0572-0123 0001")


def test_the_board_is_one_press_away(county, visit):
    page = visit(f"{PANEL}&s=progress")
    page.get_by_role("link", name="全部进度").click()
    until(page, lambda: set(page.url.split("?")[1].split("#")[0].split("&")) == {"v=board", f"at={TOWN}"})


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_gallery_and_photo_are_accessible(album, visit, lang, viewport):
    page = visit(f"{PANEL}&lang={lang}", viewport=viewport, bypass_csp=True)
    page.locator(".sech .link").click()
    page.locator(".gallery .photo").first.wait_for()
    assert accessible.faults(page) == []
    page.locator(".gallery .photo").nth(1).click()
    page.locator(".lightbox .lbcap").wait_for()
    assert accessible.faults(page) == []


HOURS = {
    "全天开放": "正在开放",
    "24 小时": "正在开放",
    "周一至周五 8:30–17:00，周六 9:00–11:30": "正在开放",
    "每天 8:00-9:30": "现在不开放",
    "6:00–8:30，17:00–19:30": "现在不开放",
    "周六至周二 9:00–11:00": "正在开放",
    "周六 9:00–11:30": "现在不开放",
    "9:00–21:00，周二闭馆": "现在不开放",
    "9:00–21:00，周一闭馆": "正在开放",
    "上学日 7:40–16:30": "",
    "有险情时开放": "",
    "9:00–21:00，节假日不开放": "",
}
"""What is said on a Tuesday at ten; nothing where the hours say nothing plain of today."""


def test_whether_a_place_is_open_is_said_only_where_its_hours_say_so(county, visit):
    for number, hours in enumerate(HOURS):
        facilities.facility(HETANG, name=f"第 {number} 处", hours=hours, phone="")
    page = visit("/")
    page.clock.set_fixed_time("2026-06-30T10:00:00+08:00")
    page.goto(f"{page.url.split('#')[0]}?sel=village:{HETANG}&s=facilities")
    page.get_by_role("button", name="全部 13 处").click()
    expect(page.locator(".fac")).to_have_count(len(HOURS) + 1)
    for number, (hours, word) in enumerate(HOURS.items()):
        told = page.locator(".fac", has=page.get_by_text(f"第 {number} 处", exact=True)).locator("b")
        assert "".join(told.all_inner_texts()) == word, hours


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_on_paper_the_panel_stands_below_the_map(visit, viewport):
    page = visit(f"/?sel=village:{HETANG}", viewport=viewport)
    page.locator("button.photo").first.wait_for()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 pixels to the inch
    drawn, heading = page.locator("#map").bounding_box(), page.locator(".phead h1").bounding_box()
    assert drawn["height"] > 300
    assert drawn["y"] + drawn["height"] <= heading["y"], "nothing lies over the text"
    panel = page.locator(".panel")
    assert panel.evaluate("panel => panel.scrollHeight <= panel.clientHeight + 1"), "nothing is cut off"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("a[href^='tel:']").first.is_visible()
    assert page.locator(".mfoot").is_visible(), "the map's number is on paper too"
    for hidden in (".top", ".hud", ".tabbar", ".mctl", ".act", ".anch"):
        assert page.locator(hidden).first.is_hidden(), hidden
