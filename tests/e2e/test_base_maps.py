"""Base maps of others on the page: chosen by name, drawn over ours, gone when their server refuses."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PIXEL
from tests.e2e.pages import wait_for

TILES = "https://tiles.example.org/{z}/{x}/{y}.png"
TILE = "https://tiles.example.org/*/*/*.png"
DRAWN = "document.querySelectorAll('#map .raster img.leaflet-tile-loaded').length > 0"


@pytest.fixture
def page(visit, settings):
    settings.OSM_TILES_URL, settings.OSM_APPROVAL_NUMBER = TILES, "GS(2026)7"
    return visit("/")


def test_another_base_map_is_chosen_and_kept_in_the_address(page):
    asked = []

    def tile(route):
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    page.context.route(TILE, tile)
    expect(page.get_by_text("审图号：未配置，仅供内部测试")).to_be_visible()
    page.get_by_role("radio", name="OpenStreetMap").check()
    expect(page.get_by_text("审图号：GS(2026)7")).to_be_visible()
    expect(page.get_by_text("© OpenStreetMap")).to_be_visible()
    wait_for(page, DRAWN)
    assert asked
    assert "b=osm" in page.url
    page.go_back()
    expect(page.get_by_role("radio", name="简明地图")).to_be_checked()
    wait_for(page, DRAWN, False)


def test_where_the_key_is_refused_our_own_map_comes_back(page):
    page.context.route(TILE, lambda route: route.fulfill(status=403, body=""))
    page.get_by_role("radio", name="OpenStreetMap").check()
    expect(page.get_by_text("OpenStreetMap现在打不开，已换回简明地图")).to_be_visible()
    expect(page.get_by_role("radio", name="简明地图")).to_be_checked()
    assert "b=" not in page.url
