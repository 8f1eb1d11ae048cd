"""Devices on the map: what they say stands beside their marks and changes while one looks."""

from __future__ import annotations

from playwright.sync_api import expect

from devices.models import Device
from kernel import clock
from tests.browser import DESKTOP
from tests.e2e.pages import HETANG, followed, hash_at, settled, wait_for
from tests.factories import devices as make
from tests.factories import places

RECORD = """
window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.written.push(text);
  return write.call(this, text, ...rest);
};"""


def say(stream, value, seconds_ago=0):
    make.take((stream, int((clock.now().timestamp() - seconds_ago) * 1000), value))


def is_written(text):
    return f"window.written.includes({text!r})"


def test_values_stand_beside_the_marks_and_change_as_they_come(county, live_site, browser_page):
    device = make.device(HETANG, type=make.kind(icon="manhole"))
    stream = make.stream(device)
    say(stream, 1.25, 60)
    page = followed(browser_page(viewport=DESKTOP))
    page.add_init_script(RECORD)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_site.url}/?l=devices{hash_at(*places.lonlat(HETANG))}")
    wait_for(page, is_written("1.3 m"))
    say(stream, 2.5, 30)
    wait_for(page, is_written("2.5 m"))  # before any value the stream has told which version of the layer there is
    settled(page)
    asked.clear()
    say(stream, 3.5)
    wait_for(page, is_written("3.5 m"))
    assert not [url for url in asked if "/api/layers/" in url], "a value is no reason to fetch the layer"
    with page.expect_response(lambda answer: "/api/layers/devices/features" in answer.url):
        Device.objects.update(alarm=3)
    page.get_by_role("button", name="感知设备图例").click()
    expect(page.get_by_role("button", name="告警")).to_be_visible()
    page.route("**/live/**", lambda route: route.fulfill(status=503))
    with page.expect_response(lambda answer: "/api/devices/latest" in answer.url):
        page.reload()
    wait_for(page, is_written("3.5 m"))
