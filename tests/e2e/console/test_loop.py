"""The whole loop from a citizen's pin to a rated answer, by mouse and by keys; two desks at once."""

from __future__ import annotations

from playwright.sync_api import expect

from accounts.selectors import viewer_of
from dispatch.services import order_move
from incidents.models import Report
from tests.browser import DESKTOP, PHONE
from tests.e2e.console.office import (
    COUNTY,
    DOCUMENT,
    PICTURE,
    REPLY,
    SEEN_WITHIN_MS,
    TEXT,
    TITLE,
    act,
    finish,
    heading,
    press,
    row,
    state_of,
)
from tests.e2e.pages import HETANG, until
from tests.e2e.report import code_on, send, to, write
from tests.factories import places


def test_the_whole_loop(office, console, live_site, browser_page):
    citizen = browser_page(viewport=PHONE)
    citizen.goto(f"{live_site.url}/report?at={','.join(map(str, places.lonlat(HETANG)))}")
    write(citizen)
    citizen.locator("input[type=file]").nth(1).set_input_files(PICTURE)
    citizen.get_by_label("哪里堵了").select_option(label="雨水口")
    expect(citizen.locator(".pp.done")).to_have_count(1)
    send(citizen)
    expect(citizen.get_by_role("heading", name="收到您的反映了")).to_be_visible()
    report = Report.objects.get()

    page = console(office.grid)
    row(page).click()
    expect(page.locator(".ph3 img")).to_have_count(1)
    expect(page.locator(".sug")).to_contain_text("水利局")
    expect(page.locator("dl.facts").first).to_contain_text("雨水口")
    act(page, "受理并交办")
    finish(page, "受理并交办")
    expect(page.locator(".dth .status")).to_contain_text("已交办")
    assert state_of(report) == ("accepted", "assigned")
    expect(page.locator(".hist li b")).to_have_text(["交办", "开单", "受理", "提交"])
    expect(page.locator(".sug")).to_contain_text("6 月 30 日受理，次日起算 7 个工作日")

    page = console(office.handler, f"sel=case:{report.pk}")
    act(page, "签收")
    expect(page.locator(".dth .status")).to_contain_text("办理中")
    act(page, "提交审核")
    page.get_by_label("答复内容").fill(REPLY)
    page.locator(".moveform input[type=file]").first.set_input_files(PICTURE)
    expect(page.locator(".moveform")).to_contain_text("1 个已传好")
    page.locator(".moveform input[type=file]").last.set_input_files(DOCUMENT)
    expect(page.locator(".moveform [role=status]").last).to_have_text("1 个已传好")
    finish(page, "提交审核")
    assert state_of(report) == ("accepted", "review")

    page = console(office.supervisor)
    row(page).click()
    expect(page.locator(".reply")).to_contain_text("更换两块破损盖板")
    expect(page.locator(".reply img")).to_have_count(1)
    act(page, "审核通过")
    for check in page.locator(".checks input").all():
        check.check()
    finish(page, "审核通过")
    expect(page.locator(".dth .status")).to_contain_text("已答复")
    assert state_of(report) == ("answered", "done")
    expect(page.locator(".hist li b").first).to_have_text("答复")

    citizen.get_by_role("link", name="查办理").click()
    expect(citizen.locator("main")).to_contain_text("更换两块破损盖板")
    citizen.get_by_role("button", name="解决了，满意").click()
    expect(citizen.locator(".hero .status")).to_contain_text("办结")
    page.reload()
    expect(page.locator(".dth .status")).to_contain_text("办结")
    expect(page.locator("#ratings + p")).to_contain_text("满意")

    citizen.goto(f"{live_site.url}/?sel=village:{HETANG}&s=issues")
    expect(citizen.get_by_role("listitem").filter(has_text=TITLE)).to_contain_text("办结")


