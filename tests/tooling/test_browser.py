"""The fixtures of the browser tests: does a real Chromium see a real server, and is the rest of the world shut out."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from tests.browser import DESKTOP, PHONE, Site
from tests.e2e.accessible import faults
from tests.e2e.pages import wait_for


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_a_page_of_the_real_server_and_nothing_from_outside(live_site, browser_page, viewport):
    page = browser_page(viewport=viewport)
    response = page.goto(f"{live_site.url}/healthz")
    assert response.status == 200
    assert page.evaluate("[innerWidth, navigator.language]") == [viewport["width"], "zh-CN"]
    size = page.evaluate(
        "fetch('http://example.org/tile.png', {mode: 'no-cors'}).then(() => 'answered', e => 'refused ' + e)"
    )
    assert size == "refused TypeError: Failed to fetch"
    page.goto("about:blank")
    page.set_content("<img src='http://example.org/tile.png'>")
    wait_for(page, "document.images[0].complete")
    assert page.evaluate("document.images[0].naturalWidth") == 0
    assert page.outside[-1] == "http://example.org/tile.png"
    page.outside.clear()


def test_an_error_in_a_script_is_noted(browser_page):
    page = browser_page()
    page.set_content("<script>setTimeout(() => { throw new Error('not caught') })</script>")
    page.wait_for_timeout(50)
    assert page.problems == ["not caught"]
    page.problems.clear()


def test_faults_are_found_in_both_themes(browser_page):
    page = browser_page()
    page.set_content("""<!doctype html><html lang=en><title>x</title><style>p {color: #000; background: #fff}
        @media (prefers-color-scheme: dark) {p {color: #333; background: #000}}</style>
        <main><h1>x</h1><img src=data:,><p>hard to read in the dark<p><button style="width: 9px; padding: 0">x""")
    assert {(theme, rule) for theme, rule, _html in faults(page)} == {
        ("light", "image-alt"), ("dark", "color-contrast"), ("", "size")
    }  # fmt: skip


def test_chinese_is_drawn_with_a_font_that_has_it(browser_page):
    """Missing glyphs are all the same box: with a font, two characters differ."""
    page = browser_page()
    page.set_content("<canvas></canvas>")
    draw = """text => { const c = document.querySelector('canvas'), g = c.getContext('2d');
        g.clearRect(0, 0, 300, 150); g.font = '40px sans-serif'; g.fillText(text, 10, 60); return c.toDataURL() }"""
    assert page.evaluate(draw, "村") != page.evaluate(draw, "镇")


def test_the_server_sees_what_the_test_has_committed_and_the_other_way(live_site):
    """The server's threads have connections of their own to the test's database."""
    from django.test import Client

    assert Client().get("/healthz").status_code == 200
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert Session.objects.count() == 1


def test_the_next_test_finds_an_empty_database(db):
    assert Session.objects.count() == 0


def test_an_ended_server_leaves_no_connection(transactional_db, settings):
    """A connection that stays open keeps the test database from being dropped."""
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    before = sessions()
    site = Site()
    site.start()
    with ThreadPoolExecutor(8) as readers:
        assert set(readers.map(lambda _: urlopen(f"{site}/readyz").status, range(16))) == {200}
    assert sessions() > before
    site.stop()
    deadline = time.monotonic() + 5  # a backend ends a moment after its client; DROP DATABASE allows it five seconds
    while sessions() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sessions() == before


def sessions():
    """How many connections the test database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]
