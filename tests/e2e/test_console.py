"""The console: the whole loop from a citizen's pin to a rated answer, by mouse and by keys; two desks at once."""

from __future__ import annotations

import csv
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from dispatch.services import order_move
from incidents.models import Attachment, Comment, Report
from incidents.services import Contact, ReportFields, report_comment, report_move, report_submit
from incidents.services.photos import photo_receive
from incidents.states import REPORTER
from kernel.viewer import Role, Viewer
from records.models import AuditEvent
from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.pages import HETANG
from tests.e2e.test_report import code_on, to
from tests.factories import incidents, media, people, places

COUNTY = places.COUNTY
TEXT = "村口涵洞一下雨就积水，昨天电瓶车都过不去。"
TITLE = "村口涵洞一下雨就积水"
REPLY = "已清理涵洞淤泥 3 方，更换两块破损盖板，雨后复查未再积水，村水管员每周看一次。"
CITIZEN = Viewer(county=COUNTY, label=REPORTER)
PICTURE = {"name": "done.jpg", "mimeType": "image/jpeg", "buffer": media.jpeg()}
DOCUMENT = {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": media.PDF}
SEEN_WITHIN_MS = 2000


class Office:
    """A village with a kind of matter, and one person of each role who works on reports."""

    def __init__(self):
        cache.clear()
        self.unit = people.unit("slj", "水利局")
        incidents.category(
            "flood", title="道路积水", title_en="Flooded road", words="积水 涵洞", default_unit=self.unit
        )
        self.grid = people.user(Role.GRID_MANAGER, jurisdiction=[HETANG])
        self.desk = people.user(Role.DESK, jurisdiction=[COUNTY])
        self.handler = people.user(Role.HANDLER, unit=self.unit)
        self.supervisor = people.user(Role.SUPERVISOR, jurisdiction=[COUNTY])
        self.official = people.user(Role.OFFICIAL, jurisdiction=[COUNTY])

    def report(self, text=TEXT, east=0.0):
        """A report of a citizen, with a photo and a contact."""
        lon, lat = places.lonlat(HETANG)
        photo = photo_receive(by=CITIZEN, file=BytesIO(media.jpeg()), name="hole.jpg", part=REPORTER).photo
        fields = ReportFields(
            lonlat=(lon + east, lat),
            text=text,
            category="flood",
            photos=(photo.token,),
            contact=Contact("沈", "0572-0801 7744", ""),
        )
        told = report_submit(by=CITIZEN, fields=fields)
        return Report.objects.get(number=told.number), told.code

    def accepted(self, **fields):
        """A report whose order is open."""
        report, _code = self.report(**fields)
        return report_move(by=viewer_of(self.desk, COUNTY), report_id=report.pk, move="accept", category="flood")


@pytest.fixture
def office(county):
    return Office()


@pytest.fixture
def console(live_site, browser_page):
    """Opens the console as somebody: ``console(office.grid, "p=new")``."""

    def go(user, query="", *, viewport=DESKTOP, deaf=False, **options):
        client = Client()
        client.force_login(user)
        page = browser_page(viewport=viewport, **options)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_site.url}])
        if deaf:
            page.route(re.compile("/live/|/api/layers/changes"), lambda route: route.abort())
        page.goto(f"{live_site.url}/console?{query}")
        first = ".dth h2" if "sel=" in query else ".lsh [role=status]"
        expect(page.locator(first)).to_contain_text(re.compile("."), timeout=15_000)
        return page

    return go


def row(page, title=TITLE):
    return page.locator(".cr > button", has_text=title)


def heading(page):
    return page.locator(".dth h2")


def act(page, name):
    page.locator(".bar").get_by_role("button", name=name).click()


def finish(page, name):
    page.locator(".moveform").get_by_role("button", name=name).click()
    expect(page.locator(".moveform")).to_have_count(0)


def state_of(report):
    report.refresh_from_db()
    return report.state, WorkOrder.objects.get(pk=report.order_id).state


def test_the_whole_loop(office, console, live_site, browser_page):
    report, code = office.report()

    page = console(office.grid)
    row(page).click()
    expect(page.locator(".ph3 img")).to_have_count(1)
    expect(page.locator(".sug")).to_contain_text("水利局")
    act(page, "受理并交办")
    finish(page, "受理并交办")
    expect(page.locator(".dth .status")).to_contain_text("已交办")
    assert state_of(report) == ("accepted", "assigned")
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

    rated = browser_page(viewport=PHONE)
    rated.goto(f"{live_site.url}/track/{code}")
    expect(rated.locator("main")).to_contain_text("更换两块破损盖板")
    rated.get_by_role("button", name="解决了，满意").click()
    expect(rated.locator(".hero .status")).to_contain_text("办结")
    page.reload()
    expect(page.locator(".dth .status")).to_contain_text("办结")
    expect(page.locator("#ratings + p")).to_contain_text("满意")

    issues = rated.request.get(f"{live_site.url}/api/places/{HETANG}/panel?county={COUNTY}").json()["sections"]
    body = next(one["body"] for one in issues if one["key"] == "issues")
    assert [(one["number"], one["status"]) for one in body["items"]] == [(report.number, "closed")]


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


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
    press(page, "r")
    expect(page.get_by_label("答复内容")).to_be_focused()
    page.keyboard.type(REPLY)
    press(page, "Tab")
    with page.expect_file_chooser() as picking:
        press(page, "Enter")
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


