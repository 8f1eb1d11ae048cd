"""A small county, and the public page opened on it."""

import pytest

from kernel import clock
from tests.browser import DESKTOP
from tests.e2e.pages import FIRST_DATA, make_county, wait_for


@pytest.fixture
def county(transactional_db):
    """A chessboard county with two villages, one late project with photos, a facility and whom to call."""
    with clock.freeze("2026-06-30", everywhere=True):
        yield make_county()


@pytest.fixture
def visit(county, live_site, browser_page):
    """Opens the public page and waits until the first data are drawn: ``visit("?sel=…", viewport=PHONE)``."""

    def go(path="/", viewport=DESKTOP, **options):
        page = browser_page(viewport=viewport, **options)
        page.goto(f"{live_site.url}{path}")
        wait_for(page, FIRST_DATA, 1)
        return page

    return go
