"""The address is the state: whatever it says is on the page, and is there again after a reload."""

import math
import random
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP
from tests.e2e.pages import FIRST_DATA, HETANG, QIAOTOU, TOWN, steady, until, wait_for
from tests.factories import places

LAYERS = {"projects": "工程项目", "facilities": "公共设施", "villages": "村和社区", "townships": "乡镇"}
STATUSES = {"normal": "正常", "late": "滞后", "stopped": "停工", "backward": "倒退"}
MONTHS = [f"2026-{month:02}" for month in range(1, 7)]
PLACES = {f"village:{HETANG}": "荷塘村", f"village:{QIAOTOU}": "桥头村", f"township:{TOWN}": "石桥镇"}
PAN = 80
"""Pixels of the map by one press of an arrow key (Leaflet's keyboardPanDelta)."""


def random_state(seed):
    """What an address may say: layers, looks, months, what is selected, the view, and where the map is."""
    rng = random.Random(seed)
    lon, lat = places.lonlat(HETANG)
    return {
        "layers": sorted(rng.sample(sorted(LAYERS), rng.randint(1, 4))),
        "statuses": sorted(rng.sample(sorted(STATUSES), rng.randint(0, 3))),
        "months": tuple(sorted(rng.choices(MONTHS, k=2))) if rng.random() < 0.6 else None,
        "selected": rng.choice([None, None, *PLACES]),
        "view": rng.choice(["", "list"]),
        # Farther out this small county is smaller than the window, and the map keeps it inside.
        "map": (rng.randint(13, 18), lat + rng.uniform(-0.01, 0.01), lon + rng.uniform(-0.01, 0.01)),
    }


def address(state):
    """The path that says ``state``, with a key that nobody knows."""
    query = {"l": ",".join(state["layers"]), "future": "kept"}
    if state["statuses"]:
        query["f"] = "projects.status:" + ",".join(state["statuses"])
    if state["months"]:
        query["t"] = "..".join(state["months"])
    if state["selected"]:
        query["sel"] = state["selected"]
    if state["view"]:
        query["v"] = state["view"]
    zoom, lat, lon = state["map"]
    return f"/?{urlencode(query, safe=',:;')}#{zoom}/{lat:.6f}/{lon:.6f}"


def expected(state):
    """What the page must say for ``state``."""
    statuses = "、".join(title for key, title in STATUSES.items() if key in state["statuses"])
    first, last = (int(month[5:]) for month in state["months"] or ("2026-01", "2026-01"))
    months = f"2026 年 {first} 月" if first == last else f"2026 年 {first}–{last} 月"
    told = [statuses, months if state["months"] else ""] if "projects" in state["layers"] else []
    return {
        "layers": sorted(LAYERS[key] for key in state["layers"]),
        "filtered": "，".join(part for part in told if part),
        "selected": PLACES.get(state["selected"]),
        "list": state["view"] == "list" and not state["selected"],
    }


def said(page):
    """What the page says of itself, in the words of ``expected``."""
    hint = page.locator(".hint > span")
    words = hint.inner_text().removeprefix("筛选中：") if hint.count() else ""
    heading = page.locator("aside h1").inner_text() if page.locator("aside h1").count() else ""
    boxes = page.get_by_role("region", name="图层与图例").locator("label:has(input:checked)")
    return {
        "layers": sorted(re.sub(r"[\d,/\s]+$", "", text) for text in boxes.all_inner_texts()),
        "filtered": "，".join("、".join(sorted(part.split("、"), key=ORDER)) for part in words.split("，")),
        "selected": heading if heading in PLACES.values() else None,
        "list": page.locator(".list").count() == 1,
    }


def ORDER(title):  # noqa: N802
    """Place of a status among the others; whatever is none keeps its place."""
    titles = list(STATUSES.values())
    return titles.index(title) if title in titles else -1


def settled(page, state):
    """What the page says once it says what it must, or when it has had time enough."""
    for _ in range(80):
        if said(page) == expected(state):
            break
        page.wait_for_timeout(50)
    return said(page)


def press_east(page):
    """Pans by one key; pixels between where the map was and where it is, east and south."""
    before = hash_of(page)
    page.locator("#map").press("ArrowRight")
    until(page, lambda: hash_of(page) != before)
    (x1, y1), (x2, y2) = pixels(before), pixels(steady(page, lambda: hash_of(page)))
    return x2 - x1, y2 - y1


def hash_of(page):
    return tuple(float(part) for part in page.evaluate("location.hash.slice(1)").split("/"))


def pixels(at):
    """A position on the plane of its zoom."""
    zoom, lat, lon = at
    world = 256 * 2**zoom
    return (lon + 180) / 360 * world, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * world


def assert_survives(page, site, seed):
    state = random_state(seed)
    page.goto("about:blank")
    page.goto(f"{site.url}{address(state)}")
    wait_for(page, FIRST_DATA, 1) if {"projects", "facilities"} & set(state["layers"]) else None
    assert settled(page, state) == expected(state), address(state)
    east, south = press_east(page)
    assert abs(east - PAN) < 1, (address(state), east)
    assert abs(south) < 1, (address(state), south)
    link = page.url
    page.reload()
    assert settled(page, state) == expected(state), f"after a reload of {link}"
    assert page.url == link
    assert "future=kept" in link, "what is not known is kept"
    east, south = press_east(page)
    assert abs(east - PAN) < 1, (link, east)
    assert abs(south) < 1, (link, south)


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 36), marks=pytest.mark.long)], ids=["six", "thirty"])
def test_a_state_survives_address_and_reload(county, live_site, browser_page, seeds):
    page = browser_page(viewport=DESKTOP)
    for seed in seeds:
        assert_survives(page, live_site, seed)


def test_back_goes_through_filters_views_and_selection_one_by_one(visit):
    page = visit("/")
    page.get_by_role("link", name="列表").click()
    page.get_by_role("toolbar", name="按工程项目筛选").get_by_role("button", name="滞后").click()
    page.locator(".rows button.li").first.click()
    page.get_by_role("heading", name="荷塘村供水管网改造").first.wait_for()
    for lists, hints in ((1, 1), (1, 0), (0, 0)):
        page.go_back()
        expect(page.locator(".list")).to_have_count(lists)
        expect(page.locator(".hint")).to_have_count(hints)


def test_what_is_pushed_while_the_map_moves_has_the_place_it_moved_to(visit):
    """The view is written a moment after the map moved; a press within that moment must not leave it behind."""
    lon, lat = places.lonlat(HETANG)
    page = visit(f"/#13/{lat:.6f}/{lon:.6f}", reduced_motion="reduce")
    page.locator(".lay input").first.wait_for(state="attached")
    pressed = """() => {
      document.querySelector('.mctl .zoom button').click();
      document.querySelector('.lay input').click();
      return location.hash;
    }"""
    assert page.evaluate(pressed).startswith("#14/")
    assert "l=" in page.url
