"""From two scenes to a closed case, by the buttons that people press: the review, a telephone without network on the
spot, rectification, acceptance; and what everybody reads of it."""

from __future__ import annotations

import re

from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from imagery import services
from imagery.models import ChangePoint, FieldCheck, FieldPhoto
from imagery.states import needs_second
from imagery.tasks import carry_out_runs
from kernel.viewer import Role
from records.selectors import history_findings
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.e2e.console.office import PICTURE, act, finish
from tests.e2e.console.test_review_keys import LEAST_MS
from tests.e2e.pages import HETANG, kept, wait_for
from tests.factories import dispatch, media, people, places

NOW = "2026-06-30T10:00:00+08:00"
COUNTY = (places.COUNTY,)
NOTE = "户主在建两层砖房，已到二层，没有用地批准，已当面告知停工。"
DONE = "已拆除二层砌体，清运建筑垃圾三车，场地平整后恢复耕种。"
TURNED = "new DeviceOrientationEvent('deviceorientationabsolute', {alpha: 0, beta: 90, gamma: 0, absolute: true})"

TAKEN = """() => new Promise(resolve => {
  indexedDB.open('geogov-taken').onsuccess = ({target: {result}}) => {
    const stores = [...result.objectStoreNames];
    const counts = stores.map(name => new Promise(done => {
      result.transaction(name).objectStore(name).count().onsuccess = event => done(event.target.result);
    }));
    resolve(Promise.all(counts));
  };
})"""
"""How many lists and pictures this browser has."""


def signed_in(context, live_site, user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_site.url}])


def opened(browser_page, live_site, user, path, viewport, **options):
    """A page of somebody who is signed in, at the hour of the server."""
    page = browser_page(viewport=viewport, bypass_csp=True, **options)
    page.clock.set_system_time(NOW)
    signed_in(page.context, live_site, user)
    page.goto(f"{live_site.url}{path}")
    return page


def compared(page):
    """Has the two scenes compared by the page: somebody ends it at two fifths, and has it done after all."""
    page.get_by_role("button", name="比对", exact=True).click()
    page.get_by_label("前一景").select_option(index=2)
    page.get_by_label("后一景").select_option(index=1)
    page.get_by_label("方法").select_option(label="融合（默认）")
    page.get_by_role("button", name="开始比对").click()
    run = page.locator(".run")
    expect(run).to_contain_text("0%")
    begun = services.run_take()
    services.run_progress(begun, 0.4)
    expect(run.get_by_role("progressbar")).to_have_attribute("value", "40")
    assert accessible.faults(page) == []
    page.get_by_role("button", name=re.compile("^取消")).click()
    expect(page.get_by_role("button", name=re.compile("^接着做"))).to_be_visible()
    assert services.run_is_cancelled(begun)
    assert not services.run_waits()
    page.get_by_role("button", name=re.compile("^接着做")).click()
    expect(run.get_by_role("progressbar")).to_have_attribute("value", "0")
    assert carry_out_runs.call() == 1  # a worker
    found = list(ChangePoint.objects.order_by("-priority", "number"))
    expect(run).to_contain_text(f"新图斑 {len(found)} 个")
    page.get_by_role("button", name="核查", exact=True).click()
    expect(page.locator(".rqh h1")).to_have_text(f"待核查 {len(found)}")
    return found


def judged(page, point, key):
    """Says of the open point what it is, once somebody can have seen it."""
    expect(page.locator(".vdh h2")).to_contain_text(str(point))
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press(key)
    expect(page.locator(".vdh h2")).not_to_contain_text(str(point))
    expect(page.locator(".rqh")).to_contain_text("今天已看 1 个")  # the server has been told


def case(page, live_site, point, state):
    """The card of a point among the cases that stand there."""
    page.goto(f"{live_site.url}/review?v=cases&of={state}&sel=points:{point.pk}")
    expect(page.locator(".vdh h2")).to_contain_text(str(point))
    return page.locator(".vd")


def move(card, name):
    """Press a move of a case: its button goes once it is done."""
    card.get_by_role("button", name=name, exact=True).click()
    expect(card.get_by_role("button", name=name, exact=True)).to_have_count(0)


def assigned(console, office, point):
    """The desk gives the point's order to the office's unit."""
    page = console(office.desk, f"sel=order:{point.order_id}")
    expect(page.get_by_role("link", name="在地图上看")).to_be_visible()
    act(page, "交办")
    page.get_by_label("承办单位").select_option(label=office.unit.name)
    finish(page, "交办")


def approved(console, office, point):
    """The supervisor goes from the point to its order, approves the reply to that, and comes back."""
    page = console(office.supervisor)
    refused = []
    page.on("response", lambda answer: answer.status >= 400 and refused.append(answer.url))
    page.goto(page.url.replace("/console?", f"/review?v=cases&sel=points:{point.pk}"))
    page.get_by_role("link", name=re.compile(rf"^工单 {point.order_id}\b")).click()
    act(page, "审核通过")
    for check in page.locator(".checks input").all():
        check.check()
    finish(page, "审核通过")
    page.get_by_role("link", name="在地图上看").click()
    expect(page.locator(".vdh h2")).to_contain_text(str(point))
    assert refused == []


