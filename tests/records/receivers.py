"""Receivers of messages for tests: a mail server and a gateway for telephones, real ones on sockets, that let a test
step in at any moment of a delivery."""

from __future__ import annotations

import email
import http.server
import socketserver
import threading
from collections.abc import Callable
from email.message import Message
from typing import Any, Self

Answer = Callable[[], None]
Hook = Callable[[str, Answer], None]
"""Called at each moment of a delivery with its name; it calls the answer, or the sender never gets it."""


class _Receiver(socketserver.ThreadingTCPServer):
    """On a port of its own while the block lasts."""

    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.hook: Hook = lambda _moment, answer: answer()
        self.port: int = self.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """A sender that is gone in the middle is what these tests are about."""


class Mailbox(_Receiver):
    """SMTP (RFC 5321), as much of it as a sender needs; ``got`` is every message whose last line came.

    Moments: "connect", "mail", "data" (the message is here, and not yet answered).
    """

    def __init__(self) -> None:
        super().__init__(_Smtp)
        self.got: list[Message] = []

    def ids(self) -> list[str]:
        """Their ids, in the order of arrival."""
        return [str(one["Message-ID"]) for one in self.got]


class _Smtp(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.moment("connect", b"220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say(b"354 go on")
                self.server.got.append(email.message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
                self.moment("data", b"250 kept")
            elif verb == b"MAIL":
                self.moment("mail", b"250 ok")
            else:
                self.say(b"221 bye" if verb == b"QUIT" else b"250 ok")

    def moment(self, name: str, answer: bytes) -> None:
        self.server.hook(name, lambda: self.say(answer))

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class Gateway(_Receiver):
    """HTTP; ``got`` is the key and the body of every request that came whole. Moment: "request"."""

    def __init__(self) -> None:
        super().__init__(_Http)
        self.got: list[tuple[str, bytes]] = []

    @property
    def url(self) -> str:
        """Where to post."""
        return f"http://127.0.0.1:{self.port}/messages"


class _Http(http.server.BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["Idempotency-Key"], body))
        self.server.hook("request", self.answer)

    def answer(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Not on the screen."""
