"""Reports come to the open map and panel as they happen: from the first act on, for as long as their layer is on."""

from __future__ import annotations

from playwright.sync_api import expect

from incidents.models import Report
from records.models import OutboxMessage
from tests.browser import DESKTOP
from tests.e2e.pages import FIRST_DATA, HETANG, followed, settled, until, wait_for
from tests.factories import incidents

SOON_MS = 10_000
"""Sooner than a page without a stream would ask (`live.ts`)."""


def test_a_new_report_appears_without_a_reload(county, live_site, browser_page):
    gate = live_site.root.live.gate
    incidents.report(HETANG, title="村口积水")
    page = followed(browser_page(viewport=DESKTOP))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_site.url}/?l=incidents&sel=village:{HETANG}&s=issues")
    wait_for(page, FIRST_DATA, 1)
    expect(page.get_by_text("村口积水")).to_be_visible()
    settled(page)
    assert not [url for url in asked if "/live/" in url], "looking costs no stream"
    page.keyboard.press("Shift")
    until(page, lambda: gate.inside == 1)
    asked.clear()
    made = incidents.report(HETANG, title="桥栏杆断了")
    expect(page.get_by_text("桥栏杆断了")).to_be_visible(timeout=SOON_MS)
    until(page, lambda: any("/api/layers/incidents/" in url for url in asked))
    Report.objects.filter(pk=made.pk).update(is_public=False)
    expect(page.get_by_text("桥栏杆断了")).to_have_count(0, timeout=SOON_MS)
    page.get_by_role("checkbox", name="群众反映").uncheck()
    until(page, lambda: gate.inside == 0)
    page.get_by_text("村口积水").click()
    page.get_by_role("button", name="我也遇到了").click()
    address = page.get_by_label("有进展发邮件告诉我")
    address.fill("x@example.org")
    page.get_by_role("button", name="提醒我").click()
    expect(address).to_have_count(0)
    assert OutboxMessage.objects.filter(dedupe_key__startswith="follow-").count() == 1
