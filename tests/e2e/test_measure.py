"""Measuring on the map and the reader's position, against what PostGIS says of the same positions."""

import json
import math
import re
import subprocess
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import expect

from scripts.frontend import environment
from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.pages import HETANG, address_at_rest, at_rest, hash_at, steady, until
from tests.factories import places

FRONTEND = Path(__file__).parents[2] / "frontend"
ALLOWED = 0.003
"""Part of the whole by which a length or an area may differ from geography in PostGIS."""

LINES = {
    "a street": [(120.0, 30.5), (120.001, 30.5004)],
    "north": [(120.0, 30.5), (120.0, 30.9)],
    "east": [(119.6, 30.5), (120.2, 30.5)],
    "across a county": [(119.6, 30.2), (119.9, 30.45), (120.3, 30.95)],
    "in the south": [(110.0, 18.3), (110.4, 18.7)],
    "in the north": [(122.0, 53.0), (122.6, 53.4)],
}
RINGS = {
    "a yard": [(120.0, 30.5), (120.0004, 30.5), (120.0004, 30.5003), (120.0, 30.5003)],
    "clockwise": [(120.0, 30.5), (120.0, 30.51), (120.01, 30.51), (120.01, 30.5)],
    "a county": [(119.6, 30.3), (120.2, 30.2), (120.3, 30.8), (119.8, 30.9), (119.9, 30.5)],
    "in the south": [(110.0, 18.3), (110.4, 18.3), (110.2, 18.8)],
    "in the north": [(122.0, 53.0), (122.6, 53.1), (122.3, 53.5)],
}
CALL = """
const ts = require('typescript');
const source = require('fs').readFileSync('src/map/later/geodesy.ts', 'utf8');
const compilerOptions = { module: ts.ModuleKind.CommonJS };
const made = {};
new Function('exports', ts.transpileModule(source, { compilerOptions }).outputText)(made);
const [lines, rings] = JSON.parse(process.argv[1]);
console.log(JSON.stringify([lines.map(made.length), rings.map(made.area)]));
"""


def postgis(function, wkt):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s::geography)", [wkt])
        return cursor.fetchone()[0]


def text_of(points):
    return ", ".join(f"{lon} {lat}" for lon, lat in points)


def length(points):
    return postgis("ST_Length", f"SRID=4326;LINESTRING({text_of(points)})")


def area(ring):
    return postgis("ST_Area", f"SRID=4326;POLYGON(({text_of([*ring, ring[0]])}))")


