"""How often one client may ask for something: the base that each app's own paces build on."""

from __future__ import annotations

from ipaddress import IPv6Address

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


def client_ip(request: HttpRequest) -> str:
    """The address that wrong passwords and paces are counted for: behind our own proxy, the one that the proxy saw.

    Of IPv6 the network of 64 bits, as its first address: one household or telephone gets all that lie in it
    (RFC 6177, RFC 7278), and would otherwise begin anew with each of 2^64.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or seen
    try:
        address = IPv6Address(seen)
    except ValueError:
        return seen
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))


class Pace(SimpleRateThrottle):
    """Counts who is signed in by account, for an office stands behind one address, and everybody else by address.

    The counts live in the cache and go with it.
    """

    def get_cache_key(self, request: HttpRequest | Request, view: object) -> str:
        """One count per scope and account or address."""
        person = request.user.pk
        client = f"account-{person}" if person else client_ip(getattr(request, "_request", request))
        return f"{self.scope}-pace:{client}"
