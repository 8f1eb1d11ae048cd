"""Who works in the console, what they work on, and ways around the page."""

from __future__ import annotations

from io import BytesIO

from django.core.cache import cache
from playwright.sync_api import expect

from accounts.selectors import viewer_of
from dispatch.models import WorkOrder
from incidents.models import Report
from incidents.services import Contact, ReportFields, report_move, report_submit
from incidents.services.photos import photo_receive
from incidents.states import REPORTER
from kernel.viewer import Role, Viewer
from tests.e2e.pages import HETANG
from tests.e2e.report import TEXT
from tests.factories import incidents, media, people, places

COUNTY = places.COUNTY
TITLE = "村口涵洞一下雨就积水"
REPLY = "已清理涵洞淤泥 3 方，更换两块破损盖板，雨后复查未再积水，村水管员每周看一次。"
CITIZEN = Viewer(county=COUNTY, label=REPORTER)
PICTURE = {"name": "done.jpg", "mimeType": "image/jpeg", "buffer": media.jpeg()}
DOCUMENT = {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": media.PDF}
SEEN_WITHIN_MS = 10_000
"""Sooner than a page without a stream would ask (`live.ts`); what the server takes of it: `tests/layers/live`."""
SEEN = {
    "type": "array",
    "title": "什么时候积水",
    "items": {"enum": ["rain", "snow", "dry"], "enumNames": ["下雨", "化雪", "平时"]},
}


class Office:
    """A village with a kind of matter, and one person of each role who works on reports."""

    def __init__(self):
        cache.clear()
        self.unit = people.unit("slj", "水利局")
        said = {"title": "哪里堵了", "enum": ["gully"], "enumNames": ["雨水口"], "enumNames_en": ["Gully"]}
        incidents.category(
            "flood",
            title="道路积水",
            title_en="Flooded road",
            words="积水 涵洞",
            default_unit=self.unit,
            attributes={"properties": {"where": {"type": "string", **said}, "seen": SEEN}, "required": ["where"]},
        )
        self.grid = people.user(Role.GRID_MANAGER, jurisdiction=[HETANG])
        self.desk = people.user(Role.DESK, jurisdiction=[COUNTY])
        self.handler = people.user(Role.HANDLER, unit=self.unit)
        self.supervisor = people.user(Role.SUPERVISOR, jurisdiction=[COUNTY])
        self.official = people.user(Role.OFFICIAL, jurisdiction=[COUNTY])

    def report(self, text=TEXT, east=0.0):
        """A report of a citizen, with a photo and a contact."""
        lon, lat = places.lonlat(HETANG)
        photo = photo_receive(by=CITIZEN, file=BytesIO(media.jpeg()), name="hole.jpg", part=REPORTER).photo
        fields = ReportFields(
            lonlat=(lon + east, lat),
            text=text,
            category="flood",
            photos=(photo.token,),
            contact=Contact("来电人", "0572-0801 7744", ""),
            attributes={"where": "gully"},
        )
        told = report_submit(by=CITIZEN, fields=fields)
        return Report.objects.get(number=told.number), told.code

    def accepted(self, **fields):
        """A report whose order is open."""
        report, _code = self.report(**fields)
        return report_move(by=viewer_of(self.desk, COUNTY), report_id=report.pk, move="accept", category="flood")


def row(page, title=TITLE):
    return page.locator(".cr > button", has_text=title)


def heading(page):
    return page.locator(".dth h2")


def act(page, name):
    page.locator(".bar").get_by_role("button", name=name).click()


def finish(page, name):
    page.locator(".moveform").get_by_role("button", name=name).click()
    expect(page.locator(".moveform")).to_have_count(0)


def state_of(report):
    report.refresh_from_db()
    return report.state, WorkOrder.objects.get(pk=report.order_id).state


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
