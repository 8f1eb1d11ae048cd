"""A device in the panel of the public page: what it says now, and its curve by mouse, by key and as a table."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from devices import services
from devices.models import AlarmRule
from kernel import clock
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.pages import HETANG, at_rest
from tests.factories import devices as make


@pytest.fixture
def well(county):
    """A well that has risen for three hours; the clock of tests and the browser's are not the same."""
    now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    with clock.freeze(now, everywhere=True):
        services.partitions_make()
        device = make.device(HETANG, name="荷塘 3 号井", type=make.kind(heartbeat_s=86_400))
        stream = make.stream(device, unit="cm", expected_s=3600)
        limit = {"kind": "above", "level": 3, "on": 60, "off": 50, "title": "水位过高"}
        AlarmRule.objects.create(county=device.county, type=device.type, key="level", **limit)
        levels = [20] * 20 + [24, 31, 48, 84]
        for n, level in enumerate(reversed(levels)):
            make.take((stream, (now - dt.timedelta(hours=n)).isoformat(), level))
        services.rollups_refresh()
        yield device


def test_a_well_floods(well, visit):
    page = visit(f"/?sel=devices:{well.pk}", bypass_csp=True)
    panel = page.locator(".panel")
    expect(panel.get_by_role("heading", name="荷塘 3 号井")).to_be_visible()
    expect(panel.locator(".now .big")).to_have_text("84 厘米")
    expect(panel.locator(".now")).to_contain_text("近 1 小时 +36 厘米")
    expect(panel.locator(".now")).to_contain_text("告警线 60 厘米, 回到 50 厘米 才解除")
    slider = panel.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("48 厘米$"))
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("20 厘米$"))
    [box] = at_rest(panel.locator(".curve"))
    page.mouse.move(box["x"] + box["width"] * 0.985, box["y"] + 40)
    expect(slider).to_have_attribute("aria-valuenow", "23")
    panel.get_by_role("button", name="看表格").click()
    expect(panel.get_by_role("row")).to_have_count(25)
    panel.get_by_role("button", name="7 天").click()
    expect(panel.get_by_role("row")).to_have_count(25)
    assert accessible.faults(page) == []


def test_on_a_phone_in_english(well, visit):
    page = visit(f"/?sel=devices:{well.pk}&lang=en", viewport=PHONE, bypass_csp=True)
    expect(page.locator(".now")).to_contain_text("plausible")
    assert accessible.faults(page) == []
