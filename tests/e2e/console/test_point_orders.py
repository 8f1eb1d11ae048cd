"""Orders of change points in the console: a queue of their own, where they are found and approved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from dispatch.services import order_move
from imagery import services
from imagery.models import ChangePoint, FieldCheck
from kernel.viewer import Role
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.e2e.console.office import COUNTY, act, finish, heading, press, row
from tests.e2e.pages import HETANG, settled
from tests.e2e.report import to
from tests.factories import dispatch, people
from tests.factories import imagery as make
from tests.imagery.test_field import check, send


@pytest.fixture
def order(office):
    """Of a field check, whose unit says that it is done."""
    return handed_in(office, make.point(place=HETANG, state="confirmed"))


def handed_in(office, point):
    services.point_move(by=make.who(), point_id=point.pk, move="check", unit=office.unit.pk)
    found = WorkOrder.objects.get()
    handler = viewer_of(office.handler, COUNTY)
    send(handler, point, check("illegal"))
    order_move(by=handler, order_id=found.pk, move="sign")
    order_move(by=handler, order_id=found.pk, move="submit", reply=dispatch.reply(), reason_code="no_site")
    return found


def test_a_supervisor_finds_the_order_of_a_point_and_approves_it_by_keys(order, office, console):
    page = console(office.supervisor)
    queues = page.locator(".qs")
    expect(queues.get_by_role("button", name="变化图斑")).to_have_text("变化图斑1")
    to(page, "变化图斑")
    expect(queues.locator("[aria-current]")).to_have_text("变化图斑1")
    expect(row(page, order.title)).to_contain_text("待审核")
    assert accessible.faults(page) == []
    press(page, "j")
    expect(heading(page)).to_contain_text(order.title)
    link = page.get_by_role("link", name="在地图上看")
    expect(link).to_have_attribute("href", f"/review?sel=points:{order.source_id}")
    press(page, "v")
    expect(page.locator(".checks input").first).to_be_focused()
    for _ in page.locator(".checks input").all():
        press(page, "Space", "Tab")
    press(page, "Enter")
    expect(page.locator(".dth .status")).to_have_text("办完")
    expect(queues.locator("[aria-current]")).to_have_text("变化图斑0")
    expect(page.locator(".rows")).to_contain_text("没有变化图斑的工单")
    order.refresh_from_db()
    assert order.state == "done"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_desk_sees_what_it_approves_and_nothing_is_refused(found, office, console, viewport):
    """The point is one of a group, which is not the desk's; its pictures are those of real scenes."""
    point, other = found[:2]
    ChangePoint.objects.update(state="confirmed")
    services.group_make(by=make.who(), point_ids=[point.pk, other.pk], title="料场")
    order = handed_in(office, point)
    page = console(office.desk, f"queue=points&sel=order:{order.pk}", viewport=viewport)
    answers = []
    page.on("response", lambda answer: answers.append((answer.status, answer.url)))
    page.get_by_role("link", name="在地图上看").click()
    card = page.locator(".vd")
    expect(card.locator("h2")).to_contain_text(str(point))
    expect(card).to_contain_text("同属“料场”")
    expect(card.locator(".vdb")).to_contain_text("违法")
    expect(card.locator(".shots img")).to_have_count(3)
    expect(card).not_to_contain_text("现在没有您要办的。")  # the order waits for them
    expect(page.locator(".rtabs button")).to_have_text(["办理"])
    expect(page.get_by_role("button", name="选几个")).to_have_count(0)
    assert accessible.faults(page) == []
    settled(page)
    assert any("/imagery/scenes/" in url for _status, url in answers), "the ground is drawn"
    card.get_by_role("link", name=re.compile(rf"^工单 {order.pk}\b")).click()
    act(page, "审核通过")
    for box in page.locator(".checks input").all():
        box.check()
    finish(page, "审核通过")
    expect(page.locator(".dth .status")).to_have_text("办完")
    settled(page)
    assert [one for one in answers if one[0] >= 400] == []
    assert ChangePoint.objects.get(pk=point.pk).state == "found_illegal"


@pytest.mark.parametrize("view", ["", "v=runs", "v=figures"])
def test_whatever_the_desk_asks_for_its_page_lists_what_is_being_checked(view, found, office, console):
    ChangePoint.objects.update(state="confirmed")
    handed_in(office, found[0])
    page = console(office.desk)
    refused = []
    page.on("response", lambda answer: answer.status >= 400 and refused.append(answer.url))
    page.goto(page.url.replace("/console?", f"/review?{view}"))
    expect(page.locator(".vd h2")).to_contain_text(str(found[0]))
    expect(page.locator(".rq ol > li")).to_have_count(1)
    expect(page.get_by_label("状态")).to_have_value("field_check")
    press(page, "j", "c", "e", "g", "Space")
    settled(page)
    assert refused == []


def test_what_may_not_be_approved_yet_was_changed_by_nobody(order, office, console):
    FieldCheck.objects.all().delete()
    page = console(office.supervisor, f"queue=points&sel=order:{order.pk}")
    press(page, "v")
    for _ in page.locator(".checks input").all():
        press(page, "Space", "Tab")
    press(page, "Enter")
    expect(page.get_by_text("还没有实地核查结果，不能审核通过")).to_be_visible()
    expect(page.get_by_text("别人刚刚改过这一件")).to_have_count(0)


def test_on_a_phone_it_is_a_chip_and_the_order_fits(order, office, console):
    page = console(office.handler, "queue=points", viewport=PHONE)
    expect(page.locator(".qchips [aria-current]")).to_have_text("变化图斑 1")
    expect(row(page, order.title)).to_be_visible()
    assert accessible.faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_who_never_has_orders_is_not_asked_about_them(order, office, console):
    agent = people.user(Role.VILLAGE_AGENT, jurisdiction=[HETANG])
    page = console(agent, "queue=points")
    asked = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)")
    assert "/api/incidents/desk/counts" in asked
    assert "/api/orders/" not in asked
    expect(page.locator(".qs [aria-current]")).to_contain_text("全部")
    expect(page.locator(".qs")).not_to_contain_text("变化图斑")
