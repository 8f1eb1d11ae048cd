"""What a clerk does all day: keys for all that is looked at, pictures large enough, nothing said that nobody meant."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Polygon
from playwright.sync_api import expect

from imagery.models import ChangePoint, Review
from tests.e2e import accessible
from tests.factories import imagery as make
from tests.imagery.conftest import say

LEAST_MS = 250
"""Somewhat more than the time in which nobody has seen a point (`store.ts`)."""
TABLET = {"width": 768, "height": 1024}
WIDE = 0.0013
"""Degrees across a point of some 140 m."""


@pytest.fixture
def review(points, office, console, live_site):
    """Opens the workbench with six points: ``review("?in=side")``."""

    def go(query="", **options):
        page = console(office.official, **options)
        page.goto(f"{live_site.url}/review{query}")
        expect(page.locator(".vdh h2")).to_contain_text("YG-")
        return page

    return go


def test_several_stay_what_they_are_unless_somebody_says_what_all_are(points, review):
    ChangePoint.objects.filter(pk=points[1].pk).update(kind="water")
    page = review()
    kinds = page.locator(".kinds [aria-pressed=true]")
    expect(kinds).to_have_text("1建筑")
    page.get_by_role("button", name="批量判定").click()
    expect(kinds).to_have_count(0)  # what the open one is, is not what all are
    for point in points[:2]:
        page.locator(".qi", has_text=str(point)).click()
    road = page.locator(".kinds").get_by_role("button", name="道路")
    road.click()
    expect(kinds).to_have_text("3道路")
    road.click()  # nor what was pressed by mistake
    expect(kinds).to_have_count(0)
    page.locator(".vda").get_by_role("button", name="有变化").click()
    page.get_by_role("button", name="确定，判 2 个").click()
    expect(page.locator(".outcome")).to_contain_text("已判定")
    assert sorted(Review.objects.values_list("kind", flat=True)) == ["building", "water"]
    page.get_by_role("button", name="批量判定").click()
    expect(kinds).to_have_text("1建筑")


def test_what_is_looked_at_is_chosen_by_keys(review):
    page = review()
    shown, outline = page.locator(".seg [aria-pressed=true]"), page.locator(".sketch.outline polygon")
    expect(outline).to_have_count(2)
    for name, lines in (
        ("闪烁", 2),
        ("并排", 6),
        ("指数", 2),
        ("卷帘", 2),
    ):
        page.keyboard.press("v")
        expect(shown).to_contain_text(name)
        expect(outline).to_have_count(lines)
    page.keyboard.press("o")
    expect(outline).to_have_count(0)
    for key, title in (("c", "控制线"), ("p", "在建项目"), ("e", "其他图斑"), ("b", "村界")):
        page.keyboard.press(key)
        box = page.get_by_role("checkbox", name=title)
        expect(box).to_be_checked()
        page.keyboard.press(key)
        expect(box).not_to_be_checked()
    page.keyboard.press("?")
    expect(page.locator(".help")).to_contain_text("换一种对比方式")
    assert accessible.faults(page) == []


def test_without_network_it_is_said_what_has_no_verdict(points, review):
    page = review()
    page.wait_for_timeout(LEAST_MS)
    page.context.set_offline(True)
    page.keyboard.press("j")
    expect(page.locator(".toast")).to_have_text(f"没有网络。{points[0]} 还没有判定，连上以后再按一次。")
    expect(page.locator(".vdh h2")).to_contain_text(str(points[0]))
    page.context.set_offline(False)
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press("j")
    expect(page.locator(".vdh h2")).to_contain_text(str(points[1]))
    expect(page.locator(".rqh")).to_contain_text("今天已看 1 个")
    assert Review.objects.get().point_id == points[0].pk


def test_a_point_fills_a_low_picture_at_a_zoom_between_two(points, review):
    lon, lat = points[0].center.coords
    outline = Polygon.from_bbox((lon - WIDE / 2, lat - WIDE / 2, lon + WIDE / 2, lat + WIDE / 2))
    outline.srid = 4326
    ChangePoint.objects.filter(pk=points[0].pk).update(geom=outline)
    page = review(viewport=TABLET)
    seen, point = (page.locator(part).bounding_box() for part in (".view", ".sketch.outline polygon >> nth=0"))
    assert point["height"] > seen["height"] * 0.3  # at a whole zoom it is 0.22


@pytest.mark.parametrize("look", ["swipe", "side"])
def test_a_scene_without_data_says_so_in_the_place_of_its_picture(points, review, look):
    made = {side: f"/imagery/chips/made/{side}" for side in ("before", "after")}
    ChangePoint.objects.filter(pk=points[0].pk).update(chips={**made, "blank": ["after"]})
    page = review(f"?in={look}")
    note = page.locator(".view .none")
    expect(note).to_have_text("这里没有画面：这景影像没有数据。")
    middle, window = note.bounding_box(), page.locator(".view").bounding_box()
    assert middle["x"] > window["x"] + window["width"] / 2
    assert accessible.faults(page) == []
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press("n")
    expect(note).to_have_count(0)


def test_a_verdict_taken_back_leaves_what_was_chosen_and_written(points, review):
    page = review()
    page.wait_for_timeout(LEAST_MS)
    for key in "3rm":
        page.keyboard.press(key)
    page.keyboard.type("旧棚")
    page.keyboard.press("Enter")
    reason = page.get_by_label("没变化的原因").input_value()
    page.keyboard.press("j")  # and it should have been K
    expect(page.locator(".vdh h2")).to_contain_text(str(points[1]))
    expect(page.locator("#note")).to_have_value("")
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press("z")
    expect(page.locator(".vdh h2")).to_contain_text(str(points[0]))
    expect(page.locator("#note")).to_have_value("旧棚")
    expect(page.locator(".kinds [aria-pressed=true]")).to_have_text("3道路")
    expect(page.get_by_label("没变化的原因")).to_have_value(reason)


def test_a_second_verdict_taken_back_says_who_judges_now(points, review):
    twice = make.point(priority=0.99, area_m2=900)
    say(make.who(name="甲"), twice, "change")
    page = review()
    expect(page.locator(".vdh h2")).to_contain_text(str(twice))
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press("j")
    expect(page.locator(".vdh h2")).to_contain_text(str(points[0]))
    expect(page.locator(".toast")).to_contain_text(str(twice))
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_have_text("已撤销。您已经知道第一遍的结论：再判就由督查裁定，跳过就由别人复核。")
    expect(page.locator(".vdh h2")).to_contain_text(str(twice))
    twice.refresh_from_db()
    assert twice.state == "second_review"
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press("n")
    expect(page.locator(".vdh h2")).to_contain_text(str(points[0]))
