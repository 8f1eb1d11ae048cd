"""What single people do in the console, from a call that comes in to figures that open their rows."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from dispatch.services import order_move
from dispatch.states import Check, ReasonCode
from incidents.models import Attachment, Comment, Report
from incidents.services import report_comment, report_move
from incidents.states import REPORTER
from kernel.viewer import Role
from records.models import AuditEvent
from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.console.office import (
    CITIZEN,
    COUNTY,
    PICTURE,
    REPLY,
    TEXT,
    TITLE,
    act,
    finish,
    heading,
    press,
    row,
)
from tests.e2e.pages import HETANG, at_rest
from tests.e2e.report import to
from tests.factories import people


def test_several_at_once_each_with_its_result(office, console):
    office.report()
    second, _code = office.report("渠道边护栏断了一截，孩子常去玩", 0.004)
    page = console(office.desk, "queue=new", deaf=True)  # a list that hears of it drops what was withdrawn
    expect(page.locator(".cr")).to_have_count(2)
    for box in page.locator(".cr input").all():
        box.check()
    report_move(by=CITIZEN, report_id=second.pk, move="withdraw", part=REPORTER)
    page.get_by_label("承办单位").select_option(label="各给常办的单位")
    page.get_by_role("button", name="受理并交办 2 件").click()
    expect(page.locator(".bulkresult")).to_contain_text("2 件里办好 1 件")
    expect(row(page, second.title)).to_have_count(0)
    expect(page.locator(".bulkresult li")).to_contain_text(f"{second.title} {second.number}: ")
    assert set(Report.objects.values_list("state", flat=True)) == {"accepted", "withdrawn"}
    assert WorkOrder.objects.get().state == "assigned"


def test_a_hand_back_carries_a_place_and_a_supervisor_rules(office, console):
    report = office.accepted()
    other = people.unit("jtj", "交通运输局")
    desk = console(office.desk, f"sel=case:{report.pk}")
    act(desk, "交办")
    desk.get_by_label("承办单位").select_option(label="水利局")
    finish(desk, "交办")

    unit = console(office.handler, f"sel=case:{report.pk}")
    expect(unit.locator(".bar")).to_be_visible()
    unit.get_by_role("button", name="更多操作").click()
    press(unit, "Escape")
    expect(unit.get_by_role("button", name="更多操作")).to_have_attribute("aria-expanded", "false")
    press(unit, "b")
    unit.get_by_label("理由").fill("涵洞在村道上，归交通局养护")
    unit.get_by_label("图上依据").fill("图上是村道，不在渠道管理线里")
    unit.locator(".moveform").get_by_role("button", name="用地图中心").click()
    expect(unit.locator(".placefield")).to_contain_text("已标在")
    finish(unit, "退回")

    page = console(office.supervisor, f"queue=returned&sel=case:{report.pk}")
    expect(page.locator(".notes")).to_contain_text("涵洞在村道上")
    press(page, "i")
    page.get_by_label("裁定承办单位").select_option(label=other.name)
    page.get_by_label("理由").fill("村道由交通局养护")
    finish(page, "裁定")
    expect(page.locator(".dtb")).to_contain_text("督查裁定，不能退回")
    back = WorkOrder.objects.get(pk=report.order_id).hand_backs.get()
    assert back.geom is not None
    expect(unit.get_by_text("不再由您办理")).to_be_visible()
    expect(heading(unit)).to_have_count(0)


def test_what_the_public_sees_is_put_right_first(office, console):
    """Words, place and photos are corrected and the photo covered, by pointer and by keys, before it is published."""
    report, _code = office.report()
    page = console(office.desk, f"sel=case:{report.pk}")
    page.locator(".ph3 button").click()
    expect(page.locator(".blurs img")).not_to_have_js_property("naturalWidth", 0)
    [picture] = at_rest(page.locator(".blurs"))
    left, top, wide, high = (picture[key] for key in ("x", "y", "width", "height"))
    page.mouse.move(left + wide * 0.1, top + high * 0.1)
    page.mouse.down()
    page.mouse.move(left + wide * 0.3, top + high * 0.2, steps=3)
    page.mouse.up()
    expect(page.locator("button.blur")).to_have_attribute("aria-label", "遮挡 1：左 10%，上 10%，宽 20%，高 10%")
    page.get_by_role("button", name="加一处遮挡").press("Enter")
    expect(page.locator("button.blur").nth(1)).to_be_focused()
    press(page, "ArrowRight", "ArrowUp", "Shift+ArrowDown")
    expect(page.locator("button.blur").nth(1)).to_have_attribute(
        "aria-label", re.compile("左 42%，上 38%，宽 20%，高 22%")
    )
    assert faults(page) == []
    page.get_by_label("照片说明").fill("村口涵洞积水")
    page.get_by_role("button", name="遮挡 2 处并公开").click()
    expect(page.locator(".toast")).to_have_text("照片已公开")
    photo = Attachment.objects.get().photo
    assert (photo.state, photo.alt) == ("published", "村口涵洞积水")
    assert photo.redactions[1] == pytest.approx([0.42, 0.38, 0.2, 0.22])
    expect(page.locator(".ph3 .tag")).to_have_count(0)

    press(page, "w")
    expect(page.get_by_label("标题", exact=True)).to_have_value(TITLE)
    page.get_by_label("标题", exact=True).fill("涵洞一下雨就积水")
    page.get_by_label("紧急").check()
    page.locator(".moveform").get_by_role("button", name="用地图中心").click()
    assert faults(page) == []
    finish(page, "更正")
    expect(heading(page)).to_have_text("涵洞一下雨就积水 急")
    press(page, "c")
    page.get_by_label("留言内容").fill("已电话问过村里")
    finish(page, "留言")
    expect(page.locator(".remarks")).to_contain_text("工作人员可见")
    report_comment(by=CITIZEN, report_id=report.pk, text="我家也淹了", audience="public", part=REPORTER)
    expect(page.locator(".remarks")).to_contain_text("我家也淹了")
    page.locator(".remarks summary").click()
    page.locator(".remarks").get_by_role("button", name="公开").click()
    expect(page.locator(".remarks summary")).to_have_text("已公开")
    assert Comment.objects.get(is_published=True).public_text == "我家也淹了"
    page.get_by_role("button", name="更多操作").focus()
    press(page, "p")
    expect(page.locator(".dtb")).to_contain_text("地图上没有这一件")
    report.refresh_from_db()
    assert (report.title, report.is_urgent, report.is_public) == ("涵洞一下雨就积水", True, False)


def test_reading_a_contact_is_recorded(office, console):
    report, _code = office.report()
    page = console(office.desk, f"sel=case:{report.pk}")
    expect(page.locator(".contact")).to_contain_text("查看会记入审计")
    assert "0801" not in page.content()
    page.get_by_role("button", name="看联系方式").click()
    expect(page.locator(".contact a")).to_have_attribute("href", "tel:057208017744")
    assert AuditEvent.objects.filter(action="report.contact_read", object_id=str(report.pk)).count() == 1


def test_the_desk_takes_a_call(office, console):
    page = console(office.desk, bypass_csp=True)
    page.get_by_role("button", name="登记来电").click()
    page.get_by_label("群众说了什么").fill("渠道边护栏断了一截，孩子常去玩")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".dt")).to_contain_text("请在地图上标出位置")
    page.get_by_role("button", name="用地图中心").click()
    page.locator(".dt").get_by_label("类别").select_option("flood")
    for name, key in (("化雪", "Space"), ("平时", "Space"), ("哪里堵了", "ArrowDown")):
        to(page, name, press=False)
        press(page, key)
    page.locator(".dt input[type=file]").set_input_files(PICTURE)
    expect(page.locator(".dt")).to_contain_text("1 个已传好")
    to(page, "反映人", press=False)
    press(page, "ArrowDown")
    page.get_by_label("电话").fill("13900001234")
    assert faults(page) == []
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".bigcode")).to_have_text(re.compile(r"\w{4}-"))
    page.get_by_role("button", name="打开这一件").click()
    expect(heading(page)).to_contain_text("渠道边护栏断了一截")
    expect(page.locator("dl.facts").first).to_contain_text("化雪、平时")
    report = Report.objects.get()
    assert (report.channel, report.confidence, report.attachments.count()) == ("phone", "confidential", 1)
    assert report.attributes == {"where": "gully", "seen": ["snow", "dry"]}


def amount(text):
    return None if text in ("", "–") else float(text)


def test_a_figure_opens_its_rows_and_the_file_says_the_same(office, console):
    """One figure of the table, the orders behind it, and the line of the file: nothing is left out between them."""
    for number in range(3):
        office.accepted(text=f"{TEXT}第 {number} 次", east=0.002 * number)
    given = office.accepted(text="渠道边护栏断了", east=-0.003)
    by = viewer_of(office.desk, COUNTY)
    order_move(by=by, order_id=given.order_id, move="assign", unit=office.unit.pk)
    order_move(by=viewer_of(office.supervisor, COUNTY), order_id=given.order_id, move="urgent", reason="学校门口")
    page = console(office.supervisor)
    page.get_by_role("button", name="督办统计").click()
    page.get_by_role("button", name="类别").click()
    line = page.locator("tbody tr", has_text="道路积水")
    expect(line.locator("td").first).to_have_text("4")
    assert faults(page) == []
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    table = list(csv.reader(Path(file.value.path()).read_text("utf-8-sig").splitlines()))
    told = dict(zip(table[0], next(one for one in table if one[0] == "道路积水"), strict=True))
    shown = dict(zip(page.locator("thead th.num").all_inner_texts(), line.locator("td").all_inner_texts(), strict=True))
    assert {name: amount(text) for name, text in shown.items()} == {name: amount(told[name]) for name in shown}
    line.get_by_role("button").first.click()
    rows = page.locator(".figrows li")
    expect(rows).to_have_count(int(told["合计"]))
    numbers = {f"{number}" for number in Report.objects.values_list("title", flat=True)}
    assert set(page.locator(".figrows li b").all_inner_texts()) == numbers
    rows.first.get_by_role("button").click()
    expect(heading(page)).to_be_visible()


def test_officials_look_and_say_what_they_think(office, console):
    report = office.accepted()
    page = console(office.official, f"sel=case:{report.pk}")
    expect(heading(page)).to_contain_text(TITLE)
    expect(page.locator(".contact, .ck, .bulk")).to_have_count(0)
    expect(page.locator(".bar button")).to_have_text(["", "C留言"])


def test_a_village_agent_follows_what_was_told_on_behalf(office, console):
    """Orders are the offices': without them the case is there all the same, with its answer."""
    agent = people.user(Role.VILLAGE_AGENT, jurisdiction=[HETANG])
    report = office.accepted()
    Report.objects.update(filed_by=agent, channel="agent")
    by = viewer_of(office.handler, COUNTY)
    order_move(by=viewer_of(office.desk, COUNTY), order_id=report.order_id, move="assign", unit=office.unit)
    order_move(by=by, order_id=report.order_id, move="sign")
    order_move(by=by, order_id=report.order_id, move="submit", reply=REPLY, reason_code=next(iter(ReasonCode)).value)
    order_move(by=viewer_of(office.supervisor, COUNTY), order_id=report.order_id, move="approve", checklist=list(Check))
    page = console(agent, f"sel=case:{report.pk}")
    expect(page.locator(".reply")).to_contain_text("更换两块破损盖板")
    expect(page.locator(".bar")).to_contain_text("满意")