@pytest.mark.django_db
def test_lengths_and_areas_are_those_of_postgis():
    asked = json.dumps([list(LINES.values()), list(RINGS.values())])
    done = subprocess.run(["node", "-e", CALL, asked], cwd=FRONTEND, env=environment(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    lengths, areas = json.loads(done.stdout)
    assert lengths == [pytest.approx(length(line), rel=ALLOWED) for line in LINES.values()]
    assert areas == [pytest.approx(area(ring), rel=ALLOWED) for ring in RINGS.values()]


def at(page, dx, dy):
    """Degrees of a pixel off the middle of the map (Web Mercator, as the address says)."""
    zoom, lat, lon = (float(part) for part in page.url.split("#")[1].split("/"))
    world = 256 * 2**zoom
    y = math.asinh(math.tan(math.radians(lat))) - dy * 2 * math.pi / world
    return lon + dx * 360 / world, math.degrees(math.atan(math.sinh(y)))


def press(page, *points):
    box = page.locator("#map").bounding_box()
    for dx, dy in points:
        page.mouse.click(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)


def said(page, unit):
    status = page.locator(".measurebar").get_by_role("status")
    expect(status).to_contain_text(re.compile(rf"[\d,.]+ {unit}"))
    return float(re.search(rf"([\d,.]+) {unit}", status.inner_text())[1].replace(",", ""))


CORNERS = [(-200, -150), (100, -150), (100, 130), (-200, 130)]


def test_distance_and_area_by_pointer(visit):
    page = visit(f"/{hash_at(*places.lonlat(HETANG), 14)}")
    page.get_by_role("button", name="测量", exact=True).click()
    bar = page.get_by_role("region", name="测量")
    expect(bar).to_contain_text("在地图上点出起点")
    corners = [at(page, *corner) for corner in CORNERS]
    press(page, *CORNERS)
    assert "sel=" not in page.url, "a press measures and opens nothing"
    expect(bar).to_contain_text("4 个点")
    assert said(page, "公里") * 1000 == pytest.approx(length(corners), rel=ALLOWED)
    bar.get_by_role("radio", name="面积").check()
    whole = area(corners)
    assert said(page, "平方公里") * 1e6 == pytest.approx(whole, rel=ALLOWED)
    assert said(page, "亩") * 10_000 / 15 == pytest.approx(whole, rel=ALLOWED)
    line = page.locator(".sketch polygon.line")
    assert len(line.get_attribute("points").split()) == 4
    bar.get_by_role("button", name="撤销一点").click()
    assert said(page, "亩") * 10_000 / 15 == pytest.approx(area(corners[:3]), rel=ALLOWED)
    bar.get_by_role("button", name="清空").click()
    expect(bar).to_contain_text("在地图上点出起点")
    bar.get_by_role("button", name="结束测量").click()
    expect(bar).to_have_count(0)
    expect(page.locator(".sketch")).to_have_count(0)
    press(page, (70, 70))
    page.wait_for_url(re.compile("sel="))


def test_distance_by_keys_alone(visit):
    page = visit(f"/{hash_at(*places.lonlat(HETANG), 14)}", viewport=DESKTOP)
    page.get_by_role("button", name="测量", exact=True).focus()
    page.keyboard.press("Enter")
    bar = page.get_by_role("region", name="测量")
    bar.wait_for()
    expect(page.locator("#map")).to_be_focused()
    start = address_at_rest(page)
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("1 个点")
    page.keyboard.press("ArrowRight")
    until(page, lambda: page.url != start)
    address_at_rest(page)
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("2 个点")
    ends = [tuple(map(float, reversed(url.split("#")[1].split("/")[1:]))) for url in (start, page.url)]
    # The map stands on whole pixels, its address does not: one of the 80 that an arrow moves.
    assert said(page, "米") == pytest.approx(length(ends), rel=1 / 80)
    page.keyboard.press("Backspace")
    expect(bar).to_contain_text("1 个点")
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    assert "sel=" not in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phones_find_it_among_the_layers(visit, scheme):
    page = visit("/?lang=en", viewport=PHONE, bypass_csp=True, color_scheme=scheme)
    assert page.locator(".mctl").get_by_role("button", name="Measure").count() == 0
    page.get_by_role("button", name="Layers and legend").first.click()
    page.get_by_role("button", name="Measure", exact=True).click()
    bar = page.get_by_role("region", name="Measure")
    for _ in range(3):
        bar.get_by_role("button", name="Add the map’s centre").click()
    expect(bar).to_contain_text("0 m")
    assert faults(page) == []


def test_my_position_says_how_sure_it_is_and_what_is_near(visit):
    lon, lat = places.lonlat(HETANG)
    where = {"longitude": lon, "latitude": lat, "accuracy": 200}
    page = visit(f"/{hash_at(lon, lat, 15)}", geolocation=where, permissions=["geolocation"], bypass_csp=True)
    page.get_by_role("button", name="到我的位置").click()
    near = page.get_by_role("region", name="离我最近的")
    expect(near).to_contain_text("位置误差约 200 米")
    zoom = int(address_at_rest(page).split("#")[1].split("/")[0])
    radius = float(steady(page, lambda: page.locator(".sketch.sure circle").get_attribute("r")))
    metres = radius * 40075016.686 * math.cos(math.radians(lat)) / 2 ** (zoom + 8)
    assert metres == pytest.approx(200, rel=0.02)
    near.get_by_role("button", name="公厕").click()
    expect(near.get_by_role("listitem")).to_contain_text(re.compile("文化广场公厕.*米"))
    assert faults(page) == []
    near.get_by_role("button", name="文化广场公厕").click()
    page.get_by_role("heading", name="文化广场公厕").wait_for()


def test_on_a_phone_what_is_nearest_is_seen_on_the_map_after_it_was_chosen(visit):
    lon, lat = places.lonlat(HETANG)
    where = {"longitude": lon, "latitude": lat, "accuracy": 2500}
    page = visit("/", viewport=PHONE, geolocation=where, permissions=["geolocation"], has_touch=True)
    page.get_by_role("button", name="到我的位置").tap()
    sure, sheet = at_rest(page.locator(".sketch.sure circle"), page.locator(".panel"))
    assert 60 < sure["y"] < sure["y"] + sure["height"] <= sheet["y"], "all of where the reader may be"
    near = page.get_by_role("region", name="离我最近的")
    near.get_by_role("button", name="公厕").tap()
    near.get_by_role("button", name="文化广场公厕").tap()
    page.get_by_role("heading", name="文化广场公厕").wait_for()
    expect(near.get_by_role("listitem")).to_have_count(0)
    bar, panel = at_rest(near, page.locator(".panel"))
    assert panel["y"] - bar["y"] - bar["height"] > 100, "the map is seen between the two"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"geolocation": {"longitude": 10, "latitude": 45}, "permissions": ["geolocation"]}, "不在本县范围内"),
        ({}, "没有得到您的位置"),
    ],
    ids=["outside", "refused"],
)
def test_without_a_position_in_the_county_the_phone_says_why(visit, options, said):
    page = visit("/", viewport=PHONE, has_touch=True, **options)
    page.get_by_role("button", name="到我的位置").tap()
    expect(page.locator(".toast")).to_contain_text(said)
    assert page.get_by_role("region", name="离我最近的").count() == 0
