"""An office, and the console opened by somebody of it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from tests.browser import DESKTOP
from tests.e2e.console.office import Office


@pytest.fixture
def office(county):
    return Office()


@pytest.fixture
def console(live_site, browser_page):
    """Opens the console as somebody: ``console(office.grid, "queue=new")``."""

    def go(user, query="", *, viewport=DESKTOP, deaf=False, **options):
        client = Client()
        client.force_login(user)
        page = browser_page(viewport=viewport, **options)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_site.url}])
        if deaf:
            page.route(re.compile("/live/|/api/layers/changes"), lambda route: route.abort())
        page.goto(f"{live_site.url}/console?{query}")
        first = ".dth h2" if "sel=" in query else ".lsh [role=status]"
        expect(page.locator(first)).to_contain_text(re.compile("."), timeout=15_000)
        return page

    return go
