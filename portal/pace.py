"""How often one address may ask for what costs more than a page: seconds of CPU, or a row for years."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.middleware import client_ip
from kernel.errors import Throttled


class _Pace(SimpleRateThrottle):
    """Counts by address, never by person; the counts live in the cache and go with it."""

    def get_cache_key(self, request: HttpRequest | Request, view: object) -> str:
        return f"{self.scope}-pace:{client_ip(getattr(request, '_request', request))}"


class SheetPace(_Pace):
    """A village office prints a township's sheets at one go (up to 20); nobody needs a second round in that minute."""

    scope, rate = "sheet", "20/min"


class LinkPace(_Pace):
    """A person shares a few views a minute; a training room of 20 behind one address shares one each."""

    scope, rate = "link", "30/min"


class QrPace(_Pace):
    """The code of a long address takes half a second of CPU; a hall's screen shows 12 a minute and keeps them a day."""

    scope, rate = "qr", "60/min"


def check_sheet(request: HttpRequest) -> None:
    """Count a request of this address for a printed sheet.

    Raises:
        Throttled: it has asked for too many within a minute.
    """
    sheets = SheetPace()
    if not sheets.allow_request(request, None):  # type: ignore[arg-type]
        raise Throttled(_("这一分钟里要的 PDF 太多，请过一会儿再试。"), retry_after=sheets.wait() or 0)
