"""How many printed sheets one address may ask for: each costs seconds of CPU, a page only milliseconds."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from accounts.middleware import client_ip
from kernel.errors import Throttled


class _Pace(SimpleRateThrottle):
    """A village office prints a township's sheets at one go (up to 20); nobody needs a second round in that minute."""

    scope, rate = "sheet", "20/min"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"sheet-pace:{client_ip(request)}"


def check(request: HttpRequest) -> None:
    """Count a request of this address.

    Raises:
        Throttled: it has asked for too many within a minute.
    """
    if not _Pace().allow_request(request, None):  # type: ignore[arg-type]
        raise Throttled(_("这一分钟里要的 PDF 太多，请过一会儿再试。"))
