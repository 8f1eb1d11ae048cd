"""The one process that answers everything: ``/live/`` by an async application, all the rest by Django in threads.

The setting ``LIVE_APP`` names (by a dotted path) what makes the live application out of two things: Django as an ASGI
application, to ask it who may listen to what, and an ``asyncio.Event``: when it is set the server ends, and the streams
must end too. Those that do not are cut off after ``geogov.server.GRACE_S``. Without the setting ``/live/`` is Django's,
which answers that there is no live channel here.
"""

import asyncio
from dataclasses import replace
from importlib import import_module
from typing import Protocol

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, close_old_connections
from django.http import Http404, parse_cookie
from django.urls import resolve
from django.utils.module_loading import import_string

from geogov import env
from geogov.bridge import Bridge, Limit, Receive, Scope, Send
from geogov.wsgi import application as django_application

LIVE_PREFIX = "/live/"


MOST = env.number("BODY_LIMIT_MB", 200, 1, 10_000) * 2**20
SESSIONS = import_module(settings.SESSION_ENGINE)
FORM = Limit(min(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, MOST))
NOT_SIGNED_IN = Limit(FORM.size, 401, '{"code": "not_signed_in", "message": "请先登录。"}'.encode())
DATABASE_DOWN = Limit(
    FORM.size, 503, '{"code": "database_down", "message": "数据库暂时没有回应，请过一会儿再试。"}'.encode()
)


def body_limit(scope: Scope) -> Limit:
    """How much a request may bring, before anybody knows who sends it.

    Files are long, and only views with a ``body_most`` take them (by POST), as much as each declares. Where not
    everybody may write, that is for requests with the cookie of a session that is there and somebody's; what that
    person may, Django finds out later. All others bring what a form may: whoever has not signed in fills no disk.
    """
    view = _view(scope["path"]) if scope["method"] == "POST" else None
    if view is None:
        return FORM
    limit = Limit(min(view.body_most(), MOST))
    if view.open_writes:
        return limit
    session = _session(scope)
    return replace(limit, ask=lambda: _limit_of(session, limit)) if session else NOT_SIGNED_IN


class TakesFiles(Protocol):
    """A view that does, and whether also from people who have not signed in."""

    open_writes: bool

    @classmethod
    def body_most(cls) -> int:
        """Bytes of the longest body."""


def _view(path: str) -> type[TakesFiles] | None:
    """The view of an address that takes files."""
    try:
        view = getattr(resolve(path).func, "cls", None)
    except Http404:
        return None
    return view if hasattr(view, "body_most") else None


def _session(scope: Scope) -> str:
    """The key of the session in the cookie, made up or not."""
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def _limit_of(session: str, limit: Limit) -> Limit:
    """``limit`` if somebody has signed in to this session. Cost: one query, in a thread that keeps its connection."""
    close_old_connections()  # as before each request: one that the database has ended would fail once
    try:
        return limit if SESSIONS.SessionStore(session).get(SESSION_KEY) else NOT_SIGNED_IN
    except DatabaseError:
        return DATABASE_DOWN


class Root:
    """Sends each request where it belongs."""

    def __init__(self, threads: int) -> None:
        """Load Django and, when there is one, the live application."""
        self.closing = asyncio.Event()
        self.django = Bridge(django_application, threads=threads, limit=body_limit)
        name = settings.LIVE_APP
        self.live = import_string(name)(self.django, self.closing) if name else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Only HTTP is spoken here."""
        if scope["type"] != "http":
            raise RuntimeError(f"no {scope['type']} here")
        if self.live and scope["path"].startswith(LIVE_PREFIX):
            await self.live(scope, receive, send)
        else:
            await self.django(scope, receive, send)

    def close(self) -> None:
        """Tell the streams to end, and take no further work into the threads."""
        self.closing.set()


application = Root(threads=settings.THREADS)