def is_told(page, live_site, point, said, dates):
    """What the public panel of the village says, and whether everybody reads when the point was handled."""
    page.goto(f"{live_site.url}/?sel=village:{point.village_id}&s=changepoints")
    expect(page.get_by_text(re.compile("^发现 "))).to_have_text(said)
    page.goto(f"{live_site.url}/?sel=changepoints:{point.pk}")
    expect(page.get_by_role("heading", name=str(point))).to_be_visible()
    expect(page.get_by_text("处理日期", exact=True)).to_have_count(dates)


def photo(page, number, **said):
    """A photo of a camera, which says when it was taken: now, if ``said`` has nothing else; each is another file."""
    said.setdefault("taken", page.evaluate("new Date().toLocaleString('sv')").replace("-", ":"))
    data = media.jpeg((64, 48), comment=f"shot {number}".encode(), exif=media.exif(**said))
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": data}


def take(page, file):
    """Press the camera, which gives that."""
    with page.expect_file_chooser() as chooser:
        page.get_by_text("拍照", exact=True).click()
    chooser.value.set_files(file)


def shoot(page, number, **said):
    """A photo that is taken in."""
    take(page, photo(page, number, **said))
    expect(page.locator(".shot")).to_have_count(number)


def state_of(point):
    point.refresh_from_db()
    return point.state, point.order and point.order.state


