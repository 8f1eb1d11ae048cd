"""The village page in a browser that runs no scripts: complete, reachable by keyboard, and printable."""

import pytest

from tests.browser import DESKTOP, PHONE
from tests.e2e.pages import HETANG, QIAOTOU, TOWN

FOCUSED = "document.activeElement.tagName === 'A' ? document.activeElement.getAttribute('href') : ''"


@pytest.fixture
def plain(county, live_site, browser_page):
    """Opens an address without scripts: ``plain("/village/…")``."""

    def go(path, viewport=PHONE):
        page = browser_page(viewport=viewport, java_script_enabled=False)
        assert page.goto(f"{live_site.url}{path}").status == 200
        return page

    return go


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_photo_and_phone_is_reached_by_keyboard(plain, viewport):
    page = plain(f"/village/{HETANG}", viewport)
    wanted = {link.get_attribute("href") for link in page.locator("figure a, a.call").all()}
    assert any(href.startswith("/media/p/") for href in wanted)
    assert any(href.startswith("tel:") for href in wanted)
    reached = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED))
        if wanted <= reached:
            break
    assert wanted <= reached
    assert {f"/village/{QIAOTOU}", f"/village/{TOWN}", f"/village/{HETANG}.pdf"} <= reached | {
        link.get_attribute("href") for link in page.locator("a").all()
    }


def test_months_open_without_scripts(plain):
    page = plain(f"/village/{HETANG}")
    page.locator("details summary").first.click()
    assert page.get_by_role("row", name="2026年6月").is_visible()


def test_paper_has_the_code_and_the_day_and_no_buttons(plain):
    page = plain(f"/village/{HETANG}")
    assert not page.locator(".qr").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".qr svg").is_visible()
    assert page.get_by_text("2026年6月30日打印").is_visible()
    assert page.get_by_text("审图号：未配置，仅供内部测试").is_visible()
    assert not page.locator(".acts").is_visible()
    assert page.locator("details table").first.is_visible(), "folded tables are printed, too"
