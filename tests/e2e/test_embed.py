"""The map in a page of others, from another site: who moves what, what is said, and that nobody is signed in there."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from playwright.sync_api import expect

from kernel.viewer import Role
from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.pages import FIRST_DATA, HETANG, TOWN, at_rest, hash_at, steady, until, wait_for
from tests.factories import people, places

HOST = """<!doctype html><meta charset="utf-8"><title>another site</title>
<body style="margin:0;height:3000px"><p style="height:100px">text</p>
<iframe src="{src}" width="380" height="420" style="border:0"></iframe>"""
MIDDLE = (190, 330)
"""On the host page: above the middle of the map, which has its bar below."""


class _Host(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(HOST.format(src=self.server.src).encode())

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def other_site():
    """A real server (a page that Playwright makes up may not frame addresses of this machine), by another name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def host(county, live_site, browser_page, other_site):
    """A page of another site with the map in it: ``page, frame = host("?sel=…")``."""

    def go(query="", viewport=PHONE, **options):
        page = browser_page(viewport=viewport, **options)
        other_site.src = f"{live_site.url}/embed{query}"
        page.goto(f"http://localhost:{other_site.server_port}/")
        frame = next(frame for frame in page.frames if "/embed" in frame.url)
        wait_for(frame, FIRST_DATA, 1)
        frame.locator(".framebar").wait_for()
        wait_for(frame, "document.getElementById('map').style.touchAction.includes('pan-y')")
        return page, frame

    return go


def view_of(frame):
    return steady(frame.page, lambda: frame.evaluate("location.hash"))


def fingers(page):
    """Moves fingers on the screen: ``touch("touchMove", (x, y), …)``, one place for each."""
    cdp = page.context.new_cdp_session(page)

    def touch(kind, *points):
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
        page.wait_for_timeout(30)

    return touch


def test_one_finger_scrolls_the_page_around_and_two_move_the_map(host):
    page, frame = host(hash_at(*places.lonlat(HETANG), 14), has_touch=True)
    x, y = MIDDLE
    touch, before = fingers(page), view_of(frame)
    touch("touchStart", (x, y))
    for step in range(1, 11):
        touch("touchMove", (x, y - 15 * step))
    expect(frame.get_by_text("用两根手指移动地图")).to_be_visible()
    touch("touchEnd")
    wait_for(page, "scrollY > 60")  # the page around was scrolled
    assert view_of(frame) == before, "the map stayed"
    page.evaluate("scrollTo(0, 0)")
    wait_for(page, "scrollY", 0)
    touch("touchStart", (x - 40, y), (x + 40, y))
    for step in range(1, 11):
        touch("touchMove", (x - 40, y - 12 * step), (x + 40, y - 12 * step))
    touch("touchEnd")
    assert page.evaluate("scrollY") == 0, "the page around stayed"
    wait_for(frame, f"Number(location.hash.split('/')[1]) < {before.split('/')[1]}")  # moved up with the fingers
    assert view_of(frame).startswith("#14/")


def test_the_plain_wheel_scrolls_the_page_around_and_with_ctrl_it_zooms(host):
    page, frame = host(hash_at(*places.lonlat(HETANG), 13), viewport=DESKTOP)
    page.mouse.move(*MIDDLE)
    before = view_of(frame)
    page.mouse.wheel(0, 200)
    expect(frame.get_by_text(re.compile("滚动来缩放"))).to_be_visible()
    wait_for(page, "scrollY > 100")
    assert view_of(frame) == before
    page.evaluate("scrollTo(0, 0)")
    wait_for(page, "scrollY", 0)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    wait_for(frame, "Number(location.hash.slice(1).split('/')[0]) > 13")
    assert page.evaluate("scrollY") == 0
    zoomed = view_of(frame)
    page.mouse.move(MIDDLE[0], MIDDLE[1] + 2)
    page.mouse.down()
    page.mouse.move(MIDDLE[0] + 80, MIDDLE[1], steps=5)
    page.wait_for_timeout(100)
    page.mouse.up()
    wait_for(frame, f"Number(location.hash.split('/')[2]) < {zoomed.split('/')[2]}")  # dragged as everywhere


