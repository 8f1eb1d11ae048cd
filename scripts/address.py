"""The address that the web server listens on, as it is typed after ``./dev up``."""

import ipaddress
import socket
from dataclasses import dataclass

from scripts.terminal import Stop


@dataclass(frozen=True)
class Address:
    """A host (name or number, IPv6 without brackets) and a port."""

    host: str = "127.0.0.1"
    port: int = 8000

    def __str__(self) -> str:
        """As it stands in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """What to open in a browser on this machine: a server on every address answers on loopback too."""
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  compared, not bound
        return f"http://{Address(here, self.port)}/"

    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def check_free(self) -> None:
        """See, before anything long is done, whether the server will be able to listen there.

        Raises:
            Stop: with the reason in words.
        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Stop(f"There is no address {self.host}: {error.strerror}.") from error
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(place)
            except OSError as error:
                other = Address(self.host, self.port + 1)
                raise Stop(
                    f"Cannot listen on {self}: {error.strerror}. If something else listens there, choose another "
                    f"address: ./dev up {other}"
                ) from error


def parse(text: str) -> Address:
    """Read ``PORT``, ``HOST``, ``HOST:PORT`` or ``[IPv6]:PORT``.

    Raises:
        Stop: when it is none of these.
    """
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = ("", text) if text.isdecimal() else (text, "")
    host = host.removeprefix("[").removesuffix("]") or Address.host
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise Stop(f"{text!r} is no address; write HOST:PORT, for example 127.0.0.1:8000.")
    return Address(host, int(port or Address.port))
