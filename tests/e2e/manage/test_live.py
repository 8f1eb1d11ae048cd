"""Two people at work see what the other one does, by the stream or, where none comes through, by asking."""

from playwright.sync_api import expect

from kernel.viewer import Role
from projects.models import Project
from tests.e2e.manage.page import COUNTY, ready
from tests.e2e.pages import until
from tests.factories import people

SOON_MS = 10_000
"""Sooner than a page without a stream would ask (`live.ts`); what the server takes of it: `tests/layers/live`."""


HIDE = """hidden => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


NAME = "桥头村道路改造"


def rename(name):
    Project.objects.filter(name__startswith="桥头村").update(name=name)


def row(page, name):
    return page.get_by_role("listitem").get_by_role("button", name=name)


def test_two_consoles_see_each_others_changes_by_the_stream(clerk, live_site):
    one, other = (clerk(people.user(Role.OFFICIAL, username=name, jurisdiction=[COUNTY]), "projects") for name in "ab")
    until(other, lambda: live_site.root.live.gate.inside == 2)
    row(one, NAME).click()
    one.get_by_label("名称 必填").fill("桥头村新路")
    one.get_by_role("button", name="保存", exact=True).click()
    one.get_by_text("已保存", exact=True).wait_for()
    expect(row(other, "桥头村新路")).to_be_visible(timeout=SOON_MS)


def test_where_no_stream_comes_through_it_asks(clerk, settings):
    settings.LIVE_STREAMS = 0
    page = clerk(Role.OFFICIAL)
    page.clock.install()
    with page.expect_response(lambda response: "/api/layers/changes" in response.url) as answer:
        page.open_screen("projects")
        expect(row(page, NAME)).to_be_visible()
    assert answer.value.json()["reset"] is True
    rename("桥头村老路")
    page.clock.run_for(20_000)
    expect(row(page, "桥头村老路")).to_be_visible()


def test_a_tab_that_nobody_sees_holds_no_stream(clerk, live_site):
    page = clerk(Role.OFFICIAL, "projects")
    ready(page)
    gate = live_site.root.live.gate
    until(page, lambda: gate.inside == 1)
    page.evaluate(HIDE, True)
    until(page, lambda: gate.inside == 0)
    rename("桥头村旧路")
    page.evaluate(HIDE, False)
    expect(row(page, "桥头村旧路")).to_be_visible()
