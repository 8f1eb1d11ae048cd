"""WCAG 2.2 AA on every public screen, in both languages, both themes and both sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import DESKTOP, PHONE
from tests.e2e.pages import HETANG

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = """[...document.querySelectorAll('button, a[href], input, select, summary')].filter(e => {
  const box = (e.closest('label') || e).getBoundingClientRect();
  return box.width && (box.width < 24 || box.height < 24);
}).map(e => e.outerHTML.slice(0, 80))"""

SCREENS = {
    "home": ("/", ".panel .sec"),
    "panel": (f"/?sel=village:{HETANG}", ".panel .sec"),
    "list": ("/?v=list", ".pane li"),
    "filtered": ("/?v=list&l=projects,facilities&f=projects.status:late&t=2026-01..2026-06", ".pane .inforce"),
}
TAB_STOPS = 25
"""Most stops before somebody has done anything: a naive page of the map library alone has 214."""

STOPS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(e =>
  e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})).length"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(visit, screen, lang, viewport):
    path, drawn = SCREENS[screen]
    page = visit(f"{path}{'&' if '?' in path else '?'}lang={lang}", viewport=viewport, bypass_csp=True)
    page.locator(drawn).first.wait_for()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found = page.evaluate("tags => axe.run({runOnly: tags}).then(r => r.violations)", TAGS)
        assert [(theme, one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate(SMALL) == [], "targets below 24 px"
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), "sideways scrolling"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_few_stops_for_the_keyboard(visit, viewport):
    page = visit("/", viewport=viewport)
    page.locator(".panel .sec").first.wait_for()
    assert 5 < page.evaluate(STOPS) <= TAB_STOPS
