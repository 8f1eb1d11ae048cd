"""Sharing in a real browser: the link leads back to what was seen, whoever opens it, and nobody leaves without one."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from portal.models import ShortLink
from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.pages import HETANG, address_at_rest, hash_at
from tests.factories import places

SHEET = f"/village/{HETANG}.pdf?lang=zh"


@pytest.fixture(autouse=True)
def _pace():
    cache.clear()  # the pace of one test is not the next one's


def open_dialog(page, name="分享", within=".phead"):
    page.locator(within).get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    return dialog


def link_in(dialog, name="链接"):
    field = dialog.get_by_role("textbox", name=name, exact=True)
    expect(field).to_have_value(re.compile("^http"))
    return field.input_value()


def test_the_short_link_leads_back_to_the_view(visit, browser_page):
    page = visit(f"/?sel=village:{HETANG}&l=projects{hash_at(*places.lonlat(HETANG), 14)}")
    page.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    address_at_rest(page)
    dialog = open_dialog(page)
    link = link_in(dialog)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/s/[2-9a-z]{7}", link)
    code = dialog.get_by_role("img", name="二维码")
    assert code.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    assert f"/s/{link[-7:]}" in code.get_attribute("src")
    assert dialog.get_by_role("link", name="打印张贴用的一页纸").get_attribute("href") == SHEET
    other = browser_page(viewport=DESKTOP)
    other.goto(link)
    other.get_by_role("heading", name="荷塘村", exact=True).wait_for()
    assert address_at_rest(other) == page.url


def test_it_is_copied_sent_and_closed_by_keys(visit):
    page = visit(f"/?sel=village:{HETANG}", viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.share = async (what) => { window.sent = what; }")
    opener = page.locator(".phead").get_by_role("button", name="分享", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    link = link_in(dialog)
    dialog.get_by_role("button", name="复制", exact=True).first.click()
    expect(dialog.get_by_role("status")).to_have_text("已复制，可以发给别人了")
    assert page.evaluate("navigator.clipboard.readText()") == link
    dialog.get_by_role("button", name="发给别人").click()
    assert page.evaluate("window.sent") == {"title": "荷塘村", "url": link}
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.parametrize(("viewport", "within"), [(PHONE, ".phead"), (DESKTOP, ".top")], ids=["phone", "desktop"])
def test_the_front_is_shared_too_and_framed(visit, viewport, within):
    page = visit("/?l=projects,facilities&lang=en", viewport=viewport)
    address_at_rest(page)
    dialog = open_dialog(page, "Share", within)
    link_in(dialog, "Link")
    assert dialog.get_by_role("link").count() == 0, "no place is open, so there is no sheet of one"
    dialog.get_by_text("Embed in a web page").click()
    dialog.get_by_role("combobox").select_option("wide")
    code = dialog.get_by_role("textbox", name="Code to embed").input_value()
    src = re.search(r'<iframe src="([^"]+)" title="([^"]+)" width="100%" height="520"', code)
    assert src
    framed = urlsplit(src[1].replace("&amp;", "&"))
    assert (framed.path, framed.query) == ("/embed", "l=projects%2Cfacilities&lang=en")
    assert framed.fragment == urlsplit(page.url).fragment


def test_without_a_short_link_the_whole_one_is_given(visit):
    page = visit(f"/?sel=village:{HETANG}")
    address_at_rest(page)
    page.route("**/api/links?*", lambda route: route.abort())
    dialog = open_dialog(page)
    assert link_in(dialog) == page.url
    expect(dialog.get_by_role("status")).to_have_text("短链接没有做成，先给您完整的链接。")
    assert not ShortLink.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("lang", "name"), [("zh", "分享"), ("en", "Share")])
def test_axe_finds_nothing(visit, lang, name, scheme):
    page = visit(f"/?sel=village:{HETANG}&lang={lang}", viewport=PHONE, bypass_csp=True, color_scheme=scheme)
    dialog = open_dialog(page, name)
    link_in(dialog, "链接" if lang == "zh" else "Link")
    dialog.locator("summary").click()
    assert faults(page) == []
