"""Lists of the workbench: page by page, with filters that cannot be read, and by how far away points are."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from imagery import services
from imagery.models import ChangePoint, Scene
from tests.browser import DESKTOP, PHONE
from tests.e2e import accessible
from tests.e2e.console.test_review import opened
from tests.e2e.console.test_review_races import LEAST_MS, LISTED, Held, tab
from tests.e2e.pages import settled
from tests.factories import imagery as make
from tests.factories import places


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


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("written", ["points.kind:bogus", "points.bogus:whatever", "points.since:soon"])
def test_a_filter_that_cannot_be_read_is_said_and_all_else_works(county, console, live_site, viewport, written):
    for kind in ("road", "water"):
        make.point(kind=kind)
    page, official, _refused = opened(console, live_site, viewport)
    official.saved_filters = [{"name": "道路", "queue": "imagery", "filters": "kind=road"}]
    official.save()
    page.goto(f"{live_site.url}/review?f=points.state:queued;{written}")
    name, value = written.removeprefix("points.").split(":")
    said = re.compile(f"条件“(类型|检出不早于|{name}) ?{value}”读不懂")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    expect(page.locator(".toast")).to_contain_text(said)
    if viewport is PHONE:
        page.locator(".rqd summary").first.click()
    expect(page.locator(".rqh .note")).to_contain_text(said)
    expect(page.locator(".note")).to_have_count(1)
    expect(page.locator(".rqh h1")).to_have_text("待核查 2")
    expect(page.locator(".qi")).to_have_count(2)
    expect(page.get_by_role("list", name="常用条件")).to_contain_text("道路 1")
    assert accessible.faults(page) == []
    page.locator(".chipline button", has_text=value).click()
    expect(page.locator(".note")).to_have_count(0)
    expect(page).not_to_have_url(re.compile(value))
    expect(page.locator(".qi")).to_have_count(2)


def test_two_filters_that_cannot_be_read_are_both_said(county, console, live_site):
    make.point()
    page, _official, _refused = opened(console, live_site, query="?f=points.kind:bogus;points.place:nowhere")
    expect(page.locator(".vdh h2")).to_contain_text("YG-")
    for value in ("bogus", "nowhere"):
        expect(page.locator(".rqh .note", has_text=value)).to_be_visible()
    expect(page.locator(".rqh h1")).to_have_text("待核查 1")
    expect(page.get_by_role("link", name="下载")).to_have_count(0)


def test_thousands_are_set_apart_wherever_points_are_counted(office, console, live_site):
    services.reasons_default(places.COUNTY)
    pattern = make.point()
    fields = {one.attname: getattr(pattern, one.attname) for one in pattern._meta.fields if not one.primary_key}
    ChangePoint.objects.bulk_create(ChangePoint(**fields | {"number": 10_000 + n}) for n in range(1000))
    kept = {"name": "都要看", "queue": "imagery", "filters": "kind=building"}
    User.objects.filter(pk=office.official.pk).update(saved_filters=[kept])
    page = console(office.official, viewport=DESKTOP)
    page.goto(f"{live_site.url}/review")
    expect(page.locator(".rqh h1")).to_have_text("待核查 1,001")
    expect(page.locator(".saved")).to_have_text("都要看 1,001")
    expect(page.locator(".rqh .bar")).to_have_attribute("aria-label", "今天看了 0 个，还有 1,001 个")
    page.goto(f"{live_site.url}/review?v=cases&of=queued")
    expect(page.locator(".ways .mut")).to_have_text("1,001")
    Scene.objects.update(status="withdrawn")
    page.goto(f"{live_site.url}/review")
    said = "另有 1,001 处的影像已停用，恢复后再看。"
    expect(page.locator(".rqh .note")).to_have_text(said)
    expect(page.locator(".vd .empty")).to_contain_text(said)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_outside_of_every_township_the_line_begins_with_the_area(office, console, live_site, language):
    services.reasons_default(places.COUNTY)
    make.point(places.COUNTY)
    page = console(office.official, viewport=PHONE)
    page.goto(f"{live_site.url}/review?lang={language}")
    expect(page.locator(".vdh .fact")).to_have_text([re.compile("^400 ")])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_the_order_by_distance_each_row_tells_it(county, console, live_site, language):
    lon, lat = here = places.lonlat(make.VILLAGE)
    for east, priority in ((0.02, 0.1), (0, 0.9), (0.0037, 0.5)):
        make.point(lonlat=(lon + east, lat), priority=priority)
    page, _official, _refused = opened(console, live_site, query=f"?by=near&lang={language}")
    told = {"zh": ["", "350 米", "1.9 公里"], "en": ["", "350 m", "1.9 km"]}[language]
    expect(page.locator(".qi .sc")).to_have_text(told)
    assert accessible.faults(page) == []
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": here[0] + 0.02, "latitude": here[1]})
    page.locator(".ways select").select_option("me")
    expect(page.locator(".qi .sc")).to_have_text(["", told[2].replace("1.9", "1.6"), told[2]])
    page.locator(".ways select").select_option("")
    expect(page.locator(".qi .sc")).to_have_text(["0.90", "0.50", "0.10"])
