"""What tests in the browser share: a county to look at, and ways to look at what is drawn."""

import datetime as dt
import math

from django.contrib.gis.geos import MultiLineString, Point

from places.models import BaseFeature
from projects.services import projects_recompute
from tests.factories import facilities, places, projects

HETANG, QIAOTOU, TOWN = "990521003007", "990521003006", "990521003"
LAND, OUT = (244, 245, 239), (233, 236, 233)
"""RGB of the base map inside and outside of the county."""
FIRST_DATA = "performance.getEntriesByName('first-data').length"
READY = "navigator.serviceWorker.getRegistration().then((one) => Boolean(one?.active))"
_KEPT = """() => Promise.race([
  (async () => {
    const all = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) all.push(url);
    return all;
  })(),
  new Promise((give) => setTimeout(give, 3000, null)),
])"""
_ASKED = """(async () => {
  const asked = (SCRIPT);
  const answer = typeof asked === 'function' ? asked() : asked;
  return Promise.race([answer, new Promise((give) => setTimeout(give, 3000, null))]);
})()"""
ENDLESS = ("eventsource", "ping")
"""Kinds of requests whose end nobody is told."""


def make_county():
    outline = places.square(places.COUNTY)
    hetang = places.village(HETANG, "荷塘村", name_en="Hetang Village", households=412, population=1286)
    places.village(QIAOTOU, "桥头村")
    for layer, geom, more in (
        ("land", outline, {}),
        ("boundary", MultiLineString([ring for polygon in outline for ring in polygon]), {"kind": "county"}),
        ("label", Point(*places.lonlat(HETANG)), {"kind": "village", "name": "荷塘村", "name_en": "Hetang Village"}),
    ):
        BaseFeature.objects.create(county_id=places.COUNTY, layer=layer, geom=geom, **more)
    late = projects.project(hetang)
    for month, planned, actual in ((4, 50, 49), (5, 60, 56), (6, 70, 62)):
        projects.progress(late, dt.date(2026, month, 1), actual, planned)
    projects.project_photo(late)
    projects.notice(late)
    projects_recompute()
    places.contact(hetang, "荷塘村代办员", "0572-0801 6230", duty="可以上门代办")
    west, south, *_ = places.bbox(HETANG)
    facilities.facility(HETANG, lonlat=(west + 0.002, south + 0.002))
    return late


def wait_for(page, script, value=True):
    """Waits until a script gives ``value``; asks again where a promise of it is not kept.

    Playwright's ``wait_for_function`` asks a second time by eval, which the policy of our pages forbids: it works where
    the first answer is the wanted one, and fails where the machine is slow.
    """
    asked = _ASKED.replace("SCRIPT", script)
    for _ in range(300):
        given = page.evaluate(asked)
        if given == value:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{script} never gave {value!r}, but {given!r}")


def until(page, is_so):
    """Waits for what no locator sees: the server's side, what was asked for, pixels."""
    for _ in range(300):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen")


def steady(page, ask):
    """What ``ask`` gives, once it has given the same for half a second: maps glide, and their address comes after."""
    before, same = None, 0
    for _ in range(150):
        now = ask()
        same = same + 1 if now == before is not None else 0
        if same == 5:
            return now
        before = now
        page.wait_for_timeout(100)
    raise AssertionError(f"{before} never came to rest")


def at_rest(*things):
    """Boxes of things on a map, once none of them moves: they are drawn anew while the map glides."""

    def boxes():
        found = [thing.bounding_box() for thing in things]
        return None if None in found else found

    return steady(things[0].page, boxes)


def address_at_rest(page):
    """The address, once it says where the map is: it is written a moment after the map has moved."""
    wait_for(page, "location.hash !== ''")
    return steady(page, lambda: page.url)


def followed(page):
    """Notes what the page has asked for and nobody has answered yet, for ``settled``."""
    page.under_way = set()
    page.on("request", lambda request: request.resource_type in ENDLESS or page.under_way.add(request))
    page.on("requestfinished", lambda request: page.under_way.discard(request))
    page.on("requestfailed", lambda request: page.under_way.discard(request))
    return page


def settled(page):
    """Waits until all is answered and no more is asked for. Playwright's "networkidle" comes once for a document."""
    quiet = 0
    for _ in range(300):
        quiet = 0 if page.under_way else quiet + 1
        if quiet > 8:
            return
        page.wait_for_timeout(50)
    raise AssertionError([request.url for request in page.under_way])


def kept(page):
    """Addresses of what the caches hold; asked again where no answer comes, which would hold up all tests for ever."""
    for _ in range(5):
        found = page.evaluate(_KEPT)
        if found is not None:
            return found
    raise AssertionError("the caches do not answer")


def wait_kept(page, *wanted):
    """Waits until addresses with each of these texts are kept."""
    for one in wanted:
        for _ in range(200):
            if any(one in url for url in kept(page)):
                break
            page.wait_for_timeout(50)
        else:
            raise AssertionError(f"{one} was not kept")


def hash_at(lon, lat, zoom=15):
    return f"#{zoom}/{lat:.5f}/{lon:.5f}"


def colour(page, canvas, dx, dy):
    """RGBA on a canvas of the map, some pixels off the middle of the map."""
    return page.evaluate(
        """([selector, dx, dy]) => {
          const box = document.getElementById('map').getBoundingClientRect();
          const [x, y] = [box.x + box.width / 2 + dx, box.y + box.height / 2 + dy];
          for (const canvas of document.querySelectorAll(selector)) {
            const at = canvas.getBoundingClientRect();
            if (x < at.x || y < at.y || x >= at.right || y >= at.bottom) continue;
            const k = canvas.width / at.width;
            return [...canvas.getContext('2d').getImageData((x - at.x) * k, (y - at.y) * k, 1, 1).data];
          }
        }""",
        [canvas, dx, dy],
    )


def is_painted(page, canvas, dx, dy, rgb):
    """Waits until a pixel has the colour: one layer's first data may be there before another's."""
    for _ in range(100):
        if colour(page, canvas, dx, dy)[:3] == list(rgb):
            return True
        page.wait_for_timeout(50)
    return False


def is_clear(page, canvas, dx, dy):
    """Waits until nothing is drawn there."""
    for _ in range(100):
        if colour(page, canvas, dx, dy)[3] == 0:
            return True
        page.wait_for_timeout(50)
    return False


def metres_to_pixels(metres, lat, zoom):
    return metres * 2 ** (zoom + 8) / (40075016.686 * math.cos(math.radians(lat)))


def map_pixel(page, dx, dy):
    """Where on the page it is, some pixels off the middle of the map."""
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy


def press_map(page, dx, dy):
    page.mouse.click(*map_pixel(page, dx, dy))
