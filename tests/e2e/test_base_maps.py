"""Base maps of others on the page: chosen by name, drawn over ours, gone when their server refuses."""

import io
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from PIL import Image
from playwright.sync_api import expect

from places.models import Place
from tests.browser import DESKTOP, PHONE
from tests.e2e.pages import HETANG, address_at_rest, at_rest, hash_at, metres_to_pixels, wait_for
from tests.factories import places

COLOUR = (250, 10, 200)
"""Of every tile: none of our own map has it."""
SMALL = {"width": 300, "height": 250}
REFUSED = "OpenStreetMap现在打不开，已换回简明地图"


def tile():
    """One tile as a PNG."""
    file = io.BytesIO()
    Image.new("RGB", (256, 256), COLOUR).save(file, "PNG")
    return file.getvalue()


class _Tiles(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Referer"]))
        body = self.server.tile if self.server.status == 200 else b""
        self.send_response(self.server.status)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def tiles(settings):
    """A real tile server, offered as OpenStreetMap; ``status`` is what it answers, ``asked`` what it was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Tiles)
    server.status, server.asked, server.tile = 200, [], tile()
    settings.OSM_TILES_URL = f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png"
    settings.OSM_APPROVAL_NUMBER = "GS(2026)7"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


def seen(page):
    """Whether a tile is really seen, not only there: in the lower middle of the map, where nothing else lies."""
    box = page.locator("#map").bounding_box()
    at = {"x": box["x"] + box["width"] * 0.4, "y": box["y"] + box["height"] * 0.4, "width": 8, "height": 8}
    shot = Image.open(io.BytesIO(page.screenshot(clip=at))).convert("RGB")
    return shot.getpixel((4, 4)) == COLOUR


def expect_seen(page, wanted):
    for _ in range(100):
        if seen(page) == wanted:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the tiles are seen" if not wanted else "no tile is seen")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_another_base_map_is_chosen_seen_and_kept_in_the_address(tiles, visit, live_site, viewport):
    page = visit("/", viewport=viewport)
    if viewport == PHONE:
        page.get_by_role("button", name="图层与图例").click()
    expect(page.get_by_text("审图号：未配置，仅供内部测试")).to_be_visible()
    page.get_by_role("radio", name="OpenStreetMap").check()
    expect(page.get_by_text("审图号：GS(2026)7")).to_be_visible()
    expect(page.get_by_text("© OpenStreetMap")).to_be_visible()
    if viewport == PHONE:
        page.get_by_role("region", name="图层与图例").get_by_role("button", name="关闭").click()
    expect_seen(page, True)
    assert page.locator("#map .raster img").first.bounding_box()["width"] == 256, "sharp, also with the whole county"
    assert "b=osm" in page.url
    assert {referer for _, referer in tiles.asked} == {f"{live_site.url}/"}, "who comes, not what is looked at"
    page.go_back()
    expect_seen(page, False)
    wait_for(page, "document.querySelectorAll('#map .raster').length", 0)


def test_a_flat_county_keeps_clear_of_a_tall_card(tiles, visit, county, settings):
    settings.TIANDITU_KEY = "0" * 32
    west, south, east, north = places.bbox(places.COUNTY)
    east = west + 1.75 * (east - west)
    Place.objects.filter(pk=places.COUNTY).update(geom=MultiPolygon(Polygon.from_bbox((west, south, east, north))))
    page = visit("/?b=osm")
    expect_seen(page, True)
    expect(page.get_by_role("group", name="底图").get_by_role("radio")).to_have_count(4)
    address = address_at_rest(page)
    card, stage = at_rest(page.locator(".lay"), page.locator("#map"))
    zoom, lat, lon = map(float, re.fullmatch(r".*#([\d.]+)/([\d.]+)/([\d.]+)", address).groups())
    right = stage["x"] + stage["width"] / 2 + (east - lon) / 360 * 256 * 2**zoom
    top = stage["y"] + stage["height"] / 2 - metres_to_pixels((north - lat) * 111_320, lat, zoom)
    assert right <= card["x"] or top >= card["y"] + card["height"]


@pytest.mark.parametrize("status", [403, 418, 429])
@pytest.mark.parametrize(("path", "viewport"), [("/", DESKTOP), ("/embed", SMALL)], ids=["page", "small frame"])
def test_where_they_are_refused_our_own_map_comes_back(tiles, visit, path, viewport, status):
    tiles.status = status
    page = visit(f"{path}?b=osm{hash_at(*places.lonlat(HETANG), 14)}", viewport=viewport)
    expect(page.get_by_text(REFUSED)).to_be_visible()
    wait_for(page, "document.querySelectorAll('#map .raster').length", 0)
    assert "b=" not in page.url.partition("#")[0]


def test_a_tile_that_is_missing_is_no_refusal(tiles, visit):
    page = visit(f"/?b=osm{hash_at(*places.lonlat(HETANG), 14)}")
    expect_seen(page, True)
    tiles.status = 404
    before = len(tiles.asked)
    page.locator("#map").press("ArrowRight")
    wait_for(page, "document.querySelectorAll('#map .raster img:not(.leaflet-tile-loaded)').length > 0")
    assert len(tiles.asked) - before < 6
    expect(page.get_by_text(REFUSED)).to_have_count(0)
    assert "b=osm" in page.url
