"""Without network: what was seen once opens again, says how old it is, and nothing of a signed-in person is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kernel.viewer import Role
from tests.browser import DESKTOP, PHONE, Site
from tests.e2e.pages import FIRST_DATA, HETANG, LAND, READY, hash_at, is_painted, kept, wait_for, wait_kept
from tests.factories import people, places


@pytest.fixture
def own_site(county, live_site):
    """A server of this test alone, so that it can go away."""
    site = Site()
    site.start()
    yield site
    site.stop()


def visit_once(page, url):
    """Opens the village by search, as a citizen does, and lets what was loaded be kept; never sees the whole county."""
    page.goto(f"{url}/{hash_at(*places.lonlat(HETANG), 14)}")
    wait_for(page, FIRST_DATA, 1)
    page.get_by_role("combobox").click()
    wait_for(page, READY)
    page.get_by_role("combobox").fill("荷塘")
    page.get_by_role("option").first.click()
    expect(page.get_by_role("heading", name="荷塘村", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="0572").first).to_be_attached()
    wait_kept(page, "/panel?", ".mvt", "/api/layers/?", "/api/overview/", "/static/", "/projects/counts?")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_last_seen_village_opens_and_nothing_pretends_to_be_fresh(own_site, browser_page, viewport):
    page = browser_page(viewport=viewport, service_workers="allow")
    visit_once(page, own_site.url)
    banner = page.get_by_text("现在看到的是")
    expect(banner).to_have_count(0)
    own_site.stop()
    page.goto(f"{own_site.url}/?sel=village:{HETANG}")
    expect(page.get_by_role("heading", name="荷塘村", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="0572").first).to_be_attached()
    expect(banner).to_be_visible()
    wait_for(page, "document.querySelectorAll('#map canvas').length > 1")
    page.goto(f"{own_site.url}/{hash_at(*places.lonlat(HETANG), 16)}")  # nearer than any tile that was kept
    wait_for(page, "document.querySelectorAll('.base canvas.leaflet-tile-loaded').length > 0")
    assert is_painted(page, ".base canvas", 60, 60, LAND)
    page.get_by_role("link", name="列表").first.click()  # a part of the page that was never opened
    expect(page.get_by_text("连上网络以后点“再试一次”")).to_be_visible()
    page.goto(f"{own_site.url}/report")
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    page.get_by_role("link", name="回到地图").click()
    expect(banner).to_be_visible()
    page.problems.clear()


def test_nothing_of_a_signed_in_person_is_kept(own_site, browser_page):
    people.user(Role.GRID_MANAGER, username="keeper", password="a-long-enough-word")
    page = browser_page(viewport=DESKTOP, service_workers="allow")
    page.goto(f"{own_site.url}/")
    wait_for(page, FIRST_DATA, 1)
    page.get_by_role("combobox").click()
    wait_for(page, READY)
    page.goto(f"{own_site.url}/login")
    page.get_by_label("用户名").fill("keeper")
    page.get_by_label("密码").fill("a-long-enough-word")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{own_site.url}/?sel=village:{HETANG}")
    expect(page.get_by_role("heading", name="荷塘村", exact=True)).to_be_visible()
    page.wait_for_timeout(200)
    assert not [url for url in kept(page) if HETANG in url or "/login" in url]


def test_a_halls_screen_comes_up_after_a_power_cut_and_says_of_when_it_is(own_site, browser_page):
    page = browser_page(viewport=DESKTOP, service_workers="allow")
    asked = f"{own_site.url}/kiosk?hall=一楼&views=townships,counts"
    page.goto(asked)
    foot = page.locator(".kfoot")
    expect(foot).to_contain_text("数据更新于")
    wait_for(page, READY)
    wait_kept(page, "/kiosk?hall", "/panel?", ".mvt", "/static/")
    title = page.locator(".ktitle h1").inner_text()
    own_site.stop()
    again = page.context.new_page()
    page.close()
    again.goto(asked)
    expect(again.locator(".ktitle h1")).to_have_text(title)
    expect(again.locator(".kfoot")).to_contain_text("没有网络，现在看到的是")
    expect(again.locator(".khall")).to_have_text("一楼")
    again.goto("about:blank")
    again.goto(f"{own_site.url}/kiosk?hall=二楼")  # another hall's screen is not this one's
    expect(again.get_by_role("heading", name="没有网络")).to_be_visible()
    page.problems.clear()
