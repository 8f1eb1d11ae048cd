"""The one process that answers everything: ``/live/`` by an async application, all the rest by Django in threads.

A live application is an ASGI application named by the setting ``LIVE_APP`` (a dotted path). It is called with
``scope["closing"]``, an ``asyncio.Event``: when it is set the server ends, and the stream must end too. Streams that do
not are cut off after ``geogov.server.GRACE_S``. Without the setting ``/live/`` is Django's, which answers 404.
"""

import asyncio

from django.conf import settings
from django.utils.module_loading import import_string

from geogov import env
from geogov.bridge import Bridge, Receive, Scope, Send
from geogov.wsgi import application as django_application

LIVE_PREFIX = "/live/"


class Root:
    """Sends each request where it belongs."""

    def __init__(self, threads: int) -> None:
        """Load Django and, when there is one, the live application."""
        self.closing = asyncio.Event()
        self.django = Bridge(
            django_application, threads=threads, body_limit=env.number("BODY_LIMIT_MB", 200, 1, 10_000) * 2**20
        )
        name = getattr(settings, "LIVE_APP", None)
        self.live = import_string(name) if name else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Only HTTP is spoken here."""
        if scope["type"] != "http":
            raise RuntimeError(f"no {scope['type']} here")
        if self.live and scope["path"].startswith(LIVE_PREFIX):
            scope["closing"] = self.closing
            await self.live(scope, receive, send)
        else:
            await self.django(scope, receive, send)

    def close(self) -> None:
        """Tell the streams to end, and take no further work into the threads."""
        self.closing.set()


application = Root(threads=env.number("THREADS", 8, 1, 200))
