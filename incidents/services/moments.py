"""Moments as people and programs write them (W3C note on ISO 8601)."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from kernel.clock import ZONE
from kernel.errors import Invalid

_W3C = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+ -]\d{2}:\d{2}))?", re.ASCII)


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
