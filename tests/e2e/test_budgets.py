"""What a first visit costs: bytes until the first data are drawn, however many rows the layers have."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.browser import DESKTOP, PHONE
from tests.e2e.pages import FIRST_DATA, wait_for
from tests.factories import places

IN_ALL = 150 * 1024
"""Bytes over the wire until the first data are drawn; the specification of the public page."""

ANSWER = 60 * 1024
"""Bytes of one answer for what is on the screen."""


@pytest.fixture(params=[2_000, pytest.param(100_000, marks=pytest.mark.long)])
def rows(request, county):
    """A county with as many facilities."""
    call_command("seed_scale", layer="facilities", points=request.param, county=places.COUNTY, verbosity=0)
    return request.param


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", ["/", "/?l=facilities,projects,villages,townships"])
def test_bytes_until_the_first_data(rows, live_site, browser_page, viewport, path):
    page = browser_page(viewport=viewport)
    asked, weights = {}, {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda event: weights.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(f"{live_site.url}{path}")
    wait_for(page, FIRST_DATA, 1)
    page.wait_for_load_state("networkidle")
    sizes = {asked[key]: size for key, size in weights.items() if key in asked}
    assert any("/api/" in url for url in sizes)
    assert sum(sizes.values()) <= IN_ALL, sorted(sizes.items(), key=lambda item: -item[1])[:6]
    assert {url: size for url, size in sizes.items() if "/api/" in url and size > ANSWER} == {}
