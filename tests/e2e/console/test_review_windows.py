"""The workbench in windows that are low, narrow, or enlarged; and when nothing is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from imagery import services
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.factories import imagery as make
from tests.factories import places

LOW_PHONE = {"width": 390, "height": 560}
ON_ITS_SIDE = {"width": 844, "height": 390}
TWICE_AS_LARGE = {"width": 640, "height": 400}
COVERED = """() => [...document.querySelectorAll(
  '.vdh *, .vdb :is(li, label, p), .kinds button, .vda button, .seg button'
)].filter(element => {
  element.scrollIntoView({block: 'nearest', inline: 'nearest'});
  const {left, top, width, height} = element.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return width && !(element.contains(seen) || seen?.contains(element));
}).map(element => element.textContent)"""
"""What lies under something else also after it was scrolled into sight."""

CUT = """() => [...document.querySelectorAll('.vda button')].filter(
  ({scrollWidth, clientWidth, scrollHeight, clientHeight}) => scrollWidth > clientWidth || scrollHeight > clientHeight
).map(element => element.textContent)"""
"""Buttons whose words have no room."""


@pytest.fixture
def review(office, console, live_site):
    services.reasons_default(places.COUNTY)
    make.point()

    def go(viewport, query=""):
        page = console(office.official, viewport=viewport, bypass_csp=True)
        page.goto(f"{live_site.url}/review{query}")
        return page

    return go


@pytest.mark.parametrize("viewport", [LOW_PHONE, ON_ITS_SIDE, TWICE_AS_LARGE], ids=["low", "side", "200%"])
def test_in_a_low_window_nothing_lies_over_the_card(review, viewport):
    page = review(viewport)
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    page.locator(".vda").get_by_role("button", name="有变化").scroll_into_view_if_needed()
    assert page.evaluate(COVERED) == []
    tops = [page.locator(part).bounding_box()["y"] for part in (".vdh", ".vda")]
    assert page.locator(".cmp").bounding_box()["height"] > 150
    assert tops[0] < tops[1]
    assert page.evaluate("document.body.scrollWidth") <= viewport["width"]
    assert accessible.faults(page) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("percent", [100, 200])
def test_on_a_low_phone_the_verdicts_stay_in_view(review, percent, language):
    page = review(LOW_PHONE, f"?lang={language}")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{percent}%")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    buttons = page.locator(".vda button")
    expect(buttons).to_have_count(8)

    def all_in_view():
        for number in range(8):
            expect(buttons.nth(number)).to_be_in_viewport(ratio=1)
        bar = page.locator(".vda").bounding_box()
        assert bar["y"] + bar["height"] == pytest.approx(LOW_PHONE["height"], abs=1)
        assert bar["height"] <= LOW_PHONE["height"] / 2, "more than half is for reading"
        assert page.evaluate(CUT) == []

    all_in_view()
    assert page.evaluate(COVERED) == []
    page.evaluate("document.body.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".vdb > :last-child")).to_be_in_viewport(ratio=1)
    all_in_view()
    assert page.evaluate("document.body.scrollWidth") <= LOW_PHONE["width"]
    assert accessible.faults(page) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_with_filters_nothing_left_is_not_all_done(review, viewport):
    page = review(viewport, "?f=points.kind:road")
    empty = page.locator(".empty")
    expect(empty).to_have_count(1)
    expect(empty).to_contain_text("这个条件下没有要看的图斑")
    assert accessible.faults(page) == []
    page.get_by_role("button", name="看全部").click()
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    page.wait_for_timeout(250)
    page.locator(".vda").get_by_role("button", name="有变化").click()
    expect(empty).to_contain_text("都看完了")


def test_all_filters_are_reached_in_a_low_window(review):
    page = review({"width": 1280, "height": 560}, "?f=points.kind:!road")
    page.get_by_text("筛选", exact=True).click()
    field = page.get_by_label("保存现在的条件")
    field.scroll_into_view_if_needed()
    expect(field).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("viewport", [PHONE, LOW_PHONE, ON_ITS_SIDE, DESKTOP], ids=["phone", "low", "side", "desktop"])
def test_the_colours_of_the_index_do_not_hide_the_approval_of_the_map(review, viewport):
    page = review(viewport, "?in=index&lang=en")
    ramp, foot = (page.locator(part) for part in (".ramp", ".cmp .mfoot"))
    expect(ramp).to_be_visible()
    assert ramp.bounding_box()["y"] + ramp.bounding_box()["height"] <= foot.bounding_box()["y"]
