"""A client of the live channel as small as can be: a socket, and the events that come out of it."""

from __future__ import annotations

import json
import select
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 20.0
"""For what must come, on a machine that has other things to do."""


@dataclass(frozen=True)
class Event:
    kind: str
    id: str
    changed: dict[str, str]
    at: float


class Stream:
    """One open stream; chunked coding (RFC 9112, 7.1) is undone here."""

    def __init__(self, site: Any, path: str, *, room: int = 0, **headers: str) -> None:
        address = urlsplit(str(site))
        self.socket = socket.socket()
        if room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.socket.connect((address.hostname, address.port))
        lines = [f"GET {path} HTTP/1.1", f"Host: {address.netloc}", "Accept: text/event-stream"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self._bytes, self._text, self.is_over = b"", "", False
        head = self._until(b"\r\n\r\n", 20).decode().split("\r\n")
        self.status = int(head[0].split()[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        self.raw: list[str] = []
        if self.status != 200:
            self.error = json.loads(self._body())

    def next(self, within_s: float = PATIENCE_S) -> Event | None:
        """The next event, None when there is none in that time."""
        deadline = time.monotonic() + within_s
        while True:
            while "\n\n" in self._text:
                block, self._text = self._text.split("\n\n", 1)
                self.raw.append(block)
                found = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
                if "data" in found:
                    return Event(found["event"], found["id"], json.loads(found["data"]), time.monotonic())
            if not self._more(deadline):
                return None

    def events(self, within_s: float) -> list[Event]:
        """All events that come in that time."""
        deadline, found = time.monotonic() + within_s, []
        while (left := deadline - time.monotonic()) > 0 and (event := self.next(left)):
            found.append(event)
        return found

    def ends(self, within_s: float) -> bool:
        """Whether the server ends it in that time."""
        deadline = time.monotonic() + within_s
        while not self.is_over and self._more(deadline):
            pass
        return self.is_over

    def close(self) -> None:
        self.socket.close()

    def _more(self, deadline: float) -> bool:
        while True:
            line, found, rest = self._bytes.partition(b"\r\n")
            if found and len(rest) >= (size := int(line, 16)) + 2:
                self._bytes, self.is_over = rest[size + 2 :], not size
                self._text += rest[:size].decode()
                return not self.is_over
            if not self._receive(deadline - time.monotonic()):
                return False

    def _receive(self, within_s: float) -> bool:
        if self.is_over or within_s <= 0 or not select.select([self.socket], [], [], within_s)[0]:
            return False
        try:
            got = self.socket.recv(65536)
        except ConnectionError:
            got = b""
        self._bytes += got
        self.is_over = not got
        return bool(got)

    def _until(self, end: bytes, within_s: float) -> bytes:
        deadline = time.monotonic() + within_s
        while end not in self._bytes:
            assert self._receive(deadline - time.monotonic()), "the server does not answer"
        found, _, self._bytes = self._bytes.partition(end)
        return found

    def _body(self) -> str:
        """Of an answer that is no stream; not all of Django's middleware knows how long it is."""
        if "content-length" not in self.headers:
            assert self.ends(5)
            return self._text
        while len(self._bytes) < int(self.headers["content-length"]):
            assert self._receive(5)
        return self._bytes.decode()
