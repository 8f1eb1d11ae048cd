"""A live channel and settings for the tests of the server: a stream that never ends by itself."""

import asyncio


class Application:
    """Server-sent events; ``/live/polite`` ends when the server ends, others do not listen to it."""

    def __init__(self, django, closing):
        self.closing = closing

    async def __call__(self, scope, receive, send):
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: hello\n\n", "more_body": True})
        if scope["path"] == "/live/polite":
            await self.closing.wait()
            await send({"type": "http.response.body", "body": b"data: bye\n\n"})
            return
        while True:
            await asyncio.sleep(0.05)
            await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
