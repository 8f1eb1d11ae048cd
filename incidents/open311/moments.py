"""Moments as the standard writes them, and the 90 days that one question may span."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from kernel import clock
from kernel.clock import ZONE
from kernel.errors import Invalid

SPAN = dt.timedelta(days=90)
"""The longest span of a query, and the one of a query that names none ("Response Volume")."""

_W3C = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+ -]\d{2}:\d{2}))?", re.ASCII)

Span = tuple[dt.datetime, dt.datetime]


def moment_of(text: str, field: str) -> dt.datetime:
    """A moment of the W3C note on ISO 8601; a bare date is its beginning in Asia/Shanghai.

    A blank before the zone is taken for the plus sign that a form turned into it.

    Raises:
        Invalid: another spelling, or no zone.
    """
    written = _W3C.fullmatch(text.strip())
    try:
        if written is None:
            raise ValueError(text)
        day, time, zone = written.groups()
        if time is None:
            return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), ZONE)
        return dt.datetime.fromisoformat(f"{day}T{time}{'+00:00' if zone == 'Z' else zone.replace(' ', '+')}")
    except ValueError:
        said = _("“%s”要写成 2026-06-30T08:00:00+08:00 这样的时间，带时区。")
        raise Invalid(said % field, field=field) from None


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


def written(moment: dt.datetime | None) -> str | None:
    """A moment in Asia/Shanghai, to the second."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds") if moment else None
