"""The page of one report: what the holder of its code reads and does, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents.models import Rating, Report, Reporter
from incidents.services.contacts import contact_of
from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.pages import HETANG
from tests.e2e.report import picture
from tests.factories import incidents

CODE = "K3W8-9QZT-2M7RX"


@pytest.fixture
def told(county):
    """Makes a report whose code is known, in a state."""

    def make(state, **fields):
        made = incidents.report(HETANG, state, title="村口积水", text="村口涵洞一下雨就积水。", **fields)
        incidents.reporter(made, CODE)
        return made

    return make


@pytest.fixture
def track(live_site, browser_page):
    """Opens the page of the code."""

    def go(path=f"/track/{CODE}", viewport=PHONE, **options):
        page = browser_page(viewport=viewport, **options)
        page.answer = page.goto(f"{live_site.url}{path}")
        return page

    return go


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_answer_is_rated(told, track, viewport):
    report = told("answered")
    page = track(viewport=viewport)
    expect(page.get_by_role("heading", name="村口积水")).to_be_visible()
    expect(page.locator(".ladder [aria-current=step]")).to_have_text("您来评价")
    page.get_by_role("button", name="解决了，满意").click()
    expect(page.locator(".hero .status")).to_contain_text("办结")
    expect(page.get_by_role("button", name="解决了，满意")).to_have_count(0)
    assert Report.objects.get().state == "closed"
    assert Rating.objects.get().report_id == report.pk


def test_not_solved_goes_back_with_reason_and_photo(told, track):
    told("answered")
    page = track()
    page.get_by_role("button", name="没解决，退回重办").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_have_text("请写一两句。")
    words = page.get_by_role("textbox", name="没解决的地方")
    expect(words).to_be_focused()
    words.fill("水还在，只清了一半。")
    Report.objects.update(reopens=2)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_be_focused()
    Report.objects.update(reopens=0)
    page.locator("input[type=file]").nth(1).set_input_files(picture())
    expect(page.locator(".actform .pp.done")).to_have_count(1)
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".ladder [aria-current=step]")).not_to_have_text("您来评价")
    expect(page.get_by_role("heading", name="现在可以做的")).to_be_focused()
    expect(page.locator(".drops path").first).to_have_attribute("fill", "var(--m-work)")
    report = Report.objects.get()
    assert (report.state, report.reopens, report.attachments.count()) == ("accepted", 1, 1)


def test_withdrawn_while_nobody_has_taken_it(told, track):
    told("submitted")
    page = track()
    page.get_by_role("button", name="不再提醒").click()
    field = page.get_by_role("textbox", name="邮箱")
    field.fill("nobody")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("这不是电子邮件地址。")
    expect(field).to_be_focused()
    field.fill("somebody@example.org")
    field.press("Enter")
    expect(page.get_by_text("已发一条确认消息到您留的邮箱")).to_be_visible()
    assert contact_of(Reporter.objects.get()).email == "somebody@example.org"
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_text("撤回以后不再办理")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".hero .status")).to_contain_text("撤回")
    expect(page.locator("h1")).to_be_focused()
    expect(page.get_by_text("有进展时提醒我")).to_have_count(0)
    assert Report.objects.get().state == "withdrawn"


def test_the_code_is_typed_as_people_type(told, track):
    told("accepted")
    page = track("/track")
    field = page.locator(".enter").get_by_role("textbox", name="查询码")  # not that of the page without JavaScript
    field.fill("K3W8")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("查询码是 13 个字母和数字，请再对一下。")
    field.fill("k3w8 9qzt 2m7rx")
    field.press("Enter")
    expect(page.get_by_role("heading", name="村口积水")).to_be_visible()


def test_a_code_that_there_is_not(told, track):
    told("accepted")
    page = track("/track/K3W8-9QZT-2M7RY")
    assert page.answer.status == 404
    expect(page.get_by_role("alert")).to_have_text("没有这个查询码，请再对一下。")


def test_kept_codes_are_those_that_somebody_chose(told, track):
    told("accepted")
    page = track()
    expect(page.get_by_role("heading", name="村口积水")).to_be_visible()
    assert CODE not in page.evaluate("JSON.stringify({...localStorage})")
    page.get_by_role("button", name="留言").click()
    page.get_by_role("textbox", name="留言").fill("别的村也一样")
    page.get_by_role("checkbox", name="也让大家看到").check()
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".talk .own")).to_contain_text("审核以后公开")
    page.get_by_role("button", name="保存到本机").click()
    page.goto(page.url.split("/track")[0] + "/track")
    expect(page.get_by_role("link", name="村口积水")).to_be_visible()
    page.get_by_role("button", name="从本机删除").click()
    expect(page.get_by_role("link", name="村口积水")).to_have_count(0)


def test_without_javascript_the_facts_are_there_and_nobody_keeps_them(told, track):
    told("accepted", order_state="in_progress")
    page = track(java_script_enabled=False)
    expect(page.get_by_role("heading", name="村口积水")).to_be_visible()
    expect(page.get_by_text("村口涵洞一下雨就积水。")).to_be_visible()
    headers = page.answer.headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"
    assert "canary" not in page.content()
    page.goto(page.url.replace(f"/{CODE}", ""))
    page.get_by_label("查询码").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="村口积水")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing(told, track, lang, viewport):
    told("answered")
    page = track(f"/track/{CODE}?lang={lang}", viewport=viewport, bypass_csp=True)
    page.locator(".ladder").wait_for()
    assert faults(page) == []
    page.locator(".rb .btn").nth(1).click()
    page.locator(".actform").wait_for()
    assert faults(page) == []
    page.goto(page.url.replace(f"/{CODE}", ""))
    page.locator(".enter").wait_for()
    assert faults(page) == []
