"""The screen of a hall in a real browser: it rotates by its own clock, forgives, and may hang there for weeks."""

import math
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from kernel.viewer import Role
from places.models import County, Kind
from portal.pace import QrPace
from tests.browser import PHONE
from tests.e2e.accessible import faults
from tests.e2e.pages import HETANG, LAND, OUT, TOWN, followed, is_painted, map_pixel
from tests.factories import facilities, people, places, projects

WALL = {"width": 1920, "height": 1080}
TERMINAL = {"width": 1080, "height": 1920}
SMALL_WALL = {"width": 1280, "height": 720}
MAP_ABOVE, MAP_BELOW, MAP_AIR = 48, 8, 24
"""Pixels of the large screen's map that the county leaves free: above it, below it, and in all around it."""
START = "2026-06-30T10:20:00+08:00"
TOWNS = {TOWN: "石桥镇", "990521004": "古棠镇", "990521005": "荷渚镇"}
SMALL_TEXT = """least => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement: box, data } = walker.currentNode;
    if (!data.trim() || box.closest('script, noscript, .sr')) continue;
    if (parseFloat(getComputedStyle(box).fontSize) < least - 0.01) found.push(data);
  }
  return found;
}"""
HALF_ROWS = """() => [...document.querySelectorAll('.krows')].flatMap(list => {
  const { left, right, bottom } = list.getBoundingClientRect();
  return [...list.children].map(row => row.getBoundingClientRect())
    .filter(row => row.left < right - 1 && row.bottom > bottom + 1).map(row => row.bottom - bottom);
})"""


@pytest.fixture
def hall(county, live_site, browser_page):
    """Opens the screen with its own clock: ``hall("?audience=village", viewport=TERMINAL)``."""
    County.objects.update(is_demo=True)
    for code, name in TOWNS.items():
        places.township(code, name)
    places.village("990521004001", "古棠社区", kind=Kind.COMMUNITY)

    def go(query="", viewport=WALL, **options):
        page = followed(browser_page(viewport=viewport, **options))
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request))
        page.on("console", lambda line: page.said.append(line.text) if is_fault(line) else None)
        page.clock.install(time=START)
        page.goto(f"{live_site.url}/kiosk{query}")
        expect(page.locator(".kfoot")).to_contain_text(re.compile("数据更新于|Updated at"))
        return page

    return go


def is_fault(line):
    """Photos of the factories have no files."""
    return line.type == "error" and "/media/" not in line.location["url"]


def shown(page):
    return page.locator("h1").inner_text()


def stands(page):
    """From now on the screen's clock moves by ``pass_time`` alone, however long the machine takes for a step."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    return page


def pass_time(page, seconds):
    """Seconds go by on the screen's clock; what was asked for has time to arrive."""
    page.clock.run_for(seconds * 1000)
    for _ in range(200):
        page.wait_for_timeout(20)
        if not page.under_way:
            return
    raise AssertionError([request.url for request in page.under_way])


def test_townships_board_and_figures_take_turns(hall):
    page = stands(hall("?seconds=10"))
    seen = [shown(page)]
    for _ in range(5):
        pass_time(page, 10)
        seen.append(shown(page))
    assert seen == [*TOWNS.values(), "民生实事进度榜", "云溪县现在的数", "石桥镇"]
    expect(page.get_by_role("img", name="施工照片").or_(page.locator(".kphotos img"))).not_to_have_count(0)
    expect(page.locator(".kboard .on")).to_contain_text("石桥镇")
    assert page.said == []


def test_only_the_views_that_are_asked_for(hall):
    page = hall("?views=board")
    pass_time(page, 40)
    assert shown(page) == "民生实事进度榜"
    expect(page.locator(".ktabs")).to_have_count(0)


def test_a_touch_stops_it_and_a_minute_without_one_brings_it_back(hall):
    page = stands(hall("?seconds=10"))
    foot = page.locator(".kfoot")
    expect(foot).to_contain_text("无人操作 60 秒后回到首页")
    page.get_by_role("button", name="下一页").click()
    expect(page.locator("h1")).to_have_text("古棠镇")
    pass_time(page, 30)
    assert shown(page) == "古棠镇", "it stays where somebody reads"
    expect(foot).to_contain_text(re.compile("(29|30|31) 秒后回到首页"))
    page.mouse.click(960, 1060)
    pass_time(page, 45)
    assert shown(page) == "古棠镇", "every touch begins the minute anew"
    pass_time(page, 16)
    assert shown(page) == "石桥镇"
    expect(foot).to_contain_text("无人操作 60 秒后回到首页")
    pass_time(page, 10)
    assert shown(page) == "古棠镇", "and it rotates again"


