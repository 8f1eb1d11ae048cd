"""Lists of the workbench: page by page, with filters that cannot be read, and by how far away points are."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.console.test_review import opened
from tests.e2e.console.test_review_races import LEAST_MS, LISTED, Held, settled, tab
from tests.factories import imagery as make


@pytest.fixture
def figure(county, console, live_site):
    """Opens the points behind a figure, of which there are so many: the page, its rows, and the button for more."""

    def go(count):
        for _ in range(count):
            make.point(state="confirmed")
        page, _official, _refused = opened(console, live_site, query="?v=figures")
        page.get_by_role("button", name=re.compile("^合计 检出")).click()
        rows, more = page.locator(".figrows li"), page.locator(".figrows").get_by_role("button", name="再看一些")
        expect(rows).to_have_count(50)
        return page, rows, more

    return go


def test_more_pressed_twice_is_asked_for_once(figure):
    page, rows, more = figure(130)
    asked = []
    page.on("request", lambda request: LISTED.search(request.url) and asked.append(request.url))
    for count in (100, 130):
        held = Held(page, LISTED)
        more.dblclick()
        held.comes()
        page.wait_for_timeout(LEAST_MS)
        held.go()
        expect(rows).to_have_count(count)
        settled(page)
    expect(more).to_have_count(0)
    assert len(set(rows.locator("b").all_inner_texts())) == 130
    assert len(asked) == 2


def test_more_that_did_not_come_is_asked_for_again(figure):
    page, rows, more = figure(56)
    page.route(LISTED, lambda route: route.abort())
    more.click()
    trouble = page.locator(".figrows .note")
    expect(trouble).to_be_visible()
    page.unroute(LISTED)
    more.click()
    expect(rows).to_have_count(56)
    expect(trouble).to_have_count(0)


def test_more_cases_pressed_twice_are_one_page_more(figure):
    page, _rows, _more = figure(130)
    page.get_by_role("button", name="关闭").click()
    tab(page, "办理")
    rows = page.locator(".qi")
    expect(rows).to_have_count(50)
    held = Held(page, LISTED)
    page.locator(".more").dblclick()
    held.comes()
    held.go()
    expect(rows).to_have_count(100)
    settled(page)
    expect(rows).to_have_count(100)