def test_two_consoles_see_each_other_within_two_seconds(office, console):
    report = office.accepted()
    one, two = console(office.desk, "p=all"), console(office.grid, f"p=all&sel=case:{report.pk}")
    expect(row(one)).to_contain_text("已受理")
    two.wait_for_timeout(1500)  # both streams are open
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
    page = console(office.desk, f"p=all&sel=case:{report.pk}", deaf=True)
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


def test_several_at_once_each_with_its_result(office, console):
    office.report()
    second, _code = office.report("渠道边护栏断了一截，孩子常去玩", 0.004)
    page = console(office.desk, "p=new")
    expect(page.locator(".cr")).to_have_count(2)
    for box in page.locator(".cr input").all():
        box.check()
    report_move(by=viewer_of(office.desk, COUNTY), report_id=second.pk, move="accept", category="flood")
    page.get_by_label("承办单位").select_option(label="各给常办的单位")
    page.get_by_role("button", name="批量受理并交办").click()
    expect(page.locator(".bulkresult")).to_contain_text("2 件里办好 1 件")
    assert set(Report.objects.values_list("state", flat=True)) == {"accepted"}
    assert sorted(WorkOrder.objects.values_list("state", flat=True)) == ["assigned", "opened"]


def test_a_hand_back_carries_a_place_and_a_supervisor_rules(office, console):
    report = office.accepted()
    other = people.unit("jtj", "交通运输局")
    desk = console(office.desk, f"sel=case:{report.pk}")
    act(desk, "交办")
    desk.get_by_label("承办单位").select_option(label="水利局")
    finish(desk, "交办")

    page = console(office.handler, f"sel=case:{report.pk}")
    expect(page.locator(".bar")).to_be_visible()
    press(page, "b")
    page.get_by_label("理由").fill("涵洞在村道上，归交通局养护")
    page.get_by_label("图上依据").fill("图上是村道，不在渠道管理线里")
    page.locator(".moveform").get_by_role("button", name="用地图中心").click()
    expect(page.locator(".placefield")).to_contain_text("已标在")
    finish(page, "退回")

    page = console(office.supervisor, f"p=returned&sel=case:{report.pk}")
    expect(page.locator(".notes")).to_contain_text("涵洞在村道上")
    press(page, "i")
    page.get_by_label("裁定承办单位").select_option(label=other.name)
    page.get_by_label("理由").fill("村道由交通局养护")
    finish(page, "裁定")
    expect(page.locator(".dtb")).to_contain_text("督查裁定，不能退回")
    back = WorkOrder.objects.get(pk=report.order_id).hand_backs.get()
    assert back.geom is not None


def test_what_the_public_sees_is_put_right_first(office, console):
    """Words, place and photos are corrected and the photo covered, by pointer and by keys, before it is published."""
    report, _code = office.report()
    page = console(office.desk, f"sel=case:{report.pk}")
    page.locator(".ph3 button").click()
    expect(page.locator(".blurs img")).to_have_js_property("complete", True)
    picture = page.locator(".blurs").bounding_box()
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
    page = console(office.desk)
    page.get_by_role("button", name="登记来电").click()
    page.get_by_label("群众说了什么").fill("渠道边护栏断了一截，孩子常去玩")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".dt")).to_contain_text("请在地图上标出位置")
    page.get_by_role("button", name="用地图中心").click()
    page.locator(".dt").get_by_label("类别").select_option("flood")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".bigcode")).to_have_text(re.compile(r"\w{4}-"))
    page.get_by_role("button", name="打开这一件").click()
    expect(heading(page)).to_contain_text("渠道边护栏断了一截")
    assert Report.objects.get().channel == "phone"


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


def test_a_filter_is_in_the_address_and_is_kept_under_a_name(office, console):
    office.report()
    office.accepted(text="渠道边护栏断了一截", east=0.004)
    page = console(office.desk, "p=all")
    page.locator(".narrow summary").click()
    page.get_by_label("状态").select_option("accepted")
    expect(page.locator(".cr")).to_have_count(1)
    assert "f=desk.status" in page.url
    page.get_by_label("筛选的名字").fill("等着交办")
    page.get_by_role("button", name="存为常用").click()
    page.get_by_role("button", name="新到我的网格").click()
    expect(row(page)).to_be_visible()
    page.reload()
    page.get_by_role("button", name="等着交办", exact=True).click()
    expect(page.locator(".cr")).to_contain_text(["渠道边护栏断了一截"])
    page.get_by_role("button", name="删除常用筛选：等着交办").click()
    expect(page.get_by_role("button", name="等着交办", exact=True)).to_have_count(0)
    page.go_back()
    expect(row(page)).to_be_visible()


def test_single_keys_can_be_switched_off(office, console):
    office.report()
    page = console(office.desk, "p=new")
    expect(row(page)).to_be_visible()
    press(page, "?")
    page.get_by_label(re.compile("使用单键")).uncheck()
    press(page, "Escape", "j")
    expect(heading(page)).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["390", "1280"])
def test_everybody_can_use_it(office, console, lang, viewport):
    office.accepted()
    report, _code = office.report("渠道边护栏断了一截，孩子常去玩", 0.004)
    page = console(office.desk, f"p=all&lang={lang}", viewport=viewport, bypass_csp=True)
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