def test_the_same_by_keys_alone(office, console, live_site, browser_page):
    """From the form to the rating, nobody touches a mouse."""
    citizen = browser_page(viewport=DESKTOP)
    citizen.goto(f"{live_site.url}/report")
    to(citizen, "搜索村或设施", press=False)
    citizen.keyboard.type("荷塘")
    expect(citizen.get_by_role("option").first).to_be_visible()
    press(citizen, "ArrowDown", "Enter")
    expect(citizen.locator(".pointed")).to_contain_text("荷塘村")
    to(citizen, "用地图中心作为位置")
    to(citizen, "说说是什么事", press=False)
    citizen.keyboard.type(TEXT)
    expect(citizen.get_by_label("哪里堵了")).to_be_visible()
    to(citizen, "哪里堵了", press=False)
    press(citizen, "ArrowDown")
    with citizen.expect_file_chooser() as picking:
        to(citizen, "相册")
    picking.value.set_files(PICTURE)
    expect(citizen.locator(".pp.done")).to_have_count(1)
    to(citizen, "下一步：怎么联系您")
    to(citizen, "提交")
    expect(citizen.get_by_role("heading", name="收到您的反映了")).to_be_focused()
    report, code = Report.objects.get(), code_on(citizen)

    page = console(office.grid)
    expect(row(page)).to_be_visible()
    press(page, "j")
    expect(heading(page)).to_contain_text(TITLE)
    expect(page.locator(".bar")).to_be_visible()
    press(page, "a")
    expect(page.locator(".moveform select").first).to_be_focused()
    press(page, "Tab", "Tab", "Enter")
    expect(page.locator(".dth .status")).to_contain_text("已交办")

    page = console(office.handler, f"sel=case:{report.pk}")
    expect(page.locator(".bar")).to_be_visible()
    press(page, "s")
    expect(page.locator(".dth .status")).to_contain_text("办理中")
    expect(heading(page)).to_be_focused()
    press(page, "r", "Escape")
    expect(heading(page)).to_be_focused()
    press(page, "r")
    expect(page.get_by_label("答复内容")).to_be_focused()
    with page.expect_file_chooser() as picking:  # begun before it is needed: the browser has to hear of it first
        page.keyboard.type(REPLY)
        press(page, "Tab", "Enter")
    picking.value.set_files(PICTURE)
    expect(page.locator(".moveform")).to_contain_text("1 个已传好")
    to(page, "提交审核")
    expect(page.locator(".dth .status")).to_contain_text("待审核")

    page = console(office.supervisor)
    expect(row(page)).to_be_visible()
    press(page, "j")
    expect(page.locator(".bar")).to_be_visible()
    press(page, "v")
    expect(page.locator(".checks input").first).to_be_focused()
    for _ in page.locator(".checks input").all():
        press(page, "Space", "Tab")
    press(page, "Enter")
    expect(page.locator(".dth .status")).to_contain_text("已答复")
    press(page, "Escape")
    expect(heading(page)).to_have_count(0)
    assert state_of(report) == ("answered", "done")

    citizen.goto(f"{live_site.url}/track/{code}")
    to(citizen, "解决了，满意")
    expect(citizen.locator(".hero .status")).to_contain_text("办结")
    assert state_of(report) == ("closed", "done")


def test_two_consoles_see_each_other_by_the_stream(office, console, live_site):
    report = office.accepted()
    one, two = console(office.desk, "queue=all"), console(office.grid, f"queue=all&sel=case:{report.pk}")
    expect(row(one)).to_contain_text("已受理")
    until(two, lambda: live_site.root.live.gate.inside == 2)
    office.report("新来的一件：渠道边护栏断了", 0.003)
    expect(row(one, "新来的一件")).to_be_visible(timeout=SEEN_WITHIN_MS)
    expect(row(two, "新来的一件")).to_be_visible(timeout=SEEN_WITHIN_MS)
    expect(one.locator(".lsh [role=status]")).to_contain_text("新到 1 件")

    act(two, "交办")
    two.get_by_label("承办单位").select_option(label="水利局")
    finish(two, "交办")
    expect(row(one)).to_contain_text("已交办", timeout=SEEN_WITHIN_MS)


def test_who_is_late_is_told_what_changed(office, console):
    report = office.accepted()
    page = console(office.desk, f"queue=all&sel=case:{report.pk}", deaf=True)
    act(page, "交办")
    page.get_by_label("承办单位").select_option(label="水利局")
    by = viewer_of(office.desk, COUNTY)
    order_move(by=by, order_id=report.order_id, move="urgent", reason="小学门口")
    page.locator(".moveform").get_by_role("button", name="交办").click()
    expect(page.locator(".dtb > .note")).to_contain_text("别人刚刚改过这一件")
    expect(page.locator(".dtb > .note")).to_contain_text("加急")
    assert state_of(report) == ("accepted", "opened")
    page.locator(".moveform").get_by_role("button", name="交办").click()
    expect(page.locator(".dth .status")).to_contain_text("已交办")
