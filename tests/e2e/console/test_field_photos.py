"""What the file of a photo says: when it was taken, where the camera looked; and what a browser cannot show."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from imagery.models import FieldPhoto
from kernel import clock
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.console.test_field import TURNED, photo, shoot, take
from tests.e2e.console.test_telephone import answered, looks, sent_there
from tests.factories import media
from tests.media.test_pictures import heic

SENSORS = ["accelerometer", "gyroscope", "magnetometer"]
"""What a page needs before it may hear of the compass."""
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def sent(office, live_site, browser_page):
    """A point and the telephone of whoever is to look at it, turned to the north; its clock is 20 minutes late."""
    point, phone = sent_there(office, live_site, browser_page)
    phone.context.grant_permissions(["geolocation", *SENSORS])
    take(phone, {"name": "a.txt", "mimeType": "text/plain", "buffer": b"the first press asks for the compass"})
    expect(phone.locator(".shot")).to_have_count(1)
    phone.get_by_role("button", name="删除第 1 张").click()
    phone.evaluate(f"dispatchEvent({TURNED})")
    return point, phone


def test_a_photo_says_itself_when_and_where_to(sent):
    _point, phone = sent
    shots = phone.locator(".shot")
    shoot(phone, 1, direction=91.4, taken="2026:06:30 09:01:30", offset="+08:00")
    expect(shots.nth(0)).to_contain_text("09:21 朝东 91°")
    expect(shots.nth(0).get_by_role("button", name="东", exact=True)).to_have_attribute("aria-pressed", "true")
    shoot(phone, 2)
    expect(shots.nth(1)).to_contain_text("朝北 0°")  # the compass, of a photo of just now
    shoot(phone, 3, taken="2026:06:30 04:31:30", offset="+03:00")
    expect(shots.nth(2)).to_contain_text("09:51 朝哪边拍的？")  # the compass knows nothing of then
    looks(phone, 3, "西南")
    shoot(phone, 4, direction=359.8, taken="2026:06:29 18:00:30")
    expect(shots.nth(3)).to_contain_text("6 月 29 日 18:20 朝北 0°")
    assert accessible.faults(phone) == []
    answered(phone)
    expect(phone.locator(".sent")).to_contain_text("已送达")
    kept = list(FieldPhoto.objects.order_by("pk"))
    assert [one.azimuth for one in kept] == [91, 0, 225, 0]
    day = dt.datetime(2026, 6, 30, tzinfo=clock.ZONE)
    taken = [
        day.replace(hour=9, minute=21),
        clock.now(),
        day.replace(hour=9, minute=51),
        day - dt.timedelta(hours=5.67),
    ]
    assert all(abs(one.taken_at - at) < MINUTE for one, at in zip(kept, taken, strict=True))
    assert [one.geom is not None for one in kept] == [False, True, False, False], "the telephone is here now, not then"


def test_a_photo_of_another_visit_is_not_taken_in(sent):
    _point, phone = sent
    take(phone, photo(phone, 1, direction=91, taken="2025:11:03 09:01:30"))
    expect(phone.get_by_text("没有收下：这张照片是 2025 年 11 月 3 日 09:21 拍的，比工单早。")).to_be_visible()
    expect(phone.locator(".shot")).to_have_count(0)
    shoot(phone, 1, taken="2027:06:30 10:00:30")  # nobody photographs tomorrow: it was taken by now
    expect(phone.locator(".shot")).to_contain_text("10:2")
    shoot(phone, 2, taken="1980:01:01 00:00:30", direction=45)
    expect(phone.locator(".shot").nth(1)).to_contain_text("朝东北 45°")
    broken = photo(phone, 3, lonlat=(119.9, 30.5))
    gps = broken["buffer"].index(b"\x88\x25") + 8
    broken["buffer"] = broken["buffer"][:gps] + b"\xff\xff\xff\xff" + broken["buffer"][gps + 4 :]
    take(phone, broken)
    expect(phone.locator(".shot")).to_have_count(3)
    expect(phone.locator(".shot").nth(2)).to_contain_text("10:2")


def test_the_same_photo_is_one(sent):
    _point, phone = sent
    same = photo(phone, 1, direction=91)
    take(phone, same)
    expect(phone.locator(".shot")).to_have_count(1)
    take(phone, same)
    expect(phone.get_by_text("没有收下：这张照片已经有了。")).to_be_visible()
    shoot(phone, 2)
    expect(phone.locator(".shot")).to_have_count(2)


def test_a_photo_that_the_browser_cannot_show_has_its_name(sent):
    _point, phone = sent
    said = media.exif((119.9, 30.5), "2026:06:30 09:01:30", direction=181)
    data = heic(media.picture((64, 48)), exif=said)
    take(phone, {"name": "IMG_0417.HEIC", "mimeType": "image/heic", "buffer": data})
    shot = phone.locator(".shot")
    expect(shot).to_contain_text("09:21 朝南 181°")
    expect(shot.get_by_text("IMG_0417.HEIC")).to_be_visible()
    expect(shot.locator("img")).to_have_count(0)
    shoot(phone, 2)
    expect(shot.nth(1).locator("img")).to_have_count(1)
    assert accessible.faults(phone) == []
    assert phone.evaluate("document.body.scrollWidth") <= PHONE["width"]
