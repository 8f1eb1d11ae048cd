"""What is laid over the scenes of the workbench: control lines, sites of projects and other points, in their place."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from playwright.sync_api import expect

from imagery.models import RedLine
from tests.e2e.pages import at_rest, wait_for
from tests.factories import places, projects

AROUND = 0.0003
"""Degrees of a line beside the box of its point: some 30 m, so that it is to be seen with it."""

SITE_M = 60
"""A project is a point; its site reaches so far (``imagery.sql.overlays``)."""


@pytest.fixture
def review(found, office, console, live_site):
    """The page, the point that is first on it, and what was asked for and refused."""
    page = console(office.official, bypass_csp=True)
    point = found[0]
    west, south, east, north = point.geom.extent
    box = Polygon.from_bbox((west - AROUND, south - AROUND, east + AROUND, north + AROUND))
    shape = MultiPolygon(box, srid=4326)
    RedLine.objects.create(county_id=places.COUNTY, kind=RedLine.Kind.FARMLAND, geom=shape, code="甲-1")
    places.village("990521003077", name="图上村", geom=shape)
    projects.project(geom=Point(point.center.x, point.center.y, srid=4326))
    refused = []
    page.on("response", lambda answer: answer.status >= 400 and refused.append(answer.url))
    page.goto(f"{live_site.url}/review?sel=points:{point.pk}")
    expect(page.locator(".vdh h2")).to_contain_text(str(point))
    return page, point, refused


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_lines_lie_where_they_are_and_move_with_the_map(review):
    page, point, refused = review
    outline = page.locator(".sketch.outline polygon:not(.casing)")
    farmland, site = page.locator(".sketch.lines .redlines.farmland"), page.locator(".sketch.lines .projects")
    others = page.locator(".sketch.lines .earlier")
    expect(outline).to_have_count(1)
    expect(page.locator(".sketch.lines polygon")).to_have_count(0)
    for name in ("控制线", "在建项目", "村界"):
        page.get_by_role("checkbox", name=name).check()
    expect(farmland).to_have_count(1)
    expect(site).to_have_count(1)
    expect(page.locator(".sketch.lines .villages").first).to_be_attached()
    expect(page.locator(".sketch.lines .villages").first).to_have_css("stroke", "rgb(217, 166, 255)")
    expect(farmland).to_have_css("stroke", "rgb(255, 122, 107)")
    expect(site).to_have_css("stroke", "rgb(107, 200, 255)")

    line = None
    for press in (None, "缩小"):
        if press:
            less = 0.6 * line["width"]
            page.get_by_role("button", name=press).click()
            wait_for(page, f"document.querySelector('.sketch.lines .farmland').getBBox().width < {less}")
        own, line, ring = at_rest(outline, farmland, site)
        assert middle(line) == pytest.approx(middle(own), abs=2)
        assert line["x"] < own["x"]
        assert line["width"] > own["width"]
        _west, south, _east, north = point.geom.extent
        metre = line["height"] / ((north - south + 2 * AROUND) * 111_320)  # in pixels
        assert ring["height"] == pytest.approx(2 * SITE_M * metre, rel=0.05)

    page.get_by_role("checkbox", name="其他图斑").check()
    expect(others.first).to_be_attached()
    page.get_by_role("checkbox", name="控制线").uncheck()
    expect(farmland).to_have_count(0)
    expect(site).to_have_count(1)
    assert refused == []
