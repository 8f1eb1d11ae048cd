"""The telephone is slow, or turned: what is pressed, typed or opened while it still keeps what came before."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from imagery.models import FieldCheck, FieldPhoto
from kernel.viewer import Role
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.console.test_field import COUNTY, NOTE, TURNED, opened, photo, shoot, take
from tests.factories import dispatch, people, places
from tests.factories import imagery as make
from tests.imagery.conftest import say

SLOW = """() => {
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  crypto.subtle.digest = async (...said) => {
    await new Promise(done => setTimeout(done, 1500));
    return digest(...said);
  };
}"""
"""A large photo on an old telephone."""
SAVE_AND_TYPE = """words => {
  document.querySelector('.fa .btn').click();
  const field = [...document.querySelectorAll('textarea')].at(-1);
  field.value += words;
  field.dispatchEvent(new InputEvent('input', {bubbles: true}));
}"""
BOTH = """(ids) => ids.forEach(id => {
  history.pushState(null, '', `?sel=points:${id}`);
  dispatchEvent(new PopStateEvent('popstate'));
})"""
"""Opens one after the other, quicker than the telephone reads."""


@pytest.fixture
def points(office):
    found = [make.point(), make.point(lonlat=[part + 0.001 for part in places.lonlat(make.VILLAGE)])]
    official, desk = make.who(), viewer_of(office.desk, places.COUNTY)
    for point in found:
        say(official, point, "change", wants_check=True)
        point.refresh_from_db()
        dispatch.move(desk, point.order, "assign", unit=office.unit.pk)
    return found


@pytest.fixture
def phone(points, office, browser_page, live_site):
    grid = people.user(Role.GRID_MANAGER, unit=office.unit, jurisdiction=COUNTY)
    lon, lat = points[0].center.coords
    here = {
        "geolocation": {"latitude": lat, "longitude": lon, "accuracy": 7},
        "permissions": ["geolocation", "accelerometer", "gyroscope", "magnetometer"],
        "service_workers": "allow",
    }
    page = opened(browser_page, live_site, grid, f"/field?sel=points:{points[0].pk}", PHONE, **here)
    expect(page.locator(".where")).to_contain_text("您在图斑里")
    return page


def test_the_list_comes_where_the_browser_takes_no_worker(points, office, browser_page, live_site):
    grid = people.user(Role.GRID_MANAGER, unit=office.unit, jurisdiction=COUNTY)
    page = opened(browser_page, live_site, grid, "/field", PHONE, service_workers="block")
    expect(page.get_by_role("heading", name="要去看的 2 处")).to_be_visible()


def filled(phone):
    phone.get_by_text("拍照", exact=True).first.wait_for()
    shoot(phone, 1)
    phone.evaluate(f"dispatchEvent({TURNED})")
    phone.get_by_role("group", name="第 1 张朝哪边").get_by_role("button", name="东南").click()
    shoot(phone, 2)
    shoot(phone, 3)
    phone.get_by_role("button", name="违法").click()
    phone.get_by_role("textbox", name="情况说明").fill(NOTE)
    expect(phone.get_by_role("button", name="存好并送出")).to_have_attribute("aria-disabled", "false")


def test_a_photo_that_is_still_being_kept_goes_along(phone):
    filled(phone)
    phone.evaluate(SLOW)
    take(phone, photo(phone, 4))
    phone.get_by_role("button", name="存好并送出").click()
    expect(phone.locator(".sent")).to_contain_text("已送达")
    assert FieldPhoto.objects.filter(check_client=FieldCheck.objects.get().client_id).count() == 4


def test_what_is_typed_while_it_is_kept_does_not_hold_it_back(phone):
    filled(phone)
    phone.evaluate(SAVE_AND_TYPE, "再看一次")
    expect(phone.locator(".sent")).to_contain_text("已送达")
    assert FieldCheck.objects.get().note.startswith(NOTE)


def test_what_was_begun_at_one_point_does_not_come_up_at_the_next(phone, points):
    phone.get_by_text("拍照", exact=True).first.wait_for()
    shoot(phone, 1)
    phone.get_by_role("button", name="回到清单").click()
    phone.evaluate(BOTH, [point.pk for point in points])
    expect(phone.get_by_role("heading", name=str(points[1]))).to_be_visible()
    expect(phone.get_by_text("拍照", exact=True)).to_be_visible()
    phone.wait_for_timeout(500)
    expect(phone.locator(".shot")).to_have_count(0)


def test_a_photo_that_is_still_being_kept_stays_with_its_point(phone, points):
    phone.get_by_text("拍照", exact=True).first.wait_for()
    phone.evaluate(SLOW)
    take(phone, photo(phone, 1))
    phone.get_by_role("button", name="回到清单").click()
    phone.get_by_role("button", name=str(points[1])).click()
    expect(phone.get_by_text("拍照", exact=True)).to_be_visible()
    phone.wait_for_timeout(2500)
    expect(phone.locator(".shot")).to_have_count(0)
    phone.get_by_role("button", name="回到清单").click()
    phone.get_by_role("button", name=str(points[0])).click()
    expect(phone.locator(".shot")).to_have_count(1)


def test_a_reply_that_is_not_accepted_is_said_in_the_list_too(phone, points):
    filled(phone)
    phone.get_by_role("button", name="存好并送出").click()
    expect(phone.locator(".sent")).to_contain_text("工单已交回")
    phone.get_by_role("button", name="回到清单").click()
    row = phone.get_by_role("button", name=str(points[1]))
    row.click()
    filled(phone)
    phone.get_by_role("button", name="存好并送出").click()
    expect(phone.locator(".sent").filter(has_text=str(points[1]))).to_contain_text("工单没有交回")
    phone.get_by_role("button", name="回到清单").click()
    expect(row).to_contain_text("工单没有交回")


@pytest.mark.parametrize(("width", "height"), [(844, 390), (667, 375)])
def test_on_its_side_the_map_is_beside_the_form_and_what_sends_it_in_sight(phone, width, height):
    phone.set_viewport_size({"width": width, "height": height})
    ground, form, send = (phone.locator(part) for part in (".fmap", ".fb", ".fa .btn"))
    note = form.get_by_role("textbox").last
    for part in (form.locator(".where"), note):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=0.99)  # scrolled to a fraction of a pixel
        expect(send).to_be_in_viewport(ratio=1)
        left, right = ground.bounding_box(), form.bounding_box()
        assert left["x"] + left["width"] <= right["x"] + 1
        assert left["height"] > height / 2
    assert note.bounding_box()["y"] + note.bounding_box()["height"] <= phone.locator(".fa").bounding_box()["y"]
    assert phone.evaluate("document.body.scrollWidth") <= width
    assert accessible.faults(phone) == []


def test_the_way_is_asked_for_when_the_network_is_back(phone, points):
    """Whoever opens a point without one has the straight line only."""
    where = phone.locator(".where")
    phone.goto(phone.url.replace(f":{points[0].pk}", f":{points[1].pk}"))
    expect(where).to_contain_text("没有路可走，图上是直线")  # there is none in this county
    phone.wait_for_timeout(1500)
    phone.context.set_offline(True)
    phone.reload()
    expect(where).to_contain_text("没有网络，图上是直线")
    phone.context.set_offline(False)
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the telephone is taken out again
    expect(where).to_contain_text("没有路可走，图上是直线")
