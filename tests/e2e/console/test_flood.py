"""A well floods: the map turns red, the alarm becomes a work order, and a grid manager closes it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from accounts.selectors import viewer_of
from devices import services
from devices.models import Alarm, Device
from dispatch.models import WorkOrder
from dispatch.services import order_move
from kernel import clock
from tests.e2e import accessible
from tests.e2e.console.office import COUNTY, PICTURE, REPLY, act, finish, row
from tests.e2e.pages import HETANG
from tests.factories import devices as make
from tests.factories.dispatch import CHECKLIST


@pytest.fixture
def well(county):
    """A quiet well; the server's clock is the browser's, for snoozing is counted by the latter."""
    with clock.freeze(dt.datetime.now(dt.UTC), everywhere=True):
        services.partitions_make()
        device = make.device(HETANG, name="荷塘 3 号井", type=make.kind(heartbeat_s=7200))
        stream = make.stream(device, unit="cm", expected_s=3600)
        make.rule(type=device.type, title="井下水位过高", on=60, off=50, opens_order=True)
        levels = ((stream, (clock.now() - dt.timedelta(hours=n)).isoformat(), 14 + n % 3) for n in range(1, 12))
        make.take(*levels)
        yield stream


def sent(stream, value):
    """A reading through the door for devices."""
    body = {"stream": stream.pk, "ts": clock.now().isoformat(), "value": value}
    token = make.token(stream.device)
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post("/api/devices/readings", json.dumps(body), "application/json", headers=headers)


def opened(page, live_site, path):
    page.goto(f"{live_site.url}{path}")
    return page


def test_a_well_floods_and_is_closed(office, well, console, live_site):
    User.objects.filter(pk=office.grid.pk).update(unit=office.unit)
    page = opened(console(office.grid, bypass_csp=True), live_site, "/devices")
    chips = page.get_by_role("toolbar", name="按状态筛选")
    expect(chips).to_have_text("运行正常 1")
    expect(page.locator("#list")).to_contain_text("现在没有告警")

    assert sent(well, 84).json()["accepted"] == 1
    services.alarms_sweep()
    expect(chips).to_have_text("告警 1")
    page.locator("#list").get_by_role("button", name="荷塘 3 号井").click()
    panel = page.locator(".col")
    expect(panel.locator(".big")).to_have_text("84 厘米")
    expect(panel.locator(".status").first).to_contain_text("告警")
    assert accessible.faults(page) == []
    panel.get_by_role("button", name="知道了").click()
    expect(panel).to_contain_text("已有人确认")

    order = WorkOrder.objects.get()
    panel.get_by_role("link", name="看工单").click()
    expect(page.locator(".dth h2")).to_contain_text("荷塘 3 号井：井下水位过高")
    page.locator(".qs").get_by_role("button", name="设备告警").click()
    expect(page.locator(".qs [aria-current]")).to_have_text("设备告警1")
    row(page, "荷塘 3 号井").click()
    act(page, "交办")
    page.get_by_label("承办单位").select_option(label="水利局")
    finish(page, "交办")
    expect(page.locator(".dth .status")).to_contain_text("已交办")

    act(page, "签收")
    act(page, "提交审核")
    page.get_by_label("答复内容").fill(REPLY)
    page.locator(".moveform input[type=file]").first.set_input_files(PICTURE)
    expect(page.locator(".moveform")).to_contain_text("1 个已传好")
    finish(page, "提交审核")
    supervisor = viewer_of(office.supervisor, COUNTY)
    order_move(by=supervisor, order_id=order.pk, move="approve", checklist=CHECKLIST)
    expect(page.locator(".dth .status")).to_have_text("办完")  # and no due time any more
    order.refresh_from_db()
    assert order.state == "done"


def test_snooze_and_patrol_by_keys(office, well, console, live_site):
    camera = make.device(HETANG, name="荷塘摄像机", type=make.kind("camera", title="摄像机", takes_pictures=True))
    sent(well, 84)
    page = opened(console(office.grid, reduced_motion="reduce"), live_site, f"/devices?sel=devices:{well.device_id}")
    page.get_by_role("button", name="暂缓").focus()
    page.keyboard.press("Enter")
    page.get_by_label("为什么暂缓").fill("正在清淤，水位会反复")
    page.keyboard.press("Enter")
    expect(page.locator(".col")).to_contain_text("搁置到")
    assert Device.objects.get(pk=well.device_id).alarm == 0
    assert Alarm.objects.get().snoozed_until is not None
    page.get_by_role("button", name="关闭").click()
    page.get_by_role("button", name="轮巡").click()
    expect(page.locator(".patrol")).to_contain_text("第 1 个，共 2 个")
    page.get_by_role("button", name="下一个").click()
    expect(page.locator(".col h1")).to_have_text(camera.name)
    page.get_by_role("button", name="结束轮巡").click()
    expect(page.locator(".patrol")).to_have_count(0)


def test_who_snoozes_too_late_is_told_so(office, well, console, live_site):
    sent(well, 84)
    page = opened(console(office.grid, deaf=True), live_site, f"/devices?sel=devices:{well.device_id}")
    page.get_by_role("button", name="暂缓").click()
    page.get_by_label("为什么暂缓").fill("正在清淤，水位会反复")
    Alarm.objects.update(phase="cleared", cleared_at=clock.now())
    page.keyboard.press("Enter")
    expect(page.locator(".snooze")).to_have_count(0)
    page.wait_for_timeout(1000)  # what is said last is what stays
    expect(page.locator(".toast")).to_have_text("这条告警已经恢复。")
    assert Alarm.objects.get().snoozed_until is None
