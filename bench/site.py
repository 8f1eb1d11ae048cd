"""The product's own server in a process of its own, on the demo's database, asked over one kept connection."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.cpu import tree_s

_PATIENCE_S = 60.0


@dataclass
class Site:
    """A running server."""

    pid: int
    port: int
    _connection: http.client.HTTPConnection = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the connection."""
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def get(self, path: str) -> bytes:
        """The body of an answer.

        Raises:
            RuntimeError: for any status but 200.
        """
        try:
            self._connection.request("GET", path)
            response = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # it was idle for longer than the server waits; the next one opens it
            self._connection.request("GET", path)
            response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
        return body

    def json(self, path: str) -> Any:
        """The JSON of an answer."""
        return json.loads(self.get(path))

    def cpu_s(self) -> float:
        """CPU seconds of the server so far."""
        return tree_s(self.pid)


@contextmanager
def running(**settings: str) -> Iterator[Site]:
    """Start the server on a free port, with settings of its own; end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "DEBUG": "0", "ALLOWED_HOSTS": "127.0.0.1", **settings}
    process = subprocess.Popen([sys.executable, "-m", "geogov.server", f"127.0.0.1:{port}"], env=env)
    try:
        _wait(process, port)
        yield Site(process.pid, port)
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
