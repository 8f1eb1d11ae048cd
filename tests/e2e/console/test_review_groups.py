"""Points that are one project, in the workbench and among the cases, by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from imagery import services
from imagery.models import ChangeGroup, ChangePoint, Review
from imagery.states import needs_second
from kernel.viewer import Role
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.e2e.console.test_review import becomes, opened, press, signed_in
from tests.e2e.pages import at_rest
from tests.factories import dispatch, media, people, places
from tests.factories import imagery as make
from tests.imagery.test_field import check, send

SMALL_M2 = 500


def states(group):
    return list(group.points.order_by("pk").values_list("state", flat=True))


def goes_on(page):
    """Whoever presses by keys what is gone then goes on where the card begins."""
    expect(page.locator(".vd h2")).to_be_focused()


def test_points_are_one_project_with_one_verdict_one_visit_and_one_order(found, office, console, live_site):
    ChangePoint.objects.update(area_m2=SMALL_M2, redline_m2=0)  # one round is enough
    page, _official, refused = opened(console, live_site)
    points = [one for one in found if not needs_second(SMALL_M2, 0, one.number)][:3]
    keys, last = sorted(one.pk for one in points), points[-1]
    page.get_by_role("button", name="批量判定").press("Enter")
    for point in points:
        page.locator(".qi", has_text=str(point)).press(" ")
    expect(page.get_by_label("图斑组名称")).not_to_have_value("")
    page.get_by_label("图斑组名称").fill("石桥工业园")
    press(page, f"把这 {len(points)} 个归为一组")
    becomes(page, "同属“石桥工业园”")
    goes_on(page)
    group = ChangeGroup.objects.get()
    assert (group.title, sorted(group.points.values_list("pk", flat=True))) == ("石桥工业园", keys)
    assert accessible.faults(page) == []

    press(page, "关闭")
    goes_on(page)
    page.locator(".qi", has_text=str(points[0])).press("Enter")
    expect(page.locator("button.grpl")).to_contain_text(f"{len(points)} 个图斑")
    page.locator("button.grpl").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="石桥工业园")).to_be_focused()
    expect(page.locator(".sketch.lines .member")).to_have_count(len(points))
    dots, farther = page.locator(".sketch.lines circle"), page.get_by_role("button", name="缩小")
    expect(dots).to_have_count(0)
    for _ in range(8):
        if dots.count() < len(points):
            farther.click()
            at_rest(page.locator(".sketch.lines .member").first)
    expect(dots).to_have_count(len(points))
    page.keyboard.press("j")  # a key of the card means nothing here
    press(page, "有变化")
    becomes(page, f"{len(points)} 个变为“有变化”")
    assert not Review.objects.exists()
    press(page, f"确定，判 {len(points)} 个")
    becomes(page, "已判定")
    assert states(group) == ["confirmed"] * len(points)
    press(page, "撤销这一批")
    becomes(page, f"{len(points)} 个待核查的一起判")
    assert states(group) == ["queued"] * len(points)
    press(page, "有变化")
    press(page, f"确定，判 {len(points)} 个")
    page.get_by_label("承办单位").select_option("水利局")
    press(page, f"一次去看 {len(points)} 个")
    becomes(page, "撤回实地核查")
    goes_on(page)
    order = WorkOrder.objects.get()
    assert states(group) == ["field_check"] * len(points)
    assert set(group.points.values_list("order", flat=True)) == {order.pk}
    assert (order.kind, order.lead_unit) == ("field_check", office.unit)
    line = page.locator("a.grpl")
    expect(line).to_have_text(f"工单 {order.pk}, 水利局, 已交办")
    assert line.get_attribute("href") == f"/console?sel=order:{order.pk}"
    press(page, "撤回实地核查")
    becomes(page, "一次去看")
    assert states(group) == ["confirmed"] * len(points)

    press(page, f"把 {last} 移出图斑组")
    becomes(page, "放回“石桥工业园”")
    goes_on(page)
    assert not ChangePoint.objects.filter(pk=last.pk, group=group).exists()
    press(page, "放回“石桥工业园”")
    expect(page.locator("li.member")).to_have_count(len(points))
    assert accessible.faults(page) == []
    one_order_puts_all_right(page, live_site, group, office)
    all_are_accepted_in_one_go(page, live_site, group, office)
    press(page, "解散图斑组")
    becomes(page, "放回“石桥工业园”")
    goes_on(page)
    assert not ChangeGroup.objects.exists()
    press(page, "放回“石桥工业园”")
    expect(page.locator("button.grpl")).to_contain_text(f"{len(points)} 个图斑")
    assert sorted(ChangeGroup.objects.get().points.values_list("pk", flat=True)) == keys
    assert refused == []


def one_order_puts_all_right(page, live_site, group, office):
    group.points.update(state="found_illegal")
    page.goto(f"{live_site.url}/review?v=cases&of=found_illegal&sel=points:{group.points.first().pk}")
    page.locator("button.grpl").press("Enter")
    page.get_by_label("承办单位").select_option("水利局")
    press(page, "一起责令整改 3 个")
    becomes(page, "撤回整改")
    order = WorkOrder.objects.get(kind="rectify")
    assert (set(group.points.values_list("order", "state")), order.lead_unit) == (
        {(order.pk, "rectifying")},
        office.unit,
    )


def all_are_accepted_in_one_go(page, live_site, group, office):
    """By somebody else than who sent it to be put right."""
    becomes(page, "不能验收自己经手的整改。")
    order, handler = WorkOrder.objects.get(kind="rectify"), viewer_of(office.handler, places.COUNTY)
    dispatch.move(handler, order, "sign")
    proof = media.photo(handler, data=media.jpeg((40, 30), comment=b"proof"))
    said = "已拆除二层砌体，清运建筑垃圾三车，场地平整后恢复耕种。"
    dispatch.move(handler, order, "submit", reply=said, photos=[proof.pk])
    supervisor = viewer_of(office.supervisor, places.COUNTY)
    dispatch.move(supervisor, order, "approve", checklist=dispatch.CHECKLIST)
    own = page.context.cookies()
    signed_in(page, live_site, office.supervisor)
    page.reload()
    page.locator("button.grpl").click()
    assert accessible.faults(page) == []
    all_are_refused_in_one_go(page, group, order)
    press(page, "一起验收销号 3 个")
    expect(page.locator("li.member .status")).to_have_text(["已销号"] * 3)
    assert states(group) == ["verified_closed"] * 3
    page.context.add_cookies(own)
    page.reload()
    page.locator("button.grpl").press("Enter")


def all_are_refused_in_one_go(page, group, order):
    refuse = page.get_by_role("button", name="一起验收不通过 3 个")
    expect(refuse).to_be_disabled()
    page.get_by_label("理由").fill("厂房还在，只拆了围墙。")
    refuse.click()
    expect(page.locator("li.member .status")).to_have_text(["违法"] * 3)
    assert states(group) == ["found_illegal"] * 3
    group.points.update(state="rectifying", order=order)  # as it was
    page.reload()
    page.locator("button.grpl").click()


@pytest.mark.parametrize(
    ("role", "viewport"),
    [(Role.OFFICIAL, DESKTOP), (Role.SUPERVISOR, PHONE)],
)
def test_cases_become_one_project_by_keys(found, console, live_site, role, viewport):
    ChangePoint.objects.update(state="confirmed")
    page = console(people.user(role, jurisdiction=(places.COUNTY,)), viewport=viewport, bypass_csp=True)
    page.goto(f"{live_site.url}/review?v=cases&of=confirmed")
    if viewport == PHONE:
        page.locator(".rqd > summary").press("Enter")
    page.get_by_role("button", name="选几个").press("Enter")
    chosen = found[:2]
    for point in chosen:
        page.locator(".qi", has_text=str(point)).press(" ")
    expect(page.locator(".vdh h2")).to_have_text("选了 2 个")
    expect(page.locator(".vda")).to_have_count(0)  # nothing is judged here
    assert accessible.faults(page) == []
    page.get_by_label("图斑组名称").fill("料场")
    page.get_by_label("图斑组名称").press("Enter")
    becomes(page, "同属“料场”")
    assert sorted(ChangeGroup.objects.get().points.values_list("pk", flat=True)) == sorted(one.pk for one in chosen)
    page.get_by_role("button", name="统计", exact=True).press("Enter")
    page.get_by_role("button", name="办理", exact=True).press("Enter")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")  # what was chosen is not chosen any more


def test_a_card_shows_the_check_of_a_neighbour_and_leads_there(office, console, live_site):
    official, (lon, lat) = make.who(), places.lonlat(make.VILLAGE)
    seen, beside = (make.point(state="confirmed", lonlat=(lon + off, lat)) for off in (0, 0.001))
    group = services.group_make(by=official, point_ids=[seen.pk, beside.pk], title="料场")
    services.group_check(by=official, group_id=group.pk, unit=office.unit.pk)
    send(viewer_of(office.handler, places.COUNTY), seen, check("illegal"))
    services.point_move(by=official, point_id=beside.pk, move="find", finding="illegal")
    page, _official, _refused = opened(console, live_site, PHONE, f"?v=cases&sel=points:{beside.pk}")
    told = page.locator(".vdb")
    expect(told).to_contain_text("认定：违法")
    expect(told).to_contain_text("离本图斑 86 米，定位精度 8 米")
    expect(told.locator(".shots img")).to_have_count(3)
    assert accessible.faults(page) == []
    press(page, f"在 {seen} 核查")
    expect(page.locator(".vdh h2")).to_contain_text(str(seen))
    expect(told).to_contain_text("离本图斑 0 米")
    expect(told).not_to_contain_text(f"在 {seen} 核查")


def test_on_a_telephone_the_card_of_a_project_reaches_to_the_end_of_the_window(found, console, live_site):
    page, official, refused = opened(console, live_site, PHONE)
    by, two = viewer_of(official, places.COUNTY), [one.pk for one in found[:2]]
    services.group_make(by=by, point_ids=two, title="料场")
    page.goto(f"{live_site.url}/review?v=cases&of=queued&sel=points:{two[0]}")
    page.locator("button.grpl").click()
    expect(page.get_by_role("heading", name="料场")).to_be_focused()
    card = page.locator(".vd").bounding_box()
    assert card["y"] + card["height"] >= PHONE["height"] - 0.5
    assert accessible.faults(page) == []
    assert refused == []
