"""An office, and the console opened by somebody of it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from imagery import services
from imagery.ingest import run_carry_out
from imagery.models import ChangePoint
from kernel.viewer import Viewer
from tests.browser import DESKTOP
from tests.e2e.console.office import Office
from tests.e2e.pages import followed
from tests.factories import imagery as make
from tests.factories import places
from tests.imagery.pairs import pair
from tests.imagery.rasters_of import raster

BY = Viewer(county=places.COUNTY, label="test")
BANDS = ("blue", "green", "red", "nir", "swir1", "swir2")


@pytest.fixture
def office(county):
    return Office()


@pytest.fixture
def console(live_site, browser_page):
    """Opens the console as somebody: ``console(office.grid, "queue=new")``."""

    def go(user, query="", *, viewport=DESKTOP, deaf=False, **options):
        client = Client()
        client.force_login(user)
        page = followed(browser_page(viewport=viewport, **options))
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_site.url}])
        if deaf:
            page.route(re.compile("/live/|/api/layers/changes"), lambda route: route.abort())
        page.goto(f"{live_site.url}/console?{query}")
        first = ".dth h2" if "sel=" in query else ".lsh [role=status]"
        expect(page.locator(first)).to_contain_text(re.compile("."), timeout=15_000)
        return page

    return go


@pytest.fixture
def scenes(county, settings, tmp_path):
    """Two small scenes of the same ground, the earlier first, and the reasons of rejections."""
    settings.RASTERS_ROOT, settings.TILES_ROOT = tmp_path / "rasters", tmp_path / "tiles"
    settings.RASTERS_ROOT.mkdir()
    truth = pair(season=0.3)
    services.reasons_default(places.COUNTY)
    taken = (("2025-09-11", truth.before), ("2026-03-08", truth.after))
    return [scene_taken(tmp_path, day, bands) for day, bands in taken]


def scene_taken(folder, day, bands):
    """A scene of a day, (bands, rows, cols), taken in from a file."""
    file = raster(folder / f"{day}.tif", bands.clip(1, 65_535).astype("uint16"), BANDS, nodata=0)
    told = services.Told(acquired_at=dt.datetime.fromisoformat(f"{day}T10:30:00+08:00"), sensor="demo")
    return services.scene_add(by=BY, files=[file], told=told)[0]


@pytest.fixture
def points(office):
    """Six points that wait, those that come first before the rest."""
    services.reasons_default(places.COUNTY)
    return [make.point(priority=0.9 - place / 10) for place in range(6)]


@pytest.fixture
def found(scenes):
    """Points of a real run over the two scenes, with their pictures."""
    before, after = scenes
    asked = {
        "before": before,
        "after": after,
        "detector": "fusion",
        "code_version": services.CODE_VERSION,
        "share": 0.04,
    }
    run = services.run_add(by=BY, **asked)[0]
    run_carry_out(by=BY, run=run)
    services.chips_render(run)
    return list(ChangePoint.objects.order_by("-priority", "number"))
