"""WCAG 2.2 AA of what a page shows now: the rules of axe-core, targets of 24 px, no sideways scrolling."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES: dict[str, object] = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
"""The dark theme changes colours and nothing else: there, the rules that look at colours."""
RUN = "only => axe.run({runOnly: only, resultTypes: ['violations'], preload: false}).then(r => r.violations)"
"""Without what passes, and without reading all style sheets again, which no rule of these needs."""
SMALL_OR_WIDE = """() => [
  ...[...document.querySelectorAll('button, a[href], input:not(.sr), select, summary')].filter(e => {
    const box = (e.closest('label') || e).getBoundingClientRect();
    return box.width && (box.width < 24 || box.height < 24);
  }).map(e => e.outerHTML.slice(0, 80)),
  ...(document.documentElement.scrollWidth > innerWidth ? ['sideways scrolling'] : []),
]"""


def faults(page: Page) -> list[tuple[str, str, str]]:
    """What is wrong, as (theme, rule, element); the page must have been opened with ``bypass_csp=True``."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for one in page.evaluate(RUN, rules):
            found += [(theme, one["id"], node["html"][:200]) for node in one["nodes"]]
    return found + [("", "size", html) for html in page.evaluate(SMALL_OR_WIDE)]