def test_a_point_from_two_scenes_to_a_closed_case(scenes, office, console, live_site, browser_page):
    official = people.user(Role.OFFICIAL, jurisdiction=COUNTY)
    grid = people.user(Role.GRID_MANAGER, unit=office.unit, jurisdiction=COUNTY, username="walker")
    desk = opened(browser_page, live_site, official, "/review", DESKTOP)
    found = compared(desk)
    point = next(one for one in found if needs_second(one.area_m2, one.redline_m2, one.number))
    ChangePoint.objects.filter(pk=point.pk).update(village=HETANG)  # the scenes lie beside the villages of the tests
    other = opened(browser_page, live_site, people.user(Role.OFFICIAL, jurisdiction=COUNTY), "/review", DESKTOP)
    for page, state in ((desk, "second_review"), (other, "confirmed")):
        page.goto(f"{live_site.url}/review?sel=points:{point.pk}")
        judged(page, point, "j")
        assert state_of(point) == (state, None)
    card = case(desk, live_site, point, "confirmed")
    move(card, "对外公开")
    move(card, "去实地看")
    assert state_of(point) == ("field_check", "opened")
    assigned(console, office, point)

    lon, lat = point.center.coords
    spot = {"latitude": lat, "longitude": lon + 0.0045, "accuracy": 7}
    here = {
        "geolocation": spot,
        "permissions": ["geolocation", "accelerometer", "gyroscope", "magnetometer"],
        "service_workers": "allow",
    }
    phone = opened(browser_page, live_site, grid, "/field", PHONE, **here)
    expect(phone.get_by_role("heading", name="要去看的 1 处")).to_be_visible()
    expect(phone.locator(".along")).to_contain_text("已带走")
    assert accessible.faults(phone) == []
    assert not [url for url in kept(phone) if "imagery" in url or "session" in url], "the page keeps them itself"
    phone.context.set_offline(True)
    phone.goto(f"{live_site.url}/field")
    expect(phone.get_by_text("没有网络。")).to_be_visible()
    phone.get_by_role("button", name=str(point)).click()
    picture = phone.locator(".pairs img").first
    expect(picture).not_to_have_js_property("naturalWidth", 0)  # "complete" is one without an address, too
    assert picture.evaluate("image => image.naturalWidth") > 100
    expect(phone.locator(".where")).to_contain_text("超过 200 米")
    expect(phone.locator(".fa")).to_contain_text("还要拍够 3 张照片")
    shoot(phone, 1)
    phone.get_by_role("group", name="第 1 张朝哪边").get_by_role("button", name="东南").click()
    phone.evaluate(f"dispatchEvent({TURNED})")
    shoot(phone, 2)
    expect(phone.locator(".shot").nth(1)).to_contain_text("朝北 0°")
    shoot(phone, 3)
    phone.get_by_role("button", name="违法").click()
    phone.get_by_role("button", name="光伏").click()
    phone.get_by_role("textbox", name="情况说明").fill(NOTE)
    expect(phone.locator(".fa")).to_contain_text("请说明为什么没有走近")
    phone.get_by_label("为什么没有走近").fill("河水上涨，桥不能过")
    assert accessible.faults(phone) == []
    phone.get_by_role("button", name="存好并送出").click()
    expect(phone.locator(".sent")).to_contain_text("等网络")
    assert not FieldCheck.objects.exists()

    lost = []  # the answer to the check is lost on its way: the same goes out again

    def lose(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    phone.route(re.compile("/checks"), lose)
    with phone.expect_event("requestfailed", lambda request: "/checks" in request.url):
        phone.context.set_offline(False)
    assert lost == [201]
    phone.get_by_role("button", name="现在送出").click()
    expect(phone.locator(".sent")).to_contain_text("已送达")
    expect(phone.locator(".sent")).to_contain_text("工单已交回")
    check = FieldCheck.objects.get()
    assert (check.finding, check.kind, check.is_far, check.accuracy_m) == ("illegal", "pv", True, 7)
    assert check.note == f"{NOTE}\n河水上涨，桥不能过"
    shots = FieldPhoto.objects.filter(check_client=check.client_id)
    assert [(shot.azimuth, shot.accuracy_m) for shot in shots] == [(135, 7), (0, 7), (0, 7)]
    assert state_of(point) == ("field_check", "review")

    approved(console, office, point)
    assert state_of(point) == ("found_illegal", "done")
    everybody = browser_page(viewport=DESKTOP)
    is_told(everybody, live_site, point, "发现 1 处，已处理 0 处", 0)
    card = case(desk, live_site, point, "found_illegal")
    expect(card.locator(".vdb .status.late")).to_contain_text("，定位精度 7 米")
    expect(card.locator(".shots a").first).to_contain_text(re.compile(r"^(135|0)° \d\d:\d\d$"))
    move(card, "责令整改")
    assert state_of(point) == ("rectifying", "opened")
    assigned(console, office, point)
    phone.goto(f"{live_site.url}/field")
    expect(phone.locator(".fi")).to_contain_text("整改中")
    phone.get_by_role("button", name=str(point)).click()
    phone.get_by_role("button", name="再核查一次").click()
    asked = phone.get_by_role("group", name="整改得怎样").get_by_role("button")
    expect(asked).to_have_text(["整改到位", "没有整改到位"])
    page = console(office.handler, f"sel=order:{point.order_id}")
    act(page, "签收")
    expect(page.locator(".dth .status")).to_contain_text("办理中")
    act(page, "提交审核")
    page.get_by_label("答复内容").fill(DONE)
    page.locator(".moveform input[type=file]").first.set_input_files(PICTURE)
    expect(page.locator(".moveform")).to_contain_text("1 个已传好")
    finish(page, "提交审核")
    expect(case(other, live_site, point, "rectifying").get_by_role("button", name="取消公开")).to_be_visible()
    expect(other.get_by_role("button", name="验收销号")).to_have_count(0)  # its order is not approved yet
    approved(console, office, point)
    expect(case(desk, live_site, point, "rectifying").get_by_role("button", name="取消公开")).to_be_visible()
    expect(desk.get_by_role("button", name="验收销号")).to_have_count(0)  # whoever had it put right does not accept it
    move(case(other, live_site, point, "rectifying"), "验收销号")
    assert state_of(point) == ("verified_closed", "done")
    is_told(everybody, live_site, point, "发现 1 处，已处理 1 处", 1)
    assert ChangePoint.objects.get(pk=point.pk).checks.count() == 1
    assert list(history_findings()) == []
    for page in (desk, phone, other):
        assert page.outside == []


def test_signing_out_leaves_no_list_on_the_telephone_and_keeps_what_was_not_sent(
    found, office, live_site, browser_page
):
    point = next(one for one in found if not needs_second(one.area_m2, one.redline_m2, one.number))
    official = people.user(Role.OFFICIAL, jurisdiction=COUNTY)
    grid = people.user(Role.GRID_MANAGER, unit=office.unit, jurisdiction=COUNTY, username="walker")
    desk = opened(browser_page, live_site, official, f"/review?sel=points:{point.pk}", DESKTOP)
    judged(desk, point, "f")
    point.refresh_from_db()
    dispatch.move(viewer_of(office.desk, places.COUNTY), point.order, "assign", unit=office.unit.pk)

    phone = opened(browser_page, live_site, grid, "/field", PHONE, service_workers="allow")
    expect(phone.locator(".along")).to_contain_text("已带走")
    phone.get_by_role("button", name=str(point)).click()
    shoot(phone, 1)
    other = phone.context.new_page()
    other.goto(f"{live_site.url}/field")
    expect(other.get_by_text("没有送出的核查留在这台手机里")).to_be_visible()
    other.get_by_role("button", name="退出").click()
    other.wait_for_url(f"{live_site.url}/")
    expect(phone.get_by_text("登录已过期")).to_be_visible()
    expect(phone.get_by_text(str(point))).to_have_count(0)
    phone.context.set_offline(True)
    phone.goto(f"{live_site.url}/field")
    expect(phone.get_by_text("没有网络。")).to_be_visible()
    expect(phone.get_by_text(str(point))).to_have_count(0)
    wait_for(phone, TAKEN, [0, 0])
    phone.context.set_offline(False)
    next_one = people.user(Role.GRID_MANAGER, unit=office.unit, jurisdiction=COUNTY)
    signed_in(phone.context, live_site, next_one)
    phone.goto(f"{live_site.url}/field")
    expect(phone.get_by_text("这台手机里还有 walker 的 1 份核查没有送出")).to_be_visible()
    signed_in(phone.context, live_site, grid)
    phone.goto(f"{live_site.url}/field?sel=points:{point.pk}")
    expect(phone.locator(".shot")).to_have_count(1)