def test_the_map_is_touched_and_the_township_there_is_shown(hall):
    page = hall("?seconds=300")
    expect(page.locator(".kphotos")).to_be_visible()  # they take their room from the map
    (lon, lat), (west, south, east, north) = places.lonlat("990521005"), places.bbox(places.COUNTY)
    stage = page.locator("#map").bounding_box()
    tall = stage["height"] - MAP_ABOVE - MAP_BELOW - MAP_AIR
    degree = tall / (north - south)
    middle = (MAP_ABOVE - MAP_BELOW) / 2
    assert is_painted(page, ".base canvas", 0, middle + tall / 2 - 12, LAND), "the county fills the map"
    assert is_painted(page, ".base canvas", 0, middle + tall / 2 + 12, OUT)
    right = (lon - (west + east) / 2) * degree * math.cos(math.radians(lat))
    page.mouse.move(*map_pixel(page, right, middle + ((south + north) / 2 - lat) * degree))
    page.mouse.down()
    expect(page.locator(".ktitle")).to_contain_text("已停下")
    assert page.locator("#map").bounding_box() == stage, "the ground stays under the finger"
    tile = page.locator(".base canvas").first.element_handle()
    page.set_viewport_size({**WALL, "height": WALL["height"] + 40})  # as photos that arrive: the map is drawn anew
    tile.wait_for_element_state("hidden")
    page.mouse.up()
    expect(page.locator("h1")).to_have_text("荷渚镇")


@pytest.mark.parametrize(
    ("query", "name", "first"),
    [
        ("?audience=village", "荷塘村", "在建和已完工程"),
        ("?audience=community", "古棠社区", "身边的设施"),
        (f"?place={TOWN}", "荷塘村", "在建和已完工程"),
        (f"?audience=community&place={HETANG}", "荷塘村", "身边的设施"),
        (f"?audience=park&place={HETANG}", "荷塘村", "在建和已完工程"),
    ],
)
def test_content_by_place_and_audience(hall, query, name, first):
    page = hall(query)
    assert shown(page) == name
    expect(page.locator(".kright h2").first).to_contain_text(first)


@pytest.mark.parametrize("works", [2, 4])
def test_a_park_shows_all_the_works_that_it_counts(hall, works):
    park = places.village("990521004002", "古棠工业园区", kind=Kind.PARK)
    made = [projects.project(park, f"园区道路 {number}") for number in range(works)]
    for project in made:
        projects.progress(project)
    projects.notice(made[0]), projects.notice(made[0], "补偿标准公示")
    for number in range(3):
        facilities.facility(park, f"园区公交站 {number}")
    page = hall("?audience=park")
    assert shown(page) == "古棠工业园区"
    expect(page.locator(".kright h2").first).to_contain_text(f"共 {works} 个")
    for number in range(works):
        expect(page.locator(".kwork").nth(number)).to_be_in_viewport(ratio=1)
    assert page.evaluate(HALF_ROWS) == []


def test_what_cannot_be_used_is_said_on_the_screen(hall):
    page = hall("?place=990521099&audience=king&hall=<img src=x>")
    expect(page.get_by_role("note")).to_contain_text("没有代码为“990521099”的地方，现在显示云溪县。")
    expect(page.get_by_role("note")).to_contain_text("audience 只能是")
    expect(page.locator(".khall")).to_have_text("<img src=x>")
    assert shown(page) == "石桥镇"


def test_nobody_leaves_from_here_and_what_must_be_said_is_said(hall):
    page = hall("?audience=village")
    assert page.locator("a, form, iframe").count() == 0
    assert "登录" not in page.inner_text("body")
    approval = page.get_by_text("审图号").bounding_box()
    assert approval["x"] < 100
    assert approval["y"] > 1000
    demo, brand = page.locator(".demo").bounding_box(), page.locator(".brand").bounding_box()
    assert 0 <= demo["x"] - (brand["x"] + brand["width"]) < 60
    expect(page.locator(".kscan")).to_contain_text("0572-0123 0001")
    code = page.get_by_role("img", name="二维码：在手机上看荷塘村").get_attribute("src")
    assert parse_qs(urlsplit(code).query)["path"] == [f"/?sel=village:{HETANG}"]
    assert page.evaluate("document.querySelector('.kqr').naturalWidth") > 0


