"""One person with the workbench open in two tabs: no verdict is lost, and what came too late is said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from imagery.models import ChangePoint, Review
from tests.e2e.console.test_review_races import LEAST_MS, SAID, Held, title
from tests.e2e.pages import followed, settled

AWAKE = "document.dispatchEvent(new Event('visibilitychange'))"
"""Somebody is back at the tab."""


@pytest.fixture
def tabs(points, office, console, live_site):
    """The same page twice, both at the first point."""
    first = console(office.official)
    second = followed(first.context.new_page())
    for page in (first, second):
        page.goto(f"{live_site.url}/review")
        expect(title(page)).to_contain_text(str(points[0]))
        settled(page)
    return first, second


def press(page, key):
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press(key)


def judged(page, key, count, then):
    """Judges, and waits until the server has been told and has given the next."""
    press(page, key)
    expect(page.locator(".rqh")).to_contain_text(f"今天已看 {count} 个")
    expect(title(page)).to_contain_text(str(then))


def said():
    return list(Review.objects.order_by("pk").values_list("point_id", "verdict"))


def test_what_was_judged_in_the_other_tab_is_said_and_the_queue_goes_on(tabs, points):
    first, second = tabs
    judged(second, "j", 1, points[1])
    press(first, "k")
    expect(first.locator(".toast")).to_contain_text("您自己刚刚在另一个窗口处理过")
    expect(title(first)).to_contain_text(str(points[1]))
    settled(first)
    press(second, "k")  # of what the first tab was just given
    expect(second.locator(".toast")).to_contain_text(f"{points[1]}：没变化")
    assert said() == [(points[0].pk, "change"), (points[1].pk, "no_change")]
    first.evaluate(AWAKE)
    expect(first.locator(".toast")).to_have_text("这个图斑已经不在待核查之列。")
    expect(title(first)).to_contain_text(str(points[2]))


def test_keys_pressed_before_one_is_refused_are_not_lost(tabs, points):
    first, second = tabs
    held = Held(first, SAID)
    press(first, "k")
    held.comes()
    press(first, "j")
    press(first, "k")
    expect(title(first)).to_contain_text(str(points[3]))
    judged(second, "j", 1, points[1])
    held.go()
    toast = first.locator(".toast")
    expect(toast).to_contain_text(re.compile(f"{points[0]}：您自己刚刚.*没有保存.*{points[2]}：没变化"))
    expect(title(first)).to_contain_text(str(points[3]))
    settled(first)
    assert said() == [(points[0].pk, "change"), (points[1].pk, "change"), (points[2].pk, "no_change")]
    press(first, "j")
    expect(toast).to_have_text(f"{points[3]}：有变化")  # what was said once is not said again


def test_one_tab_takes_back_what_the_other_said(tabs, points):
    first, second = tabs
    judged(second, "j", 1, points[1])
    press(first, "z")
    expect(first.locator(".toast")).to_have_text(f"已撤销 {points[0]} 的判定")
    expect(title(first)).to_contain_text(str(points[0]))
    settled(first)
    judged(second, "k", 1, points[0])  # its point was held no more; the next is the one that waits again
    press(first, "k")
    expect(first.locator(".toast")).to_contain_text(f"{points[0]}：没变化")
    assert said() == [
        (points[0].pk, "change"),
        (points[0].pk, "undo"),
        (points[1].pk, "no_change"),
        (points[0].pk, "no_change"),
    ]
    assert ChangePoint.objects.filter(claimed_by__isnull=False).count() <= 1


def test_several_judged_in_one_tab_while_the_other_looks_at_one_of_them(tabs, points):
    first, second = tabs
    second.get_by_role("button", name="批量判定").click()
    for point in points[:3]:
        second.locator(".qi", has_text=str(point)).click()
    second.locator(".vda").get_by_role("button", name="没变化").click()
    second.get_by_role("button", name="确定，判 3 个").click()
    expect(second.locator(".outcome")).to_contain_text("已判定")
    press(first, "j")
    expect(first.locator(".toast")).to_contain_text("您自己刚刚在另一个窗口处理过")
    expect(title(first)).to_contain_text(str(points[3]))
    assert said() == [(point.pk, "no_change") for point in points[:3]]


def test_filters_saved_in_two_tabs_are_both_kept(tabs, office):
    for page, name, value in zip(tabs, ("甲", "乙"), ("yes", "!yes"), strict=True):
        page.get_by_text("筛选", exact=True).click()
        page.get_by_label("压控制线", exact=True).select_option(value)
        page.get_by_label("保存现在的条件").fill(name)
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".saved li", has_text=name)).to_be_visible()
    kept = User.objects.get(pk=office.official.pk).saved_filters
    assert [one["name"] for one in kept] == ["甲", "乙"]