def test_a_filter_is_in_the_address_and_is_kept_under_a_name(office, console):
    office.report()
    office.accepted(text="渠道边护栏断了一截", east=0.004)
    page = console(office.desk, "queue=all")
    page.locator(".narrow summary").click()
    page.get_by_label("状态").select_option("accepted")
    expect(page.locator(".cr")).to_have_count(1)
    assert "f=desk.status" in page.url
    page.get_by_label("筛选的名字").fill("等着交办")
    page.get_by_role("button", name="存为常用").click()
    expect(page.get_by_role("button", name="等着交办", exact=True)).to_be_visible()
    page = console(office.desk, "queue=new")  # another browser
    expect(row(page)).to_be_visible()
    page.get_by_role("button", name="等着交办", exact=True).click()
    expect(page.locator(".cr")).to_contain_text(["渠道边护栏断了一截"])
    page.get_by_role("button", name="删除常用筛选：等着交办").click()
    expect(page.get_by_role("button", name="等着交办", exact=True)).to_have_count(0)
    page.go_back()
    expect(row(page)).to_be_visible()
    page.goto(page.url.split("?")[0] + "?queue=nonsense")
    expect(page.locator(".lsh .note")).to_have_text("您没有“nonsense”这个队列，下面是“新到”。")


def test_single_keys_can_be_switched_off(office, console):
    office.report()
    page = console(office.desk, "queue=new")
    expect(row(page)).to_be_visible()
    press(page, "?")
    page.get_by_label(re.compile("使用单键")).uncheck()
    press(page, "Escape", "j")
    expect(heading(page)).to_have_count(0)


@pytest.mark.parametrize("lang, viewport", [("zh", PHONE), ("en", DESKTOP)], ids=["390-zh", "1280-en"])
def test_everybody_can_use_it(office, console, lang, viewport):
    office.accepted()
    report, _code = office.report("渠道边护栏断了一截，孩子常去玩", 0.004)
    page = console(office.desk, f"queue=all&lang={lang}", viewport=viewport, bypass_csp=True)
    expect(page.locator(".cr")).to_have_count(2)
    assert faults(page) == []
    page.goto(page.url + f"&sel=case:{report.pk}")
    expect(page.locator(".bar")).to_be_visible()
    assert faults(page) == []
    page.locator(".bar .more").click()
    assert faults(page) == []
    page.locator(".bar > .pri").click()
    expect(page.locator(".moveform")).to_be_visible()
    assert faults(page) == []