def test_it_asks_as_the_public_whoever_is_signed_in(hall, live_site, browser_page):
    people.user(Role.GRID_MANAGER, username="keeper", password="a-long-enough-word")
    page = browser_page(viewport=WALL)
    page.goto(f"{live_site.url}/login")
    page.get_by_label("用户名").fill("keeper")
    page.get_by_label("密码").fill("a-long-enough-word")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto("about:blank")  # what the page after the sign-in asks for is its own matter
    asked = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{live_site.url}/kiosk")
    expect(page.locator(".kfoot")).to_contain_text("数据更新于")
    facts = [one for one in asked if re.search(r"/api/(places|overview|projects|layers)", one.url)]
    assert len(facts) > 4
    assert not [one.url for one in facts if "cookie" in one.all_headers()]


def test_without_network_it_goes_on_with_what_it_has_and_says_the_time(hall):
    page = stands(hall("?seconds=10"))
    for _ in range(5):
        pass_time(page, 10)
    page.context.route("**/api/**", lambda route: route.abort())
    seen = set()
    for _ in range(25):
        pass_time(page, 10)
        seen.add(shown(page))
    assert seen == {*TOWNS.values(), "民生实事进度榜", "云溪县现在的数"}
    expect(page.locator(".kfoot")).to_contain_text(re.compile("没有网络，现在看到的是 6 月 30 日 10:2[0-3] 的内容"))
    expect(page.locator(".kboard li, .kfigs b").first).to_be_visible()
    page.context.unroute("**/api/**")
    fresh = re.compile("数据更新于 10:[23]")
    for _ in range(60):  # the screen's clock runs ahead of the server: minutes of it may pass before an answer is here
        pass_time(page, 10)
        if fresh.search(page.locator(".kfoot").inner_text()):
            break
        page.wait_for_timeout(50)
    expect(page.locator(".kfoot")).to_contain_text(re.compile("数据更新于 10:[2-4]"))


def test_what_did_not_change_is_not_sent_again(hall):
    page = stands(hall("?seconds=30"))
    pass_time(page, 1)
    answers = []
    page.on("response", lambda answer: answers.append((urlsplit(answer.url).path, answer.status)))
    for _ in range(9):  # asked again after three minutes, at the next change of the slide
        pass_time(page, 30)
    asked = {("/api/projects/board", 304), ("/api/layers/facilities/counts", 304)}
    for _ in range(200):  # the screen's clock runs ahead of the server
        if asked <= set(answers):
            break
        page.wait_for_timeout(50)
    assert asked <= set(answers)
    assert ("/api/projects/board", 200) not in answers


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "query", ["views=townships", "views=board", "views=counts", "audience=community", "audience=park"]
)
def test_it_is_read_from_three_metres_and_nothing_is_cut(hall, query, lang):
    page = hall(f"?{query}&lang={lang}&hall=县政务服务中心一楼")
    for viewport in (WALL, TERMINAL, SMALL_WALL):
        page.set_viewport_size(viewport)
        pass_time(page, 1)
        if viewport is not SMALL_WALL:
            assert page.evaluate(SMALL_TEXT, 18) == []
        width, height = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert (width, height) == (viewport["width"], viewport["height"])
        assert page.evaluate(HALF_ROWS) == [], f"half a row at {viewport}"


@pytest.mark.parametrize("viewport", [WALL, SMALL_WALL, PHONE])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing(hall, viewport, lang):
    for view in ("townships", "board", "counts"):
        page = hall(f"?views={view}&lang={lang}&audience=", viewport=viewport, bypass_csp=True)
        page.clock.run_for(1000)
        assert faults(page) == [], view


def measured(session):
    """What the page holds after the rubbish is gone."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[name] for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")}


@pytest.mark.parametrize(("first", "last"), [(2, 8), pytest.param(5, 30, marks=pytest.mark.long)])
def test_minutes_on_the_wall_gather_nothing(hall, first, last, monkeypatch):
    """From minute ``first`` to minute ``last`` of the screen's own clock."""
    # The server's clock does not run as fast, and a browser whose requests are watched keeps no codes.
    monkeypatch.setattr(QrPace, "rate", "10000/min")
    page = stands(hall("?seconds=15"))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before, asked = None, 0
    for quarter in range(last * 4):
        if quarter == first * 4:
            before, asked = measured(session), len(page.asked)
            slide = shown(page)
        pass_time(page, 15)
    while shown(page) != slide:
        pass_time(page, 15)
    after = measured(session)
    assert after["Nodes"] <= before["Nodes"] + 15, (before, after)
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 5, (before, after)
    assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] * 1.15 + 500_000, (before, after)
    rounds = (last - first) / 3 + 1
    facts = [one for one in page.asked[asked:] if "/api/" in one.url and "/api/qr" not in one.url]
    assert len(facts) <= rounds * 12, "four shared answers and three places, every three minutes"
    assert page.said == []
