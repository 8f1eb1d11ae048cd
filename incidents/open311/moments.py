"""The 90 days that one question may span, and moments as the standard writes them."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from incidents.services.moments import moment_of
from kernel import clock
from kernel.errors import Invalid

SPAN = dt.timedelta(days=90)
"""The longest span of a query, and the one of a query that names none ("Response Volume")."""

Span = tuple[dt.datetime, dt.datetime]


def span_of(start: str, end: str) -> Span:
    """The span that a query asks about, at most 90 days; without either end the last 90 days.

    Raises:
        Invalid: a moment, a longer span, or an end before the start.
    """
    since = moment_of(start, "start_date") if start else None
    until = moment_of(end, "end_date") if end else None
    try:
        if since is None:
            until = until or clock.now()
            since = until - SPAN
        elif until is None:
            until = since + SPAN
    except OverflowError:
        raise Invalid(_("时间超出范围。"), field="start_date") from None
    if until < since:
        raise Invalid(_("end_date 早于 start_date。"), field="end_date")
    if until - since > SPAN:
        raise Invalid(_("一次最多查询 90 天。"), code="span_too_long", field="end_date")
    return since, until
