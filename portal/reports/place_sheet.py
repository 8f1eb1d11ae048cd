"""The sheet of a place: what an official pins to the village's notice board, A4, one or two pages.

It is made for nobody in particular: the facts are those that everybody may see, whoever asks for it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from kernel import clock
from kernel.errors import Unavailable
from kernel.language import is_english
from kernel.viewer import Viewer
from layers import ledger
from layers.validators import release
from media.pipeline import store
from places import selectors as places
from portal.qr import qr_svg
from portal.reports import libraries, map_svg, tokens

MAP_PX = (703, 256)
"""186 × 68 mm: the width between the margins, and a height that leaves room for the phones below."""

MAP_SHARE = {"village": 0.62, "township": 0.86, "county": 0.92}
"""How much of the map the place fills: a village is seen among its neighbours."""

SHOWN = (
    {"supervision": 6, "contacts": 5, "projects": 4, "photos": 6, "facilities": 7, "notices": 2},
    {"supervision": 6, "contacts": 4, "projects": 3, "photos": 6, "facilities": 6, "notices": 1},
    {"supervision": 6, "contacts": 4, "projects": 3, "photos": 3, "facilities": 5, "notices": 1},
)
"""Rows that fit on two pages; fewer where names and remarks are long."""

MOST_PAGES = 2

WAIT_S = 20.0
"""A sheet takes one to two seconds of CPU: who waits longer for a turn is asked to come back."""

MOST_ASKING = 3
"""One at work and two that wait; others are asked to come back at once. Who waits keeps a thread of the server, and
with all eight of them waiting (``THREADS``) nobody else would get any page."""

RETRY_S = 8
"""When to come back: by then the three before, of 2.3 to 2.7 s of CPU each, are done."""

_turn = threading.Lock()
_asking = threading.BoundedSemaphore(MOST_ASKING)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet will say, before it is typeset."""

    viewer: Viewer
    code: str
    panel: dict[str, Any]
    county: places.CountyFacts
    address: str

    @property
    def etag(self) -> str:
        """Differs when the facts, the ground of the map, the language, the day or the code differ. Cost: one query."""
        facts = json.dumps(self.panel, sort_keys=True, default=str)
        ground = ledger.version(("places.Place", *ledger.BASEMAP_MODELS), self.viewer.county)
        county = self.county.county
        head = (self.county.name, county.approval_number, county.is_demo, county.as_of)
        parts = (facts, ground, head, self.address, get_language(), clock.today(), release())
        return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'

    def pdf(self) -> bytes:
        """The sheet as PDF; one at a time in this process.

        Raises:
            Unavailable: the libraries are missing, or others are waiting, too.
        """
        weasyprint = libraries.weasyprint()
        with _own_turn():
            for shown in SHOWN:
                html = weasyprint.HTML(string=self.html(shown), base_url="sheet:", url_fetcher=_fetcher(weasyprint))
                typeset = html.render()
                if len(typeset.pages) <= MOST_PAGES:
                    break
            return bytes(typeset.write_pdf())

    def html(self, shown: dict[str, int]) -> str:
        """The sheet before it is typeset, with so many rows of each kind."""
        return render_to_string("sheet/page.html", self._context(shown))

    def _context(self, shown: dict[str, int]) -> dict[str, Any]:
        place, county = self.panel["place"], self.county.county
        open_sections = {s["key"]: s for s in self.panel["sections"] if not s.get("unavailable")}
        return {
            "place": place,
            "around": place["ancestors"],
            "county": county,
            "county_name": self.county.name,
            "html_lang": "en" if is_english() else "zh-CN",
            "sections": open_sections,
            "photos": self._photos()[: shown["photos"]],
            "shown": shown,
            "map": mark_safe(self._map(shown["projects"])),
            "qr": mark_safe(qr_svg(self.address)),
            "address": self.address,
            "today": clock.today(),
            "style": mark_safe(tokens.as_css()),
        }

    def _map(self, works: int) -> str:
        place = self.panel["place"]
        sheet = map_svg.sheet_around(place["bbox"], *MAP_PX, MAP_SHARE.get(place["level"], 0.9))
        area = places.outline_of(self.viewer, self.code)
        subject = map_svg.Subject(place["name"], place["level"], area, place["bbox"])
        legend = [approval_line(self.county)]
        if place["illustrative"]:
            legend.append(gettext("村界为示意，不作划界依据"))
        ground = places.ground_in(self.viewer, sheet.bbox)
        return map_svg.draw(sheet, ground, subject, marks=self._marks(works), legend=legend, north=gettext("北"))

    def _marks(self, works: int) -> list[map_svg.Mark]:
        shown = self._body("progress").get("projects", [])[:works]
        placed = [(str(at), work.get("lon"), work.get("lat")) for at, work in enumerate(shown, start=1)]
        return [map_svg.Mark(number, lon, lat) for number, lon, lat in placed if lon is not None and lat is not None]

    def _photos(self) -> list[dict[str, Any]]:
        """The photos whose files are there."""
        return [photo for photo in self._body("photos").get("items", []) if _photo_file(photo["medium"]).exists()]

    def _body(self, key: str) -> dict[str, Any]:
        """What a section of the panel says; nothing where there is none or it failed."""
        return next((section.get("body") or {} for section in self.panel["sections"] if section["key"] == key), {})


def place_sheet(county: str, code: str, address: str) -> Sheet:
    """The sheet of a place, from the panel's own sections.

    Args:
        county: code of its county.
        code: of the place.
        address: of its page, absolute, for the QR code.

    Raises:
        NotFound: there is no such place.
    """
    everybody = Viewer(county=county)
    panel = places.place_panel(everybody, code)
    return Sheet(everybody, code, panel, places.county_facts(everybody), address)


@contextmanager
def _own_turn() -> Iterator[None]:
    """Wait until no other sheet is made.

    Raises:
        Unavailable: others wait already, or it took too long.
    """
    busy = Unavailable(gettext("正在为别人制作 PDF，请过一会儿再试。"), code="pdf_busy", retry_after=RETRY_S)
    if not _asking.acquire(blocking=False):
        raise busy
    try:
        if not _turn.acquire(timeout=WAIT_S):
            raise busy
        try:
            yield
        finally:
            _turn.release()
    finally:
        _asking.release()


def approval_line(facts: places.CountyFacts) -> str:
    """What the law wants to be said on a map: its approval number, or that there is none yet."""
    number = facts.county.approval_number
    return gettext("审图号：") + number if number else gettext("审图号：未配置，仅供内部测试")


def _fetcher(weasyprint: Any) -> Any:
    """Opens public photos on this machine's disk and nothing else: no request leaves, no other file is read."""

    class Photos(weasyprint.URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            data = _photo_file(url.removeprefix("sheet:")).read_bytes()
            return weasyprint.urls.URLFetcherResponse(url, data, {"Content-Type": "image/jpeg"})

    return Photos()


def _photo_file(address: str) -> Path:
    """Where a public derivative lies, by its address on this host.

    Raises:
        ValueError: for any other address.
    """
    try:
        found = resolve(address)
    except Resolver404:
        raise ValueError(address) from None
    if found.view_name != "media-photo":
        raise ValueError(address)
    return Path(settings.MEDIA_ROOT) / store.photo_path(found.kwargs["token"], found.kwargs["size"])
