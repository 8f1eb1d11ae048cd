"""What may come between a press and its answer: other presses, other views, answers that come too late or never."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.selectors import viewer_of
from imagery import services
from imagery.models import ChangePoint, ChangeRun, Review
from tests.e2e import accessible
from tests.e2e.pages import settled
from tests.factories import imagery as make
from tests.factories import places

LEAST_MS = 250
"""Somewhat more than the time in which nobody has seen a point (`store.ts`)."""
SAID = re.compile(r":review")
NEXT = re.compile(r"queue:next")
CLAIM = re.compile(r":claim")
BATCH = re.compile(r"reviews:batch")
COMPOSED = "(at, key) => at.dispatchEvent(new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true}))"
LISTED = re.compile(r"/imagery/points/\?")
DETAIL = re.compile(r"/imagery/points/\d+\?")


class Held:
    """Requests that do not reach the server before they are let go."""

    def __init__(self, page, pattern):
        self._page, self._pattern, self._routes = page, pattern, []
        page.route(pattern, self._hold)

    def _hold(self, route):
        self._page.under_way.discard(route.request)
        self._routes.append(route)

    def comes(self, count=1):
        for _ in range(100):
            if len(self._routes) >= count:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError(f"nobody asked for {self._pattern}")

    def go(self):
        self._page.route(self._pattern, lambda route: route.continue_())
        for route in self._routes:
            if not route.request.failure:  # nobody waits any more
                self._page.under_way.add(route.request)
            route.continue_()


@pytest.fixture
def review(points, office, console, live_site):
    """Opens the workbench: ``review("?v=cases")``."""

    def go(query="", **options):
        page = console(office.official, **options)
        page.goto(f"{live_site.url}/review{query}")
        expect(page.locator(".rtabs")).to_be_visible()
        return page

    return go


def title(page):
    return page.locator(".vdh h2")


def tab(page, name):
    page.locator(".rtabs").get_by_role("button", name=name).click()


def test_the_space_bar_shows_the_other_scene_after_the_mouse_has_pressed_a_button(review, points):
    page = review()
    expect(title(page)).to_contain_text(str(points[0]))
    page.get_by_role("button", name="闪烁").click()
    page.keyboard.press(" ")
    expect(page.locator(".tagb")).to_contain_text("前")
    page.wait_for_timeout(LEAST_MS)
    page.locator(".vda").get_by_role("button", name="有变化").click()
    expect(title(page)).to_contain_text(str(points[1]))
    expect(page.locator("[aria-live=polite]", has_text=str(points[1]))).to_be_visible()  # readers hear what is next
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press(" ")  # of what nobody has looked at
    expect(page.locator(".tagb")).to_contain_text("前")
    page.locator(".vda").get_by_role("button", name="先跳过").press(" ")  # by keys alone it presses
    expect(title(page)).to_contain_text(str(points[2]))
    settled(page)
    assert Review.objects.count() == 1


def test_enter_of_an_input_method_does_not_leave_the_note(review, points):
    page = review()
    expect(title(page)).to_contain_text(str(points[0]))
    page.keyboard.press("m")
    note = page.get_by_label("说明")
    expect(note).to_be_focused()
    for key in ("Enter", "Escape"):
        note.evaluate(COMPOSED, key)
        expect(note).to_be_focused()
    page.keyboard.press("Enter")
    expect(note).not_to_be_focused()


def test_letters_of_an_input_method_are_no_keys(review, points):
    page = review()
    expect(title(page)).to_contain_text(str(points[0]))
    page.wait_for_timeout(LEAST_MS)
    page.locator("body").evaluate(COMPOSED, "j")
    page.wait_for_timeout(LEAST_MS)
    expect(title(page)).to_contain_text(str(points[0]))


def test_a_verdict_whose_answer_comes_late_leaves_the_cases_alone(review, points):
    case = make.point(state="confirmed")
    page = review()
    expect(title(page)).to_contain_text(str(points[0]))
    held = Held(page, SAID)
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press("j")
    held.comes()
    tab(page, "办理")
    expect(page.locator(".qi")).to_contain_text(str(case))
    held.go()
    expect(page.locator(".toast")).to_contain_text(str(points[0]))
    expect(title(page)).to_contain_text(str(case))
    settled(page)
    expect(title(page)).to_contain_text(str(case))
    assert not ChangePoint.objects.filter(state="queued", claimed_by__isnull=False).exclude(pk=points[0].pk).exists()


def test_a_list_of_cases_that_comes_late_opens_nothing_in_the_queue(review, points):
    make.point(state="confirmed")
    page = review()
    expect(title(page)).to_contain_text(str(points[0]))
    cases, queue = Held(page, LISTED), Held(page, NEXT)
    tab(page, "办理")
    cases.comes()
    tab(page, "核查")
    queue.comes()
    cases.go()
    page.wait_for_timeout(LEAST_MS)
    queue.go()
    expect(title(page)).to_contain_text(str(points[0]))
    settled(page)
    expect(title(page)).to_contain_text(str(points[0]))


def test_the_point_behind_a_figure_is_not_taken_away_by_the_list(review, points):
    make.point(state="confirmed")
    page = review("?v=figures")
    page.get_by_role("button", name=re.compile("^合计 检出")).click()
    line = page.locator(".figrows li button").nth(2)
    name = line.locator("b").inner_text().split(" ")[0]
    held = Held(page, DETAIL)
    line.click()
    expect(page.locator(".qi")).to_have_count(1)
    held.comes()
    page.wait_for_timeout(LEAST_MS)
    held.go()
    settled(page)
    expect(title(page)).to_contain_text(name)


def test_a_sign_of_life_that_comes_late_says_nothing_of_the_next_point(review, points):
    page = review()
    expect(title(page)).to_contain_text(str(points[0]))
    settled(page)
    held = Held(page, CLAIM)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    held.comes()
    page.wait_for_timeout(LEAST_MS)
    page.keyboard.press("j")
    expect(page.locator(".rqh")).to_contain_text("今天已看 1 个")
    expect(title(page)).to_contain_text(str(points[1]))
    settled(page)
    asked = []
    page.on("request", lambda request: NEXT.search(request.url) and asked.append(request.url))
    with page.expect_response(CLAIM):
        held.go()
    page.wait_for_timeout(LEAST_MS)
    assert asked == []  # nobody has to be given another point


def test_what_was_tried_is_what_is_done(review, points):
    page = review()
    page.get_by_role("button", name="批量判定").click()
    page.locator(".qi", has_text=str(points[0])).click()
    held = Held(page, BATCH)
    page.locator(".vda").get_by_role("button", name="没变化").click()
    held.comes()
    page.locator(".qi", has_text=str(points[1])).click()  # of it nobody knows what would become
    held.go()
    settled(page)
    page.wait_for_timeout(LEAST_MS)
    expect(page.locator(".outcome")).to_have_count(0)
    page.locator(".vda").get_by_role("button", name="有变化").click()
    expect(page.locator(".outcome")).to_contain_text("如果都判")
    page.locator(".kinds").get_by_role("button", name="道路").click()
    page.get_by_role("button", name="确定，判 2 个").click()
    expect(page.locator(".outcome")).to_contain_text("已判定")
    assert set(Review.objects.values_list("kind", flat=True)) == {"building"}


def test_all_but_stays_all_but(review, points):
    ChangePoint.objects.filter(pk=points[0].pk).update(kind="road")
    ChangePoint.objects.filter(pk=points[1].pk).update(kind="water")
    page = review("?f=points.kind:!road")
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("类型", exact=True).select_option("building")
    expect(page).to_have_url(re.compile("kind:(!|%21)building"))


def test_a_case_that_cannot_be_read_says_why(review, points):
    cases = {str(make.point(state="confirmed")) for _ in range(2)}
    page = review("?v=cases")
    expect(title(page)).to_contain_text("YG-")
    cases.remove(title(page).inner_text().split(" ")[0])
    page.route(DETAIL, lambda route: route.abort())
    page.locator(".qi:not([aria-current])").click()
    expect(page.locator(".vd")).to_contain_text("没有网络")
    page.unroute(DETAIL)
    page.locator(".vd").get_by_role("button", name="再试一次").click()
    expect(title(page)).to_contain_text(cases.pop())


def test_as_many_are_listed_to_choose_from_wherever_one_began(review, office, points):
    for _ in range(60):
        make.point()
    page = review("?v=cases")
    tab(page, "核查")
    expect(page.locator(".qi")).to_have_count(50)
    page.get_by_role("button", name="批量判定").click()
    expect(page.locator(".qi")).to_have_count(66)


def test_the_queue_is_not_asked_for_twice_at_first(points, office, console, live_site):
    page, asked = console(office.official), []
    page.on("request", lambda request: "/imagery/queue/?" in request.url and asked.append(request.url))
    page.goto(f"{live_site.url}/review")
    expect(title(page)).to_contain_text(str(points[0]))
    settled(page)
    assert len(asked) <= 2  # at first, and once the first point is held


def test_the_map_of_a_view_that_was_left_asks_for_nothing(review, points):
    page, asked = review(), []
    expect(title(page)).to_contain_text(str(points[0]))
    for _ in range(2):
        tab(page, "比对")
        tab(page, "核查")
        expect(title(page)).to_contain_text(str(points[0]))
    settled(page)
    page.on("request", lambda request: "/redlines" in request.url and asked.append(request.url))
    page.get_by_role("checkbox", name="控制线").check()
    settled(page)
    page.wait_for_timeout(LEAST_MS)
    assert len(asked) == 1


def test_filters_dropped_one_after_the_other_are_all_gone(review, office, points):
    User.objects.filter(pk=office.official.pk).update(
        saved_filters=[
            {"name": name, "queue": "imagery", "filters": written}
            for name, written in (("甲", "kind=!road"), ("乙", "kind=road"), ("丙", "gone=1"))
        ]
    )
    page = review()
    page.get_by_text("筛选", exact=True).click()
    held = Held(page, re.compile("/api/saved-filters/"))
    for name in ("甲", "乙"):
        page.locator(".saved li", has_text=name).get_by_role("button").last.click()
    page.wait_for_timeout(LEAST_MS)
    held.go()
    expect(page.locator(".saved li")).to_have_count(1)
    settled(page)
    assert [one["name"] for one in User.objects.get(pk=office.official.pk).saved_filters] == ["丙"]


def test_a_button_pressed_twice_moves_a_case_once(review, points):
    case = make.point(state="confirmed")
    page, refused = review("?v=cases"), []
    page.on("response", lambda answer: answer.status == 409 and refused.append(answer.url))
    expect(title(page)).to_contain_text(str(case))
    page.get_by_role("button", name="去实地看").dblclick()
    expect(page.locator(".vd")).to_contain_text("还没有人到过实地")
    settled(page)
    assert refused == []


def test_what_was_not_put_back_can_still_be_put_back(review, office, points):
    by = viewer_of(office.official, places.COUNTY)
    services.group_make(by=by, point_ids=[point.pk for point in points[:2]], title="石桥工业园")
    page = review(f"?sel=points:{points[0].pk}")
    page.locator("button.grpl").click()
    page.get_by_role("button", name="解散图斑组").click()
    back, groups = page.get_by_role("button", name="放回"), re.compile("/imagery/groups/")
    page.route(groups, lambda route: route.abort())
    back.click()
    expect(page.locator(".toast")).to_contain_text("没有网络")
    page.unroute(groups)
    back.click()
    expect(page.locator("button.grpl")).to_contain_text("2 个图斑")


def test_reasons_that_did_not_come_are_asked_for_again(points, office, console, live_site):
    page = console(office.official)
    options = re.compile("/imagery/options")
    page.route(options, lambda route: route.abort())
    page.goto(f"{live_site.url}/review")
    expect(page.locator(".toast")).to_contain_text("没有网络")
    page.unroute(options)
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".kinds button")).to_have_count(7)


def test_a_new_run_says_more_where_asked_and_hears_of_faults_at_the_field(review, points):
    page = review("?v=runs", bypass_csp=True)
    late, early = (
        page.locator(".startrun select").first.locator("option", has_text=day) for day in ("2026-03", "2025-09")
    )
    page.get_by_label("前一景").select_option(late.get_attribute("value"))
    page.get_by_label("后一景").select_option(early.get_attribute("value"))
    page.get_by_role("button", name="开始比对").click()
    expect(page.get_by_label("前一景")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_have_text("前一景影像要比后一景早。")
    page.get_by_label("前一景").select_option(early.get_attribute("value"))
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("后一景").select_option(late.get_attribute("value"))
    page.get_by_text("更多设置").click()
    page.get_by_label("变化占地的比例").fill("80")
    page.get_by_label("最小图斑").fill("25")
    page.get_by_text("更多设置").click()
    page.get_by_role("button", name="开始比对").click()
    expect(page.get_by_label("变化占地的比例")).to_be_focused()  # unfolded again, with the browser's own words
    page.get_by_label("变化占地的比例").fill("2.5")
    page.get_by_role("button", name="开始比对").dblclick()
    expect(page.locator(".toast")).to_have_text("已开始，几秒后有进度")
    expect(page.locator(".run")).to_have_count(2)
    assert ChangeRun.objects.latest("pk").params == {"share": 0.025, "least": 25}
    assert accessible.faults(page) == []


def test_a_late_answer_about_the_same_point_moves_nothing(review, points):
    page = review("?in=blink")
    expect(title(page)).to_contain_text(str(points[0]))
    settled(page)
    held = Held(page, re.compile(r":review"))
    page.keyboard.press("j")
    expect(title(page)).to_contain_text(str(points[1]))
    held.comes()
    page.keyboard.press(" ")
    expect(page.locator(".tagb")).to_contain_text("前")
    held.go()
    expect(page.locator(".rqh")).to_contain_text("今天已看 1 个")
    settled(page)
    expect(page.locator(".tagb")).to_contain_text("前")
