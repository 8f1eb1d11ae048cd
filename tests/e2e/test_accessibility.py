"""WCAG 2.2 AA on every public screen, in both languages, both themes and both sizes."""

from __future__ import annotations

import re

import pytest

from tests.browser import DESKTOP, PHONE
from tests.e2e.accessible import faults
from tests.e2e.pages import FIRST_DATA, HETANG, TOWN, wait_for
from tests.factories import facilities, projects

SCREENS = {
    "home": ("/", ".panel .sec"),
    "panel": (f"/?sel=village:{HETANG}", ".panel .sec"),
    "list": ("/?v=list", ".pane li"),
    "filtered": ("/?v=list&l=projects,facilities&f=projects.status:late&t=2026-01..2026-06", ".pane .inforce"),
    "board": (f"/?v=board&at={TOWN}&cmp=2026-05,", ".inner .rep"),
    "board map": ("/?v=board&in=map", ".akey"),
}
TAB_STOPS = 25
"""Most stops before somebody has done anything: a naive page of the map library alone has 214."""

STOPS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(e =>
  e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})).length"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("county")
def test_axe_finds_nothing(live_site, browser_page, lang, viewport):
    page, found = browser_page(viewport=viewport, bypass_csp=True), {}
    for screen, (path, drawn) in SCREENS.items():
        page.goto(f"{live_site.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        wait_for(page, FIRST_DATA, 1)
        page.locator(drawn).first.wait_for()
        found[screen] = faults(page)
    assert {screen: wrong for screen, wrong in found.items() if wrong} == {}


@pytest.fixture
def busy(county):
    """As in the demonstration county: every status, more to watch than is shown, a dozen kinds of facilities."""
    for nth in range(14):
        status = ("late", "stopped", "backward", "normal", "done", "planned", "cancelled")[nth % 7]
        projects.project(
            county.village, name=f"荷塘村道路{nth}", status=status, category=projects.category(f"kind{nth}")
        )
        kind = facilities.category(f"place{nth}", f"设施{nth}")
        facilities.facility(county.village, name=f"设施点{nth}", category=kind)
    for nth in range(6):
        projects.project(county.village, name=f"荷塘村沟渠{nth}", status="late")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_few_stops_for_the_keyboard(visit, viewport):
    page = visit("/", viewport=viewport)
    page.get_by_role("button", name=re.compile("^再看")).wait_for()
    page.locator(".lay input").first.wait_for(state="attached")
    assert 15 < page.evaluate(STOPS) <= TAB_STOPS
