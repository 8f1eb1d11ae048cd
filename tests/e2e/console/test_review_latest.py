"""A newer scene in the place of the later one: is what was found still there?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.console.conftest import scene_taken
from tests.e2e.console.test_review import opened
from tests.e2e.pages import settled
from tests.imagery.pairs import pair

COVERS = "svg => { const {x, y, width, height} = svg.getBBox(); return [x, y, x + width, y + height] }"
"""What the tiles cover, in degrees from the corner of the picture."""
LAYER = "one => getComputedStyle(one).zIndex"
BOX = "svg => [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height]"


@pytest.fixture
def newer(found, tmp_path):
    """A third scene of the same ground."""
    return scene_taken(tmp_path, "2026-06-01", pair(season=0.6).after)


def test_the_newest_scene_is_shown_when_asked_for_and_not_for_the_next_point(found, newer, console, live_site):
    page, _official, refused = opened(console, live_site)
    shown = page.get_by_label("后一景")
    expect(shown.locator("option:checked")).to_contain_text("后 2026-03-08")
    with page.expect_response(lambda answer: f"/scenes/{newer.key}/tiles/" in answer.url) as tile:
        page.keyboard.press("l")
    assert tile.value.status == 200
    expect(shown.locator("option:checked")).to_contain_text("最新 2026-06-01")
    assert accessible.faults(page) == []
    page.keyboard.press("l")
    expect(shown.locator("option:checked")).to_contain_text("后 2026-03-08")
    shown.select_option("1")
    page.keyboard.press("Tab")
    heading = page.locator(".vdh h2").inner_text()
    page.wait_for_timeout(250)
    page.keyboard.press("j")
    expect(page.locator(".vdh h2")).not_to_have_text(heading)
    expect(shown.locator("option:checked")).to_contain_text("后 2026-03-08")
    assert refused == []


def test_side_by_side_the_newest_scene_takes_the_place_on_the_right(found, newer, console, live_site):
    page, _official, refused = opened(console, live_site, query="?in=side")
    right, shown = page.locator(".pairs figure").last, page.get_by_label("后一景")
    expect(right.locator("img")).to_have_js_property("complete", True)
    expect(shown.locator("option:checked")).to_contain_text("后 2026-03-08")
    with page.expect_response(lambda answer: f"/scenes/{newer.key}/tiles/" in answer.url) as tile:
        page.keyboard.press("l")
    assert tile.value.status == 200
    expect(right.locator("img")).to_have_count(0)
    expect(shown.locator("option:checked")).to_contain_text("最新 2026-06-01")
    expect(page.locator(".pairs figure").first.locator("img")).to_have_count(1)
    settled(page)
    assert int(shown.evaluate(LAYER)) > int(right.locator("svg").first.evaluate(LAYER)), "above the picture"
    drawn, ground = right.locator("svg svg").evaluate(COVERS), right.locator("svg").first.evaluate(BOX)
    assert max(drawn[:2]) <= 0, "from the corner"
    assert [drawn[2] >= ground[0], drawn[3] >= ground[1]] == [True, True]
    assert accessible.faults(page) == []
    page.keyboard.press("l")
    expect(right.locator("img")).to_have_count(1)
    assert refused == []


def test_without_a_newer_scene_there_is_nothing_to_choose(found, console, live_site):
    page, _official, _refused = opened(console, live_site, viewport=PHONE)
    expect(page.locator(".tagb.after")).to_contain_text("后 2026-03-08")
    expect(page.get_by_label("后一景")).to_have_count(0)
    expect(page.locator(".past")).to_be_attached()  # then it is known what there is
    page.keyboard.press("l")
    expect(page.locator(".toast")).to_have_text("这里没有更新的影像")
    expect(page.locator(".tagb.after")).to_contain_text("后 2026-03-08")
