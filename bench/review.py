"""The workbench as a reviewer feels it: one key is a verdict, and the next point's pictures are there.

Works on the demo (``./dev up`` once before): a hundred points are judged by keys in a real Chromium and taken back; in
their history that stays. Wall time, not CPU: on a busy machine it says more of the machine.
"""

from __future__ import annotations

from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from bench.registry import Bench, Row, add
from bench.site import running
from imagery.models import ChangePoint
from scripts.browser import program
from scripts.paths import LOCAL

POINTS = 100
NEXT_MS = 300.0
"""From the key to the pictures of the next point, 95 of a hundred. Source: the specification, "Reach"."""

LOOKS_MS = 500
"""How long somebody looks at a point at least: 7,200 an hour, where hundreds are asked for."""

GIVEN_UP_MS = 30_000
"""A picture that is not there by then is broken, and there is nothing to measure."""

_KEYS = "jk"
_AFTER_A_KEY = """([key, most]) => new Promise((done, fail) => {
  const title = () => document.querySelector('.vdh h2')?.textContent ?? '';
  const before = title(), from = performance.now();
  document.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
  const look = () => {
    const images = [...document.querySelectorAll('.chip-picture')];
    const isDrawn = image => image.complete && image.naturalWidth > 0; // an empty or broken one is complete as well
    const isThere = title() && title() !== before && images.length === 2 && images.every(isDrawn);
    const took = performance.now() - from;
    if (isThere) done(took);
    else if (took > most) fail(new Error(`no pictures of ${title()}, which came after ${before}`));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
_TODAY = "fetch('/api/imagery/queue/counts').then(answer => answer.json()).then(found => found.today.reviews)"
_KEPT = ("state", "kind", "flag", "flag_until", "first_by_id", "wants_check", "duplicate_of_id")


def _as_they_are() -> dict[int, tuple[object, ...]]:
    return {row[0]: row[1:] for row in ChangePoint.objects.values_list("pk", *_KEPT)}


def _opened(page: Page, site: str) -> None:
    page.goto(f"{site}/login")
    page.fill("input[name=username]", "official")
    page.fill("input[name=password]", (LOCAL / "demo_password").read_text(encoding="utf-8").strip())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{site}/review")
    page.locator(".chip-picture").nth(1).wait_for()


def _pressed(page: Page, keys: str) -> list[float]:
    """Milliseconds after each key; the next is pressed when somebody can have looked at what it showed."""
    took = []
    for key in keys:
        page.wait_for_timeout(LOOKS_MS)
        took.append(page.evaluate(_AFTER_A_KEY, [key, GIVEN_UP_MS]))
    return took


def run() -> list[Row]:
    """Judge, measure, take back, compare."""
    before = _as_they_are()
    with running() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        _opened(page, f"http://127.0.0.1:{site.port}")
        begun = page.evaluate(_TODAY)
        keys = (_KEYS * POINTS)[:POINTS]
        took = _pressed(page, keys)
        judged = page.evaluate(_TODAY) - begun
        _pressed(page, "z" * POINTS)
        page.locator(".vda .btn:enabled").first.wait_for()
        browser.close()
    differing = sum(before.get(key) != now for key, now in _as_they_are().items())
    late = quantiles(took, n=20)[-1]
    return [
        Row(
            "key → the next point's pictures, 95 of 100 (ms, wall)",
            late,
            NEXT_MS,
            1,
            note=f"median {median(took):.0f} ms",
        ),
        Row("keys per verdict, a hundred points", len(keys) / max(judged, 1), 1, 1, note=f"{judged} points judged"),
        Row("points that differ after a hundred times Z, and one", differing + 1, 1, 1, note="undo is exact at 1"),
    ]


add(Bench("review", "The workbench", "the stated reach (one key a verdict, 300 ms)", run))