def test_it_says_whose_map_it_is_and_leads_to_the_whole_of_it(host, live_site):
    page, frame = host(f"?l=projects&sel=village:{HETANG}{hash_at(*places.lonlat(HETANG), 14)}")
    frame.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    bar = frame.get_by_role("contentinfo")
    expect(bar).to_contain_text("云溪县一张图")
    expect(bar).to_contain_text("审图号：未配置，仅供内部测试")
    assert frame.get_by_role("button", name="分享").count() == 0
    assert frame.locator("a[href^='/login'], a[href^='/manage']").count() == 0
    link = bar.get_by_role("link", name="在一张图上打开")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    link.focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    whole = opened.value
    whole.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    assert whole.url.startswith(f"{live_site.url}/?l=projects&sel=village:{HETANG}#14/")
    whole.close()


def test_the_sign_of_demonstration_data_is_seen(host):
    county = places.county()
    county.is_demo = True
    county.save()
    _page, frame = host()
    expect(frame.locator(".framebar .demo")).to_have_text("演示数据")


def test_who_is_signed_in_is_nobody_in_a_frame(county, live_site, browser_page):
    client = Client()
    client.force_login(people.user(Role.OFFICIAL, jurisdiction=["990521"]))
    page = browser_page(viewport=DESKTOP)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}])
    asked = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{live_site.url}/embed?sel=township:{TOWN}&lang=en")
    wait_for(page, FIRST_DATA, 1)
    page.locator(".framebar").wait_for()

    def answers():
        return [request for request in asked if "/api/" in request.url]

    until(page, lambda: len(answers()) > 3)
    assert [request.url for request in answers() if "cookie" in request.all_headers()] == []
    assert [cookie["name"] for cookie in page.context.cookies()] == ["sessionid"], "no cookie came with it"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing(county, live_site, browser_page, lang, scheme, viewport):
    page = browser_page(viewport=viewport, color_scheme=scheme, bypass_csp=True)
    page.goto(f"{live_site.url}/embed?sel=village:{HETANG}&lang={lang}")
    wait_for(page, FIRST_DATA, 1)
    page.locator(".framebar").wait_for()
    page.locator(".panel .sec").first.wait_for()
    assert faults(page) == []


SMALL = [(300, 250), (360, 480), (600, 400)]


@pytest.mark.parametrize(("width", "height"), SMALL)
def test_small_frames_show_the_county_and_what_is_opened(visit, width, height):
    viewport = {"width": width, "height": height}
    page = visit("/embed", viewport=viewport)
    page.locator(".framebar").wait_for()
    page.goto(page.url.split("#")[0] + f"?sel=village:{HETANG}")
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    panel, bar = at_rest(page.locator(".panel"), page.locator(".framebar"))
    assert (panel["x"], panel["y"]) == (0, 0), "from the top: none of a small frame is lost"
    assert panel["height"] == pytest.approx(bar["y"], abs=1)
    assert bar["height"] < 52, "the map is what was asked for"
    close = page.get_by_role("button", name="关闭荷塘村")
    box = close.bounding_box()
    on_top = "([x, y]) => document.elementFromPoint(x, y).closest('button')?.getAttribute('aria-label')"
    assert page.evaluate(on_top, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]) == "关闭荷塘村"
    if width >= 560:
        assert panel["width"] == width / 2
        lon, lat = places.lonlat(HETANG)
        wait_for(page, f"Math.abs(Number(location.hash.split('/')[1]) - {lat}) < 0.05")  # the county's comes first
        zoom, _lat, centre_lon = (float(part) for part in page.url.split("#")[1].split("/"))
        right = (lon - centre_lon) / 360 * 2 ** (zoom + 8)
        assert 0 < right + width / 2 - panel["width"] < width / 2, "the village is seen beside its panel"
    else:
        assert panel["width"] == width
    close.click()
    expect(page.locator(".panel")).to_have_count(0)
