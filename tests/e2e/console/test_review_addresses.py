"""Addresses of the workbench that were kept, mistyped or made too long: what cannot be read is said, all else works."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from imagery import services
from imagery.models import ChangePoint, Scene
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.factories import imagery as make
from tests.factories import places

LONG = "a" * 3000
"""Longer than the server takes of a filter (600)."""

WIDE = """() => [...document.querySelectorAll('.rqh *')].filter(
  element => element.getBoundingClientRect().right > document.querySelector('.rq').getBoundingClientRect().right
).map(element => element.textContent)"""
"""What hangs over the column of the queue."""


@pytest.fixture
def review(office, console, live_site):
    services.reasons_default(places.COUNTY)
    make.point()
    make.point(state="confirmed")

    def go(query, viewport=DESKTOP):
        page = console(office.official, viewport=viewport, bypass_csp=True)
        page.goto(f"{live_site.url}/review{query}")
        return page

    return go


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("?f=bogus", "bogus"),
        ("?f=points.kind:road;villages.kind:x", "villages.kind:x"),
        (f"?f=points.kind:{LONG}", f"类型 {LONG[:40]}…"),
        (f"?f={LONG}", f"{LONG[:40]}…"),
        ("?v=bogus", "bogus"),
        ("?v=cases&of=bogus", "bogus"),
        (f"?v=cases&of=confirmed,{LONG}", "confirmed,aaa"),
    ],
    ids=["filter", "other layer", "endless value", "endless", "view", "state", "endless state"],
)
def test_what_cannot_be_read_of_an_address_is_said_in_its_place(review, query, what):
    page = review(query.replace("road", "building"))
    expect(page.locator(".rqh .note")).to_contain_text(f"条件“{what}")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    expect(page.locator(".qi")).to_have_count(1)
    assert page.evaluate("document.body.scrollWidth") <= DESKTOP["width"]
    assert page.evaluate(WIDE) == []
    assert accessible.faults(page) == []


def test_on_a_phone_where_the_list_is_folded_it_is_said_at_once(review):
    page = review("?f=bogus", PHONE)
    expect(page.locator(".toast")).to_have_text("条件“bogus”读不懂，没有用它。")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")


@pytest.mark.parametrize(("written", "share"), [("abc", 50), ("-7", 50), ("900", 100), ("0", 0), ("60", 60)])
def test_the_swipe_begins_where_the_address_says_or_in_the_middle(review, written, share):
    page = review(f"?cmp={written}")
    expect(page.locator(".knob input")).to_have_value(str(share))
    expect(page.locator(".view")).to_have_attribute("style", f"--at: {share}%;")


def test_a_point_that_there_is_not_is_said_and_the_queue_goes_on(review):
    page = review("?sel=points:999999")
    expect(page.locator(".toast")).to_have_text("没有这个图斑，或者您不能看。")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")


def test_a_point_is_found_by_its_number_whatever_its_state(review):
    queued, confirmed = ChangePoint.objects.order_by("pk")
    page = review(f"?v=cases&sel=points:{confirmed.pk}")
    expect(page.locator(".vdh h2")).to_contain_text(str(confirmed))
    typed = page.get_by_role("searchbox", name="编号")
    typed.fill(str(queued))
    typed.press("Enter")
    expect(page.locator(".vdh h2")).to_contain_text(str(queued))
    expect(page.locator(".qi")).to_have_count(1)
    assert accessible.faults(page) == []
    typed.fill("999")
    typed.press("Enter")
    expect(page.locator(".rq .empty")).to_contain_text("没有这样的图斑")
    page.reload()
    expect(typed).to_have_value("999")
    typed.fill("abc")
    typed.press("Enter")
    expect(page.locator(".rqh .note")).to_contain_text("条件“abc”读不懂")
    expect(typed).to_have_value("abc")
    typed.fill("")
    typed.press("Enter")
    expect(page.locator(".qi")).to_contain_text(str(confirmed))


def test_back_from_a_view_to_one_that_there_is_not_shows_the_queue(review):
    page = review("?v=bogus")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    page.locator(".rtabs").get_by_role("button", name="统计").click()
    expect(page.locator(".figtable")).to_be_visible()
    page.go_back()
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    expect(page.locator(".rtabs [aria-current]")).to_have_text("核查")


def test_nobody_is_sent_to_the_second_look_at_their_own_point(office, review):
    own = make.point(state="second_review", first_by=office.official)
    other = make.point(state="second_review")
    page = review(f"?v=cases&sel=points:{own.pk}")
    expect(page.locator(".vda1")).to_have_text("复核 不能复核自己看过的图斑。")
    page = review(f"?v=cases&sel=points:{other.pk}")
    expect(page.locator(".vda1 button")).to_have_text(["核查"])


def test_a_point_whose_scene_is_withdrawn_is_read_and_not_judged(review):
    queued = ChangePoint.objects.get(state="queued")
    Scene.objects.update(status="withdrawn")
    page = review(f"?sel=points:{queued.pk}")
    said = "这个图斑的影像已停用，恢复后再看。"
    expect(page.locator(".toast")).to_have_text(said)
    expect(page.locator(".vdh h2")).to_contain_text(str(queued))
    expect(page.locator(".vda1")).to_have_text(f"核查 {said}")
    expect(page.locator(".rtabs [aria-current]")).to_have_text("办理")
    assert ChangePoint.objects.get(pk=queued.pk).claimed_by is None
