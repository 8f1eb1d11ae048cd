"""Fixtures for tests in a real Chromium: a real server of ours, and pages from which nothing leaves this machine."""

import asyncio
import gc
import os
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from scripts.browser import program

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-prefers-reduced-motion"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE_MS = 15_000
"""For what should be there at once, on a machine that has other things to do."""
expect.set_options(timeout=PATIENCE_MS)


class Site:
    """The product's own server (geogov.server) in a thread, on the test database."""

    def __init__(self):
        from geogov.asgi import Root
        from geogov.server import Server

        self.root = Root(threads=4)
        self.server = Server(self.root, "127.0.0.1", 0)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        # uvloop's policy is for the whole process; Playwright's loop in the main thread stays asyncio's.
        asyncio.run(self.server.serve())

    def start(self):
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def stop(self):
        self.server.should_exit = True
        self.thread.join(10)
        self.root.django.close(wait=True)
        gc.collect()  # closes the connections of the threads: Django's objects for them lie in cycles

    def __str__(self):
        return self.url


@pytest.fixture(scope="session")
def _site(django_db_setup):
    site = Site()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def live_site(transactional_db, _site, settings):
    """The address of a real server of ours: ``live_site.url``. Its threads see what the test has committed."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
    return _site


class Browser:
    """One Chromium for all tests of this process: starting one costs more CPU than most tests do.

    Playwright's event loop runs in the main thread, where other tests run loops of their own and Django refuses to work
    beside one: it is this thread's loop only while a test has pages open (``awake``).
    """

    def __init__(self):
        self._playwright = self._browser = self._loop = None

    @contextmanager
    def awake(self):
        """The browser, for as long as one test uses it; a browser that died in another test is started anew."""
        before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        try:
            if self._loop is None:
                self._playwright = sync_playwright().start()
                self._loop = asyncio.get_running_loop()
            asyncio._set_running_loop(self._loop)
            if self._browser is None or not self._browser.is_connected():
                self._browser = self._playwright.chromium.launch(executable_path=program(), args=FLAGS)
            yield self._browser
        finally:
            asyncio._set_running_loop(None)
            if before is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
            else:
                os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before

    def stop(self):
        """End it, if a test has started it."""
        if self._loop is None:
            return
        asyncio._set_running_loop(self._loop)
        if self._browser:
            self._browser.close()
        self._playwright.stop()


@pytest.fixture(scope="session")
def _browser():
    browser = Browser()
    yield browser
    browser.stop()


@pytest.fixture
def browser_page(_browser):
    """Opens pages: ``browser_page(viewport=PHONE, locale="zh-CN", **Playwright's context options)``.

    Each page has a context of its own: no cookie, cache or worker of another one. A page has two lists, both of which
    must be empty at the end of the test (a test that expects entries clears them): ``page.outside``, the addresses
    asked for beyond this machine (none has an address), and ``page.problems``, the errors that scripts did not catch.
    Requests are watched, not intercepted: interception switches the browser's cache off, a third of a page's CPU.
    """
    pages = []
    with _browser.awake() as chrome:

        def open_page(viewport=PHONE, locale="zh-CN", **options):
            options.setdefault("timezone_id", "Asia/Shanghai")
            options.setdefault("service_workers", "block")  # what goes through one cannot be routed by a test
            page = chrome.new_context(viewport=viewport, locale=locale, **options).new_page()
            page.outside, page.problems = [], []
            page.context.on("request", lambda request: note_outside(request.url, page.outside))
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.set_default_timeout(PATIENCE_MS)
            pages.append(page)
            return page

        yield open_page
        for context in chrome.contexts:
            for routed in (context, *context.pages):  # a page's own routes are not among its context's
                routed.unroute_all(behavior="ignoreErrors")
            context.close()
        connections.close_all()  # the event loop gave this thread connections of its own
    for page in pages:
        assert page.outside == [], "requests left this machine"
        assert page.problems == [], "errors in the page's scripts"


def note_outside(address, outside):
    """Note a request to another machine."""
    url = urlsplit(address)
    if url.scheme in ("http", "https", "ws", "wss") and url.hostname not in ("127.0.0.1", "localhost"):
        outside.append(address)


@pytest.fixture
def page(browser_page):
    """One page in a phone's size."""
    return browser_page()
