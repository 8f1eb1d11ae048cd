"""What keeps people's work from getting lost."""

import re

from playwright.sync_api import expect

from facilities.models import Facility
from kernel.viewer import Role
from projects.models import Progress
from tests.e2e.pages import until


def test_two_clerks_change_the_same_facility(clerk):
    pk = Facility.objects.get(name="文化广场公厕").pk
    first, second = (clerk(Role.OFFICIAL, f"facilities/{pk}") for _ in range(2))
    for page, field, text in ((first, "开放时间", "8:00 至 20:00"), (second, "地址", "文化广场东侧")):
        page.get_by_label(field, exact=True).fill(text)
    second.get_by_label("开放时间", exact=True).fill("9:00 至 17:00")
    first.get_by_role("button", name="保存", exact=True).click()
    first.get_by_text("已保存", exact=True).wait_for()
    second.get_by_role("button", name="保存", exact=True).click()
    second.get_by_text("别人刚刚改过这一条").wait_for()
    second.get_by_role("button", name="看对方的内容").click()
    theirs = second.locator(".theirs")
    theirs.wait_for()
    assert theirs.inner_text().split("\n") == ["开放时间", "对方：8:00 至 20:00", "您：9:00 至 17:00"]
    second.get_by_role("button", name="保留我的改动").click()
    second.get_by_text("已保存", exact=True).wait_for()
    row = Facility.objects.get(pk=pk)
    assert (row.hours, row.address) == ("9:00 至 17:00", "文化广场东侧")


def test_taking_theirs_keeps_nothing_of_mine(clerk):
    pk = Facility.objects.get(name="文化广场公厕").pk
    page = clerk(Role.OFFICIAL, f"facilities/{pk}")
    page.get_by_label("开放时间", exact=True).fill("9:00 至 17:00")
    Facility.objects.filter(pk=pk).update(hours="8:00 至 20:00", version=2)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="看对方的内容").click()
    page.get_by_role("button", name="用对方的").click()
    page.get_by_text("别人刚刚改过这一条").wait_for(state="detached")
    expect(page.get_by_label("开放时间", exact=True)).to_have_value("8:00 至 20:00")
    expect(page.get_by_text("有改动未保存")).to_have_count(0)


def test_progress_of_two_clerks_meets_in_the_grid(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}/progress")
    june = page.get_by_role("row", name="2026 年 6 月")
    june.get_by_label("实际").fill("65")
    Progress.objects.filter(month="2026-06-01").update(actual=60, version=2)
    Progress.objects.filter(month="2026-05-01").update(actual=58, version=2)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("别人刚刚改过进度").wait_for()
    expect(june.get_by_label("实际")).to_have_value("65")
    expect(june.get_by_text("对方填的是：计划 70，实际 60")).to_be_visible()
    expect(page.get_by_role("row", name="2026 年 5 月").get_by_label("实际")).to_have_value("58")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存 1 行进度").wait_for()
    assert int(Progress.objects.get(month="2026-06-01").actual) == 65


def test_a_stage_is_moved_while_facts_are_typed(clerk, work):
    page = clerk(Role.OFFICIAL, f"projects/{work.pk}")
    page.get_by_label("施工单位").fill("第二施工队")
    page.get_by_role("button", name="转为：停工").click()
    page.get_by_label(re.compile("^原因(?!（)")).fill("下雨")
    page.get_by_label("原因（英文）").fill("Rain")
    page.get_by_role("button", name="确定停工").click()
    page.get_by_text("已转为停工").wait_for()
    assert page.get_by_label("施工单位").input_value() == "第二施工队", "what was typed stays"
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存", exact=True).wait_for()
    work.refresh_from_db()
    assert (work.stage, work.contractor) == ("paused", "第二施工队")
    assert (work.stage_note, work.stage_note_en) == ("下雨", "Rain")


def test_leaving_asks_before_something_is_lost(clerk):
    one = Facility.objects.get(name="文化广场公厕")
    page = clerk(Role.OFFICIAL, "facilities")
    page.get_by_role("button", name="文化广场公厕").click()
    page.get_by_label("开放时间", exact=True).fill("8:00 至 20:00")
    asked = []

    def stay(dialog):
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("button", name="桥头村卫生室").click()
    page.go_back()
    until(page, lambda: len(asked) == 2)
    expect(page.get_by_label("开放时间", exact=True)).to_have_value("8:00 至 20:00")
    expect(page).to_have_url(re.compile(f"p=facilities/{one.pk}"))
    page.remove_listener("dialog", stay)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="桥头村卫生室").click()
    page.get_by_role("heading", name="桥头村卫生室").wait_for()
    expect(page.get_by_label("开放时间", exact=True)).to_have_value("全天开放")
