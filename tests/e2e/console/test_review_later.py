"""What is left for later, how sure somebody is, who is there first, and what comes when all has been seen."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from imagery import services
from imagery.models import ChangePoint, Review
from kernel import clock
from tests.browser import PHONE
from tests.e2e import accessible
from tests.e2e.console.test_review import opened
from tests.e2e.console.test_review_keys import LEAST_MS
from tests.factories import imagery as make

IN_THIRTY_DAYS = "new Date(Date.now() + 30 * 864e5).toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' })"
COMES_BACK = "document.dispatchEvent(new Event('visibilitychange'))"
"""Somebody looks at the page again."""


def test_a_point_is_left_until_a_day_and_taken_back_by_the_same_key(found, console, live_site):
    page, official, refused = opened(console, live_site)
    title, queue = page.locator(".vdh h2"), page.locator(".rqh h1")
    expect(title).to_contain_text(str(found[0]))
    sure, until = page.get_by_role("combobox", name="把握"), page.get_by_label("以后再看，搁置到")
    expect(until).to_have_value(page.evaluate(IN_THIRTY_DAYS))
    for said in ("1", "2", "3", "", "1"):
        page.keyboard.press("s")
        expect(sure).to_have_value(said)
    assert accessible.faults(page) == []
    day = clock.today() + dt.timedelta(days=9)
    until.fill(day.isoformat())
    until.press("Escape")
    page.keyboard.press("d")
    expect(title).to_contain_text(str(found[1]))
    expect(page.locator(".toast")).to_contain_text(f"{found[0]}：以后再看")
    expect(sure).to_have_value("")
    expect(until).to_have_value(day.isoformat())
    expect(queue).to_have_text(f"待核查 {len(found) - 1}")
    review, point = Review.objects.get(), ChangePoint.objects.get(pk=found[0].pk)
    assert (review.verdict, review.confidence, review.by) == ("defer", 1, official)
    assert (point.state, point.flag, point.flag_until) == (found[0].state, "deferred", day)

    page.locator("summary", has_text="筛选").click()
    page.get_by_label("搁置的").select_option("deferred")
    expect(title).to_contain_text(str(found[0]))
    expect(page.locator(".vdh")).to_contain_text(f"搁置到 {day.isoformat()}")
    page.get_by_role("button", name="去掉条件：以后再看").click()
    expect(queue).to_have_text(f"待核查 {len(found) - 1}")
    page.keyboard.press("z")
    expect(title).to_contain_text(str(found[0]))
    expect(sure).to_have_value("1")
    expect(queue).to_have_text(f"待核查 {len(found)}")
    assert ChangePoint.objects.get(pk=found[0].pk).flag == ""
    assert refused == []


def test_a_day_that_cannot_be_is_refused_and_the_point_stays(found, console, live_site):
    page, _official, _refused = opened(console, live_site, viewport=PHONE)
    expect(page.locator(".vdh h2")).to_contain_text(str(found[0]))
    until = page.get_by_label("以后再看，搁置到")
    until.fill((clock.today() - dt.timedelta(days=1)).isoformat())
    page.wait_for_timeout(LEAST_MS)
    page.get_by_role("button", name="以后再看").click()
    expect(page.locator(".toast")).to_have_text("请选今天或以后一年之内的日期。")
    expect(page.locator(".vdh h2")).to_contain_text(str(found[0]))
    assert not Review.objects.exists()


def test_who_has_seen_all_gets_what_comes_later(found, console, live_site):
    ChangePoint.objects.update(state="confirmed")
    page, _official, _refused = opened(console, live_site)
    expect(page.locator(".vd")).to_contain_text("都看完了")
    ChangePoint.objects.filter(pk=found[1].pk).update(state="queued")
    page.evaluate(COMES_BACK)
    expect(page.locator(".vdh h2")).to_contain_text(str(found[1]))
    expect(page.locator(".rqh h1")).to_have_text("待核查 1")


def test_the_last_ones_are_with_others_and_an_address_of_theirs_is_read(found, console, live_site):
    ChangePoint.objects.exclude(pk=found[0].pk).update(state="confirmed")
    services.point_claim(by=make.who(), point_id=found[0].pk)
    page, _official, _refused = opened(console, live_site)
    expect(page.locator(".vd")).to_contain_text("剩下的 1 个别人正在看")
    page.goto(f"{live_site.url}/review?sel=points:{found[0].pk}")
    expect(page.locator(".toast")).to_have_text("别人正在看这个图斑。")
    expect(page.locator(".vdh h2")).to_contain_text(str(found[0]))
    expect(page.get_by_role("button", name="办理")).to_have_attribute("aria-current", "page")


def test_after_a_batch_the_own_point_is_not_offered_again(found, console, live_site):
    ChangePoint.objects.update(area_m2=make.LARGE_M2)
    page, _official, refused = opened(console, live_site)
    expect(page.locator(".vdh h2")).to_contain_text(str(found[0]))
    page.get_by_role("button", name="批量判定").click()
    for point in found[:2]:
        page.locator(".qi", has_text=str(point)).click()
    page.get_by_role("button", name="有变化", exact=True).click()
    page.get_by_role("button", name="确定，判 2 个").click()
    expect(page.locator(".outcome")).to_contain_text("已判定")
    page.get_by_role("button", name="关闭").click()
    expect(page.locator(".vdh h2")).to_contain_text(str(found[2]))
    assert ChangePoint.objects.get(pk=found[0].pk).state == "second_review"
    assert refused == []
