"""Rules of dispatch and crews: written, tried on the past, switched on; the next report goes where the rule says."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from dispatch.models import Crew, RoutingRule, WorkOrder
from tests.browser import PHONE
from tests.e2e.accessible import faults
from tests.e2e.console.office import TITLE, heading
from tests.factories import crews, incidents, people

NAME = "积水归住建局"


def at_rules(page):
    page.get_by_role("button", name="派单规则", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="派单规则")).to_be_attached()


def test_the_next_report_goes_where_the_rule_says(office, console):
    builders = people.unit("zjj", "住建局")
    crews.skill("drain", "管道疏通", "drain cleaning")
    crews.crew(name="排水一队", unit=office.unit, skills=["drain"])
    crews.rule("老规则", order=10, categories=["other"])
    before = office.accepted()
    page = console(office.supervisor, "queue=all", bypass_csp=True)
    at_rules(page)
    page.get_by_role("button", name="新规则").click()
    form = page.get_by_role("form", name="新规则")
    form.get_by_role("button", name="保存").click()
    expect(form.locator(".field.bad")).to_contain_text("请填写：名称")
    form.get_by_label("名称").fill(NAME)
    form.get_by_role("combobox", name="类别").select_option("flood")
    form.get_by_label("地方").fill("荷塘")
    form.get_by_role("button", name=re.compile("^荷塘村")).click()
    form.get_by_label("词", exact=False).last.fill("积水、涵洞")
    form.get_by_label("给最近的空闲班组").check()
    form.get_by_label("技能").select_option("管道疏通")
    form.get_by_label("给一个单位").check()
    form.get_by_label("承办单位").select_option("住建局")
    assert faults(page) == []
    form.get_by_role("button", name="保存").click()
    rule = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=NAME))
    expect(rule).to_contain_text("道路积水")
    made = RoutingRule.objects.get(title=NAME)
    assert (made.categories, made.words, made.unit, made.skill) == (["flood"], ["积水", "涵洞"], builders, "")
    expect(rule.get_by_role("button", name=f"启用：{NAME}")).to_have_count(0)

    rule.get_by_role("button", name=f"试跑：{NAME}").click()
    expect(rule.locator(".kpi b")).to_have_text(["1", "1", "0"])
    rule.get_by_role("button", name=f"上移：{NAME}").click()
    expect(page.locator(".rule h3")).to_have_text([NAME, "老规则"])
    expect(rule.get_by_role("button", name=f"下移：{NAME}")).to_be_focused()
    RoutingRule.objects.filter(pk=made.pk).update(version=7, title=f"{NAME}了")
    rule.get_by_role("button", name=f"启用：{NAME}").click()
    expect(page.locator(".rule .note.late")).to_contain_text("别人刚刚改过这条规则")
    rule.get_by_role("button", name=f"启用：{NAME}了").click()
    expect(rule.locator(".status").first).to_have_text("启用中")
    sent = office.accepted(east=0.002)
    assert WorkOrder.objects.get(pk=sent.order_id).lead_unit == builders
    assert WorkOrder.objects.get(pk=before.order_id).lead_unit is None

    rule.get_by_text(re.compile("^试跑：由它来派 1 件")).click(trial=True)
    assert faults(page) == []
    rule.get_by_role("button", name=f"停用：{NAME}了").click()
    expect(rule.locator(".status").first).to_have_text("未启用")
    rule.get_by_role("button", name=re.compile(TITLE)).click()
    expect(heading(page)).to_contain_text(TITLE)


def test_a_rule_is_made_and_switched_on_with_keys_alone(office, console):
    """Arrow keys go through a closed list one by one: what they pass is not chosen by that. The focus is never lost."""
    for code, title in (("lamp", "路灯不亮"), ("noise", "噪音扰民")):
        incidents.category(code, title=title)
    page = console(office.supervisor, "queue=all")
    at_rules(page)
    page.get_by_role("button", name="新规则").press("Enter")
    form = page.get_by_role("form", name="新规则")
    expect(form.get_by_label("名称")).to_be_focused()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    kinds = form.get_by_role("combobox", name="类别")
    expect(kinds).to_contain_text("噪音扰民")
    titles = kinds.locator("option").all_inner_texts()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.locator(".chosen")).to_have_text(titles[2])
    expect(kinds).to_have_value("")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    form.get_by_role("button", name="保存").press("Enter")
    rule = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=NAME))
    expect(rule.locator(".facts")).to_contain_text("、".join((titles[2], titles[1])))
    assert len(RoutingRule.objects.get(title=NAME).categories) == 2
    expect(page.get_by_role("button", name="新规则")).to_be_focused()

    rule.get_by_role("button", name=f"试跑：{NAME}").press("Enter")
    expect(rule.get_by_role("button", name=f"再试跑：{NAME}")).to_be_focused()
    rule.get_by_role("button", name=f"启用：{NAME}").press("Enter")
    expect(rule.get_by_role("button", name=f"停用：{NAME}")).to_be_focused()


def test_others_read_and_a_crew_keeps_its_own_shift(office, console):
    crews.skill("drain", "管道疏通", "Drain cleaning")
    crew = crews.crew(name="排水一队", unit=office.unit, skills=["drain"])
    crews.rule("排水", skill="drain")
    page = console(office.desk, "queue=all")
    at_rules(page)
    expect(page.locator(".rule")).to_contain_text("最近的空闲班组，会“管道疏通”")
    expect(page.locator(".rule button, .dispatch .btn")).to_have_count(0)

    page = console(office.handler, "queue=all&lang=en", viewport=PHONE, bypass_csp=True)
    page.get_by_role("button", name="Crews", exact=True).click()
    expect(page.locator(".rule")).to_have_count(0)
    expect(page.locator(".crew .status")).to_have_text("Free")
    expect(page.locator(".crew .facts")).to_contain_text("Drain cleaning")
    page.get_by_role("button", name="Change: 排水一队").click()
    page.get_by_label("Sun").uncheck()
    page.get_by_label("Starts").fill("20:00")
    page.get_by_label("Ends").fill("08:00")
    assert faults(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".crew .status")).to_have_text("Off shift")
    expect(page.locator(".crew")).to_contain_text("20:00–08:00 next day")
    assert Crew.objects.get(pk=crew.pk).weekdays == [1, 2, 3, 4, 5, 6]
