"""A report from the first pin to the receipt: with a photo, without network, once only (by keys: console.test_loop)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from incidents.models import Attachment, Follower, Report
from tests.browser import DESKTOP, PHONE, Site
from tests.e2e.accessible import faults
from tests.e2e.pages import HETANG, until, wait_for, wait_kept
from tests.e2e.report import TEXT, code_on, picture, send, write
from tests.factories import incidents, media, places

ON_DEVICE = """async () => {
  const open = indexedDB.open('geogov-reports');
  await new Promise(done => open.onsuccess = done);
  const count = name => new Promise(done => {
    const asked = open.result.transaction(name).objectStore(name).count();
    asked.onsuccess = () => done(asked.result);
  });
  return [await count('drafts'), await count('photos')];
}"""
SENDS = "/static/app/assets/"
"""Scope of the worker that sends what waits."""

NOTE_HEADINGS = """() => {
  window.headings = new Set();
  const note = () => document.querySelectorAll('h2').forEach(({ textContent }) => window.headings.add(textContent));
  new MutationObserver(note).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def kinds(county):
    """Two kinds of matters; the second asks questions of its own."""
    incidents.category("flood", title="道路积水", title_en="Flooded road", words="积水 涵洞")
    dark = {
        "type": "array",
        "title": "什么时候不亮",
        "items": {"enum": ["dusk", "late"], "enumNames": ["天刚黑", "半夜"]},
    }
    asked = {
        "properties": {"pole": {"type": "string", "title": "灯杆编号"}, "dark": dark},
        "required": ["pole", "dark"],
    }
    incidents.category("lamp", title="路灯不亮", title_en="Street lamp", words="路灯", attributes=asked)


@pytest.fixture
def form(kinds, live_site, browser_page):
    """Opens the form at the middle of a village."""

    def go(path="", viewport=PHONE, site=live_site, **options):
        page = browser_page(viewport=viewport, **options)
        lon, lat = places.lonlat(HETANG)
        page.goto(f"{site.url}/report?at={lon},{lat}{path}")
        expect(page.get_by_role("button", name=re.compile("用地图中心作为位置|Use the map centre"))).to_be_enabled()
        return page

    return go


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_report_with_a_photo_leaves_nothing_on_the_device(form, viewport):
    page = form(viewport=viewport)
    write(page)
    expect(page.get_by_role("button", name="道路积水")).to_have_attribute("aria-pressed", "true")
    page.locator("input[type=file]").nth(1).set_input_files(picture())
    expect(page.locator(".pp.done")).to_have_count(1)
    page.get_by_role("button", name="下一步：怎么联系您").click()
    page.get_by_role("textbox", name="电话").fill("13900001234")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    report = Report.objects.get()
    assert (report.text, report.category.code, report.village_id) == (TEXT, "flood", HETANG)
    assert Attachment.objects.filter(report=report).count() == 1
    expect(page.locator(".codes")).to_contain_text(report.number)
    wait_for(page, ON_DEVICE, [0, 0])
    assert code_on(page) not in page.evaluate("JSON.stringify({...localStorage})")
    page.get_by_label("保存到本机").check()
    assert code_on(page) in page.evaluate("JSON.stringify({...localStorage})")


def test_the_place_of_a_photo_is_offered_and_told_to_nobody_before(form):
    """The browser reads it; what is asked of the server, and the pin, follow only after a yes."""
    lon, lat = places.lonlat(HETANG)
    there = (lon + 0.003, lat + 0.002)  # some 360 m away, in the same village
    page = form()
    write(page)
    card, asked = page.locator(".loc"), []
    page.on("request", lambda request: asked.append(request.url))
    add = page.locator("input[type=file]").nth(1)
    broken = media.jpeg(exif=media.exif(there)).replace(b"\x88\x25", b"\x88\x26").replace(b"\x25\x88", b"\x26\x88")
    add.set_input_files(picture() | {"buffer": broken})
    expect(page.locator(".pp.done")).to_have_count(1)
    expect(page.get_by_text("用那个位置？")).to_have_count(0)
    add.set_input_files(picture() | {"buffer": media.jpeg(exif=media.exif(there))})
    expect(page.get_by_text("照片记着拍摄的地方，用那个位置？")).to_be_visible()
    expect(page.locator(".pp.done")).to_have_count(2)
    assert not [url for url in asked if f"{there[0]:.3f}" in url]
    page.get_by_role("button", name="用照片的位置").click()
    expect(page.get_by_text("用那个位置？")).to_have_count(0)
    expect(card).to_contain_text("荷塘村")
    send(page)
    expect(page.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    assert Report.objects.get().geom.coords == pytest.approx(there, abs=2e-6)


def test_an_answer_that_is_needed_is_asked_for(form):
    page = form()
    write(page, "路灯坏了三天没人修")
    expect(page.get_by_label("灯杆编号")).to_be_visible()
    page.get_by_role("button", name="下一步：怎么联系您").click()
    expect(page.get_by_text("这一项要回答。")).to_have_count(2)
    page.get_by_label("灯杆编号").fill("HT-014")
    for when in ("半夜", "天刚黑"):
        page.get_by_role("group", name="什么时候不亮").get_by_label(when).check()
    send(page)
    expect(page.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    assert Report.objects.get().attributes == {"pole": "HT-014", "dark": ["dusk", "late"]}
    page.get_by_role("link", name="查办理").click()
    expect(page.locator(".answers")).to_contain_text("天刚黑、半夜")


def test_a_draft_survives_a_reload_with_its_photo(form):
    page = form()
    write(page)
    page.locator("input[type=file]").nth(1).set_input_files(picture())
    expect(page.get_by_text("草稿已存好")).to_be_visible()
    expect(page.locator(".pp.done")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("textbox", name="说说是什么事")).to_have_value(TEXT)
    expect(page.locator(".pp.done")).to_have_count(1)


def test_nothing_is_said_to_wait_for_a_network_before_it_was_tried(form):
    page = form()
    write(page)
    page.evaluate(NOTE_HEADINGS)
    send(page)
    expect(page.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    seen = page.evaluate("[...window.headings]")
    assert "已存好，等有网络就发出" not in seen
    assert "收到您的反映了" in seen


def test_when_the_connection_dies_after_the_answer_it_is_still_one_report(form):
    page = form()
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile(r"/api/incidents/\?"), lose)
    write(page)
    send(page)
    expect(page.get_by_role("heading", name="已存好，等有网络就发出")).to_be_visible()
    assert lost == [201]
    expect(page.get_by_role("button", name="改一改")).to_have_count(0)
    page.get_by_role("button", name="现在就发").click()
    expect(page.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    assert Report.objects.count() == 1
    expect(page.locator(".codes")).to_contain_text(Report.objects.get().number)


def test_written_without_network_and_sent_once_when_there_is_one(kinds, form):
    page = form()
    write(page)
    page.context.set_offline(True)
    page.locator("input[type=file]").nth(1).set_input_files(picture("navy"))
    expect(page.get_by_text("可以照常填写")).to_be_visible()
    send(page)
    expect(page.get_by_role("heading", name="已存好，等有网络就发出")).to_be_visible()
    wait_for(page, ON_DEVICE, [1, 1])
    assert not Report.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    assert Report.objects.count() == 1
    assert Attachment.objects.count() == 1
    wait_for(page, ON_DEVICE, [0, 0])


def test_what_waits_is_sent_once_though_the_form_was_closed(form, live_site):
    """The browser wakes a worker when there is a network; a headless one never does, so the test says it twice."""
    page = form(service_workers="allow")
    wait_for(page, f"navigator.serviceWorker.getRegistration('{SENDS}').then(found => !!found?.active)")
    write(page)
    page.context.set_offline(True)
    page.locator("input[type=file]").nth(1).set_input_files(picture("navy"))
    send(page)
    expect(page.get_by_role("heading", name="已存好，等有网络就发出")).to_be_visible()
    elsewhere = page.context.new_page()
    page.close()
    page.context.set_offline(False)
    elsewhere.goto(f"{live_site.url}/robots.txt")
    browser, known = page.context.new_cdp_session(elsewhere), {}
    browser.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.update({one["scopeURL"]: one["registrationId"] for one in told["registrations"]}),
    )
    browser.send("ServiceWorker.enable")
    until(elsewhere, lambda: f"{live_site.url}{SENDS}" in known)
    waked = {"origin": live_site.url, "registrationId": known[f"{live_site.url}{SENDS}"], "tag": "reports"}
    for _ in range(2):
        browser.send("ServiceWorker.dispatchSyncEvent", {**waked, "lastChance": False})
    wait_for(elsewhere, f"({ON_DEVICE})().then(([drafts]) => drafts === 0)")
    assert (Report.objects.count(), Attachment.objects.count()) == (1, 1)
    elsewhere.goto(f"{live_site.url}/report")
    elsewhere.get_by_role("button", name="看一看").click()
    expect(elsewhere.locator(".codes")).to_contain_text(Report.objects.get().number)


def test_the_form_opens_without_network_after_the_first_visit(form):
    site = Site()
    site.start()
    page = form(site=site, service_workers="allow")
    wait_kept(page, "/report", "/static/", "/api/incidents/categories")
    site.stop()
    page.goto(f"{site.url}/report")
    page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="反映问题")).to_be_visible()
    expect(page.locator("#map canvas").first).to_be_attached()
    page.problems.clear()


def test_somebody_was_there_before(form):
    there = incidents.report(
        HETANG, title="涵洞积水过不去", category=incidents.category("flood"), order_state="assigned"
    )
    page = form()
    write(page)
    expect(page.get_by_text("涵洞积水过不去").first).to_be_visible()
    page.get_by_role("button", name="我也遇到了").click()
    expect(page.get_by_role("heading", name="已记上您一份")).to_be_visible()
    assert Follower.objects.get().report_id == there.pk
    assert Report.objects.count() == 1


def test_not_the_same_goes_on(form):
    incidents.report(HETANG, title="涵洞积水过不去", category=incidents.category("flood"))
    page = form()
    write(page)
    page.get_by_role("button", name="不是一回事，继续反映").click()
    expect(page.get_by_role("button", name="我也遇到了")).to_have_count(0)
    send(page)
    expect(page.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    assert Report.objects.count() == 2


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing_in_any_step(form, lang, viewport):
    incidents.report(HETANG, title="涵洞积水过不去", category=incidents.category("flood"))
    page = form(f"&lang={lang}", viewport=viewport, bypass_csp=True)
    assert faults(page) == []
    page.locator(".ra .pri").click()
    page.locator("#text").fill(TEXT)
    page.locator(".sim .li").first.wait_for()
    page.locator("input[type=file]").nth(1).set_input_files(picture())
    page.locator(".pp.done").wait_for()
    page.locator(".chip[aria-expanded]").click()
    assert faults(page) == []
    page.locator(".ra .pri").click()
    page.locator(".kind").first.wait_for()
    assert faults(page) == []
    page.locator(".ra .pri").click()
    page.locator(".receipt .codes").wait_for()
    assert faults(page) == []
