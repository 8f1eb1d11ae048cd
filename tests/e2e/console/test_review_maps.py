"""Maps of the workbench and of the field page: none outlives its view, and whoever asks for calm gets it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.console.test_review import opened
from tests.e2e.console.test_review_races import tab
from tests.factories import imagery as make

OVERLAYS = "function() { return this.filter(({classList}) => classList.contains('overlay')).length }"
"""Each map has one canvas of marks."""


WAYS = """() => {
  const pane = document.querySelector('#map .leaflet-map-pane');
  const look = () => /-(pan|zoom)-anim/.test(pane.className) && document.body.classList.add('on-the-way');
  new MutationObserver(look).observe(pane, {attributeFilter: ['class']});
}"""
"""Notes whether the map shows any way between two places."""


class Heap:
    """What a page holds, after all has been collected that nobody holds."""

    def __init__(self, page):
        self._page, self._send = page, page.context.new_cdp_session(page).send

    def come_to(self, maps):
        """Waits for as many maps: what a request or a frame holds is let go of after it."""
        for _ in range(40):
            if self._maps() == maps:
                return
            self._page.wait_for_timeout(250)
        assert self._maps() == maps

    def _maps(self):
        self._send("HeapProfiler.collectGarbage")
        kind = self._send("Runtime.evaluate", {"expression": "HTMLCanvasElement.prototype"})
        query = {"prototypeObjectId": kind["result"]["objectId"]}
        found = self._send("Runtime.queryObjects", query)["objects"]["objectId"]
        asked = {"objectId": found, "functionDeclaration": OVERLAYS, "returnByValue": True}
        count = self._send("Runtime.callFunctionOn", asked)["result"]["value"]
        for each in (found, kind["result"]["objectId"]):
            self._send("Runtime.releaseObject", {"objectId": each})
        return count


def test_a_map_goes_with_its_view(county, console, live_site):
    make.point()
    make.point(state="confirmed")
    page, _official, _refused = opened(console, live_site)
    heap = Heap(page)
    for _ in range(20):
        tab(page, "核查")
        expect(page.locator(".vdh h2")).to_contain_text("YG-")
        tab(page, "办理")
        expect(page.locator(".vdh h2")).to_contain_text("YG-")
        tab(page, "比对")
        expect(page.locator(".startrun")).to_be_visible()
        tab(page, "统计")
        expect(page.locator(".figtable")).to_be_visible()
    heap.come_to(maps=0)
    tab(page, "核查")
    expect(page.locator("#map canvas.overlay")).to_be_attached()
    heap.come_to(maps=1)


@pytest.mark.parametrize("asked", ["reduce", "no-preference"])
@pytest.mark.parametrize("address", ["/review", "/"], ids=["review", "public"])
def test_whoever_asks_for_calm_is_there_without_a_way(address, asked, county, office, console, live_site):
    make.point()
    page = console(office.official, reduced_motion=asked)
    page.goto(f"{live_site.url}{address}")
    expect(page.locator(".vdh h2" if address == "/review" else ".lay")).to_be_visible()
    page.wait_for_load_state("networkidle")
    pane, scale = page.locator("#map .leaflet-map-pane"), page.locator(".scale")
    place, length = pane.get_attribute("style"), scale.inner_text()
    page.evaluate(WAYS)
    page.locator("#map").press("ArrowRight")
    expect(pane).not_to_have_attribute("style", place)
    page.locator("#map").press("-")
    expect(scale).not_to_have_text(length)
    expect(page.locator("body.on-the-way")).to_have_count(0 if asked == "reduce" else 1)
