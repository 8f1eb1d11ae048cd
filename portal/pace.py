"""How often one address may ask for what costs more than a page: seconds of CPU, or a row for years."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from incidents.api.pace import TrackPace
from kernel.api.pace import Pace
from kernel.errors import Throttled


class SheetPace(Pace):
    """A village office prints a township's sheets at one go (up to 20); nobody needs a second round in that minute."""

    scope, rate = "sheet", "20/min"


class LinkPace(Pace):
    """A person shares a few views a minute; a training room of 20 behind one address shares one each."""

    scope, rate = "link", "30/min"


class QrPace(Pace):
    """The code of a long address takes half a second of CPU; a hall's screen shows 12 a minute and keeps them a day."""

    scope, rate = "qr", "60/min"


def check_sheet(request: HttpRequest) -> None:
    """Count a request of this address for a printed sheet.

    Raises:
        Throttled: it has asked for too many within a minute.
    """
    _check(SheetPace(), request, _("这一分钟里要的 PDF 太多，请过一会儿再试。"))


def check_track(request: HttpRequest) -> None:
    """Count a code that this address has tried, together with those that it tries at the API.

    Raises:
        Throttled: it has tried too many within a minute.
    """
    _check(TrackPace(), request, _("这一分钟里查得太多，请过一会儿再试。"))


def _check(pace: Pace, request: HttpRequest, said: str) -> None:
    if not pace.allow_request(request, None):  # type: ignore[arg-type]
        raise Throttled(said, retry_after=pace.wait() or 0)
