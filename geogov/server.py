"""The web server of demo and production: ``python -m geogov.server [HOST:PORT]`` (or ``WEB_ADDRESS``).

uvicorn with uvloop and httptools, one process; behind a proxy in production (ADR 0004).
"""

import json
import os
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from geogov import env
from scripts import address

if TYPE_CHECKING:
    from geogov.asgi import Root

GRACE_S = 3
"""Seconds that open requests and streams get after SIGTERM."""

NO_HTTP = json.dumps(
    {
        "code": "malformed_request",
        "message": "请求不完整或不合规。",
        "hint": "网址最长 64 KB，其中的汉字要写成百分号编码（UTF-8）。",
    },
    ensure_ascii=False,
).encode()
"""The answer to what is no HTTP, in the one error shape; Django, which knows languages, never sees it."""


class Protocol(HttpToolsProtocol):
    """HTTP/1.1, in which also what the parser refuses is answered in the one error shape."""

    def send_400_response(self, msg: str) -> None:
        """Say that ``msg`` was no HTTP, and hang up."""
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
            f"content-length: {len(NO_HTTP)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + NO_HTTP)
        self.transport.close()


class Server(uvicorn.Server):
    """A uvicorn that tells open streams first when it ends."""

    def __init__(self, root: "Root", host: str, port: int) -> None:
        """Configure it; nothing listens yet."""
        self._root = root
        proxies = env.listing("TRUSTED_PROXIES")
        config = uvicorn.Config(
            root,
            host=host,
            port=port,
            interface="asgi3",
            loop="uvloop",
            http=Protocol,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            # Only a named proxy is believed when it says who the client is: throttling counts by that address.
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies or "",
            timeout_keep_alive=15,
            timeout_graceful_shutdown=GRACE_S,
        )
        super().__init__(config)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._root.close()
        await super().shutdown(sockets)
        self._root.django.close()


def main(args: list[str]) -> int:
    """Serve until SIGTERM or SIGINT.

    Demo accounts have known passwords: the demo listens on loopback only, unless told otherwise.
    """
    where = address.parse(args[0] if args else env.text("WEB_ADDRESS", "127.0.0.1:8000"))
    if env.flag("DEMO") and not where.is_loopback() and not env.flag("GEOGOV_DEMO_PUBLIC"):
        sys.stderr.write(
            f"Demo mode does not listen on {where.host}, unless GEOGOV_DEMO_PUBLIC=1 says that it is meant.\n"
        )
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geogov.settings")
    from geogov.asgi import application  # loads Django: only now, with the environment checked

    Server(application, where.host, where.port).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
