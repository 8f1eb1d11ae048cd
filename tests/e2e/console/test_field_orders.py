"""Several points of one project by one order: what it is called, and when it is handed in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dispatch.models import WorkOrder
from imagery import services
from imagery.models import FieldCheck
from kernel.viewer import Role
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.console.test_field import COUNTY, opened
from tests.e2e.console.test_field_races import filled
from tests.factories import imagery as make
from tests.factories import people, places

TITLE = "桑洲工业园二期"
HAND_IN = "送达后交回工单"
NEAR, FAR = 0.001, 0.02
"""Degrees: about 140 m off, seen on the same visit, and 2.8 km off."""


@pytest.fixture
def points(office):
    """Two points of one site and one of another village, in one project with one order."""
    found = [make.point(state="confirmed", lonlat=at(off)) for off in (0, NEAR, FAR)]
    official = make.who()
    group = services.group_make(by=official, point_ids=[one.pk for one in found], title=TITLE)
    services.group_check(by=official, group_id=group.pk, unit=office.unit.pk)
    return found


@pytest.fixture
def phone(points, office, browser_page, live_site):
    grid = people.user(Role.GRID_MANAGER, unit=office.unit, jurisdiction=COUNTY)
    permissions = ["geolocation", "accelerometer", "gyroscope", "magnetometer"]
    here = {"geolocation": spot(points[0]), "permissions": permissions, "service_workers": "allow"}
    return opened(browser_page, live_site, grid, "/field", PHONE, **here)


def at(off):
    lon, lat = places.lonlat(make.VILLAGE)
    return (lon + off, lat + off)


def spot(point):
    return {"longitude": point.center.x, "latitude": point.center.y, "accuracy": 6}


def go(phone, point):
    """Go there, and open it from the list."""
    phone.context.set_geolocation(spot(point))
    phone.get_by_role("button", name=str(point)).first.click()
    expect(phone.locator(".where")).to_contain_text("您在图斑里")


def send(phone, point, told):
    phone.get_by_role("button", name="存好并送出").click()
    expect(phone.locator(".sent").filter(has_text=str(point))).to_contain_text(told)


def test_points_of_one_order_say_so_and_wait_for_each_other(phone, points):
    first, beside, other = points
    rows = phone.locator(".fi")
    expect(rows).to_contain_text([f"{TITLE}，3 处一张工单"] * 3)
    assert accessible.faults(phone) == []
    go(phone, first)
    expect(phone.locator(".fb")).to_contain_text(f"{TITLE}，3 处一张工单")
    box = phone.get_by_role("checkbox", name=HAND_IN)
    expect(box).not_to_be_checked()
    expect(phone.locator(".check")).to_contain_text(f"工单管着 3 处，{other} 还没有核查，先不交回。")
    expect(phone.locator(".check")).not_to_contain_text(str(beside))  # whoever is here sees it too
    filled(phone)
    assert accessible.faults(phone) == []
    send(phone, first, "已送达")
    assert FieldCheck.objects.count() == 1
    assert WorkOrder.objects.get().state == "assigned", "the order waits for the last point"
    phone.get_by_role("button", name="回到清单").click()
    go(phone, other)
    expect(phone.locator(".check")).to_contain_text("工单管着 3 处，都去过了。")
    expect(box).to_be_checked()
    filled(phone)
    send(phone, other, "工单已交回")
    assert WorkOrder.objects.get().state == "review"


def test_an_order_goes_in_before_its_last_point_where_somebody_says_so(phone, points):
    first, _beside, other = points
    go(phone, first)
    phone.get_by_role("checkbox", name=HAND_IN).check()
    expect(phone.locator(".check")).to_contain_text(f"工单管着 3 处，会一起交回，{other} 没有核查也不再等。")
    filled(phone)
    send(phone, first, "工单已交回")
    assert WorkOrder.objects.get().state == "review"


def test_an_order_does_not_go_in_without_a_check_that_was_not_taken(phone, points):
    first, _beside, other = points
    go(phone, first)
    filled(phone)
    stuck = re.compile(f"/points/{first.pk}/checks")
    phone.context.route(stuck, lambda route: route.fulfill(status=413, content_type="text/html", body="<h1>413</h1>"))
    send(phone, first, "没有收下")
    phone.get_by_role("button", name="回到清单").click()
    go(phone, other)
    filled(phone)
    send(phone, other, f"同一张工单的 {first} 没有收下，工单先不交回。")
    assert WorkOrder.objects.get().state == "assigned"
    phone.context.unroute(stuck)
    phone.get_by_role("button", name="回到清单").click()
    phone.get_by_role("button", name="现在送出").click()
    sent = phone.locator(".sent")
    expect(sent.filter(has_text=str(first)).first).to_contain_text("已送达")
    phone.get_by_role("button", name="再交一次").click()
    expect(sent.filter(has_text=str(other)).last).to_contain_text("工单已交回")
    assert (FieldCheck.objects.count(), WorkOrder.objects.get().state) == (2, "review")
