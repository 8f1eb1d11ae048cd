"""What of the queue is asked for ("all but" too), kept under a name; what was set aside; which looks there are."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from imagery.models import ChangePoint, Scene
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.console.test_review import opened
from tests.e2e.pages import settled, wait_for
from tests.factories import imagery as make

HANDLE_IS_FREE = """(() => {
  const [hand, toast] = ['.hand', '.toast'].map((part) => document.querySelector(part)?.getBoundingClientRect());
  return hand?.bottom <= toast?.top;
})()"""
"""Of the swipe, what is said for a moment lies below it."""


def test_filters_are_kept_and_what_was_set_aside_is_found_again(found, console, live_site):
    for number in range(30):  # more than the column has room for
        make.point(number=1000 + number, kind="water" if number % 2 else "pv", priority=0.01)
    dry, pv = (sum(1 for point in found if test(point.kind)) for test in ("water".__ne__, "pv".__eq__))
    page, _official, refused = opened(console, live_site)
    queue, rows = page.locator(".rqh h1"), page.locator(".rq .qi")
    page.locator("summary", has_text="筛选").click()
    assert page.locator(".rq").evaluate("it => it.scrollWidth - it.clientWidth") == 0, "nothing is cut off at its side"
    page.get_by_label("除此以外").nth(1).check()
    page.get_by_label("类型", exact=True).select_option("water")
    expect(queue).to_have_text(f"待核查 {dry + 15}")
    expect(page.locator("#f-kind option[value=pv]")).to_have_text(f"光伏 {pv + 15}")  # what it would leave
    page.locator("#keep").fill("水面以外")
    page.get_by_role("button", name="保存", exact=True).click()
    kept = page.get_by_role("list", name="常用条件")
    expect(kept).to_contain_text(f"水面以外 {dry + 15}")
    rows.last.click()  # the list is reached below the open filters
    expect(rows.last).to_be_in_viewport()
    assert accessible.faults(page) == []

    page.goto(f"{live_site.url}/review")
    expect(queue).to_have_text(f"待核查 {len(found) + 30}")
    kept.get_by_role("button", name="水面以外").first.click()
    expect(page.locator(".chipline")).to_contain_text("不含：水面")
    expect(queue).to_have_text(f"待核查 {dry + 15}")
    page.get_by_role("button", name="删除“水面以外”").click()
    expect(kept).to_have_count(0)
    aside = page.locator(".vdh h2").inner_text().split()[0]
    page.keyboard.press("u")
    expect(page.locator(".vdh h2")).not_to_contain_text(aside)
    page.locator("summary", has_text="筛选").click()
    page.get_by_label("搁置的").select_option("unsure")
    expect(page.locator(".vdh h2")).to_contain_text(aside)
    assert [one for one in refused if "/api/" in one] == [], "the added points have no pictures, all else is there"


def test_where_nothing_is_found_every_filter_can_be_changed(found, console, live_site):
    make.point("990521004001", kind="pv")
    page, _official, _refused = opened(console, live_site, query="?f=points.kind:other;points.place:990521003")
    queue = page.locator(".rqh h1")
    expect(queue).to_have_text("待核查 0")
    page.locator("summary", has_text="筛选").click()
    for label in ("轮次", "搁置的"):
        expect(page.get_by_label(label, exact=True)).to_be_visible()
    page.get_by_label("乡镇", exact=True).select_option("990521004")
    page.get_by_label("类型", exact=True).select_option("pv")
    expect(queue).to_have_text("待核查 1")
    assert accessible.faults(page) == []


def test_the_index_says_what_its_colours_are_and_is_offered_where_there_is_one(found, console, live_site):
    page, _official, refused = opened(console, live_site, viewport=PHONE)
    page.get_by_role("button", name="指数").click()
    expect(page.locator(".ramp")).to_have_text("NDVI 水  植被")
    assert accessible.faults(page) == []
    assert refused == []
    Scene.objects.filter(pk=ChangePoint.objects.get(pk=found[0].pk).run.before_id).update(
        bands=["red", "green", "blue"]
    )
    page.reload()
    expect(page.get_by_role("button", name="卷帘")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="指数")).to_have_count(0)


def test_the_open_point_is_seen_in_the_list_and_what_was_said_hides_no_handle(office, console, live_site):
    points = [make.point(priority=0.9 - place / 100) for place in range(14)]
    page, _official, _refused = opened(console, live_site)
    expect(page.locator(".vdh h2")).to_contain_text(str(points[0]))
    for after in points[1:13]:
        page.wait_for_timeout(250)
        page.keyboard.press("n")
        expect(page.locator(".vdh h2")).to_contain_text(str(after))
    settled(page)
    expect(page.locator(".qi[aria-current]")).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(250)
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("拿不准")
    wait_for(page, HANDLE_IS_FREE)


def test_points_that_wait_for_a_withdrawn_scene_are_told(office, console, live_site):
    point = make.point()
    Scene.objects.filter(pk=point.run.after_id).update(status="withdrawn")
    page, _official, _refused = opened(console, live_site)
    expect(page.locator(".vd .empty")).to_have_text("现在没有可以看的图斑另有 1 处的影像已停用，恢复后再看。")
    expect(page.get_by_text("都看完了")).to_have_count(0)
    expect(page.locator(".rqh .note")).to_have_text("另有 1 处的影像已停用，恢复后再看。")
    expect(page.get_by_text("下一次影像比对")).to_have_count(0)
    assert accessible.faults(page) == []


def test_several_are_judged_on_a_telephone_and_one_of_them_is_one(found, console, live_site):
    page, _official, refused = opened(console, live_site, PHONE, "?lang=en")
    page.locator(".rqd > summary").click()
    page.get_by_role("button", name="Several").click()
    page.locator(".qi").first.click()
    hint = page.locator(".vdb .sub").first
    expect(hint).to_contain_text("Pick them in the list, or fold it and draw")
    expect(hint).not_to_contain_text("Shift")
    acts = page.locator(".vda")
    box, last = acts.bounding_box(), acts.get_by_role("button").last.bounding_box()
    assert box["x"] + box["width"] - last["x"] - last["width"] == pytest.approx(12, abs=1), "to the edge's padding"
    acts.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator(".outcome li")).to_contain_text(re.compile("1 (becomes|is decided) "))
    assert accessible.faults(page) == []
    page.locator(".rqd > summary").click()
    expect(page.locator(".lasso")).to_be_in_viewport()
    assert refused == []
