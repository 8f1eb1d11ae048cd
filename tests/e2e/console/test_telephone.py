"""A telephone on the spot that is full, set to another day, does not know where it is, or reaches nothing."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect

from accounts.selectors import viewer_of
from imagery import services
from imagery.models import FieldCheck, FieldPhoto
from kernel.viewer import Role
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.console.test_field import COUNTY, NOTE, NOW, photo, shoot, signed_in, take
from tests.e2e.pages import HETANG
from tests.factories import imagery, people, places

FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    const request = window.put.apply(this, given);
    this.transaction.abort();
    return request;
  };
}"""
"""As on a device without room: what is to be kept goes in, and the transaction is given up."""
ROOM = "() => { IDBObjectStore.prototype.put = window.put; }"


def sent_there(office, live_site, browser_page, *, accuracy=6.0, clock=NOW):
    """A point that somebody of the office is to look at, and their telephone in the middle of it."""
    official = people.user(Role.OFFICIAL, jurisdiction=COUNTY)
    grid = people.user(Role.GRID_MANAGER, unit=office.unit, jurisdiction=COUNTY, username="walker")
    point = imagery.point(HETANG, state="confirmed")
    by = viewer_of(official, places.COUNTY)
    services.point_move(by=by, point_id=point.pk, move="check", unit=office.unit.pk)
    at = {"longitude": point.center.x, "latitude": point.center.y, "accuracy": accuracy}
    phone = browser_page(
        viewport=PHONE, bypass_csp=True, geolocation=at, permissions=["geolocation"], service_workers="allow"
    )
    phone.clock.set_system_time(clock)
    signed_in(phone.context, live_site, grid)
    phone.goto(f"{live_site.url}/field?sel=points:{point.pk}")
    expect(phone.get_by_text("拍照", exact=True)).to_be_visible()
    return point, phone


def looks(page, number, direction):
    """Say where the camera looked."""
    page.get_by_role("group", name=f"第 {number} 张朝哪边").get_by_role("button", name=direction, exact=True).click()


def answered(page):
    """The rest of the form; the order stays with its unit."""
    page.get_by_role("button", name="没有变化").click()
    page.get_by_role("textbox", name="情况说明").fill(NOTE)
    page.get_by_role("checkbox", name="送达后交回工单").uncheck()
    page.get_by_role("button", name="存好并送出").click()


def test_a_full_telephone_an_inexact_position_and_a_wrong_clock(office, live_site, browser_page):
    point, phone = sent_there(office, live_site, browser_page, accuracy=3000, clock="2026-07-02T10:00:00+08:00")
    where, foot = phone.locator(".where"), phone.locator(".fa")
    expect(where).to_contain_text("定位精度 3 公里")
    expect(where).to_contain_text("定位不准")
    expect(where).not_to_contain_text("您在图斑里")
    assert accessible.faults(phone) == []
    shoot(phone, 1)
    looks(phone, 1, "东")
    phone.evaluate(FULL)
    take(phone, photo(phone, 2))
    expect(foot).to_contain_text("手机存不下了")
    expect(phone.locator(".shot")).to_have_count(1)
    phone.evaluate(ROOM)
    phone.context.set_geolocation({"longitude": point.center.x, "latitude": point.center.y, "accuracy": 6})
    for number in (2, 3):
        shoot(phone, number)
        looks(phone, number, "西")
    expect(where).to_contain_text("您在图斑里")
    expect(where).to_contain_text("定位精度 6 米")
    expect(foot).to_contain_text("请选核查结果")
    phone.context.set_offline(True)
    answered(phone)
    expect(phone.locator(".sent")).to_contain_text("等网络")
    phone.context.set_offline(False)
    expect(phone.locator(".sent")).to_contain_text("已送达")
    check = FieldCheck.objects.get()
    assert (check.accuracy_m, check.is_far) == (6, False), "as exactly as it was known at any photo"
    assert abs(check.at - check.received_at) < dt.timedelta(minutes=5), "the server's clock, not the telephone's"
    assert {abs(shot.taken_at - check.at) < dt.timedelta(minutes=5) for shot in FieldPhoto.objects.all()} == {True}


def test_two_tabs_a_proxy_without_words_and_a_network_that_says_nothing(office, live_site, browser_page):
    point, phone = sent_there(office, live_site, browser_page)
    for number in (1, 2, 3):
        shoot(phone, number)
        looks(phone, number, "南")
    tab = phone.context.new_page()
    tab.clock.set_system_time(NOW)
    tab.goto(f"{live_site.url}/field?sel=points:{point.pk}")
    expect(tab.locator(".shot")).to_have_count(3)
    refused = re.compile("/checks")
    wordless = {"status": 413, "content_type": "text/html", "body": "<h1>413</h1>"}
    phone.context.route(refused, lambda route: route.fulfill(**wordless))  # of both: the other tab sends as well
    answered(phone)
    expect(phone.locator(".sent")).to_contain_text("没有送到服务器（413）")
    phone.context.unroute(refused)
    answered(tab)
    expect(tab.locator(".sent")).to_contain_text("已送达")
    phone.get_by_role("button", name="现在送出").click()
    expect(phone.locator(".sent")).to_contain_text("已送达")
    assert (FieldCheck.objects.count(), FieldPhoto.objects.count()) == (1, 3)

    nothing = re.compile("/api/session")
    phone.route(nothing, lambda route: route.abort())
    phone.goto(f"{live_site.url}/field")
    expect(phone.get_by_text("没有网络。")).to_be_visible()
    phone.unroute(nothing)
    phone.get_by_role("button", name="再试一次").click()
    expect(phone.get_by_text("没有网络。")).to_have_count(0)
    expect(phone.get_by_text("已核查 1 次")).to_be_visible()
