"""Published change points on the public page: how far each is, on the map and in its panel."""

import datetime as dt

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import expect

from imagery.models import PublishedPoint
from imagery.states import Stage
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.pages import HETANG, hash_at, is_painted
from tests.factories import imagery as make
from tests.factories import places

DONE, PAPER = (37, 149, 111), (255, 255, 255)
"""RGB of the ticked square of what was handled, and of the inside of the ring of what was found."""


@pytest.fixture
def published(county):
    """One point somebody published, found and nothing more."""
    point = make.point(HETANG)
    lon, lat = places.lonlat(HETANG)
    return PublishedPoint.objects.create(
        point=point,
        county_id=places.COUNTY,
        village_id=HETANG,
        name=str(point),
        kind=point.kind,
        stage=Stage.FOUND,
        found_on=dt.date(2026, 3, 8),
        geom=Point(lon + 0.001, lat),
    )


@pytest.mark.parametrize("stage, said, middle", [(Stage.FOUND, "发现", PAPER), (Stage.HANDLED, "已处理", DONE)])
def test_how_far_a_point_is_stands_on_the_map_and_in_its_panel(published, visit, stage, said, middle):
    PublishedPoint.objects.update(stage=stage)
    lon, lat = published.geom.coords
    page = visit(f"/?l=changepoints{hash_at(lon, lat, 16)}")
    assert is_painted(page, "canvas.overlay", 0, -3, middle)
    page = visit(f"/?sel=changepoints:{published.pk}", viewport=PHONE, bypass_csp=True)
    expect(page.locator(".panel .status")).to_have_text(said)
    expect(page.locator(".panel .facts")).to_contain_text("所在 200 米网格的中心")
    assert accessible.faults(page) == []


def test_a_village_tells_of_its_points_and_opens_them(published, visit):
    page = visit(f"/?sel=village:{HETANG}", viewport=PHONE, bypass_csp=True)
    section = page.locator(".panel .sec").filter(has=page.get_by_role("heading", name="变化图斑"))
    expect(section).to_contain_text("发现 1 处，已处理 0 处")
    row = section.get_by_role("button", name=published.name)
    expect(row.locator(".status")).to_have_text("发现")
    row.scroll_into_view_if_needed()
    assert accessible.faults(page) == []
    row.click()
    expect(page.locator(".panel h1, .panel h2").first).to_contain_text(published.name)
