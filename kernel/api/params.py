"""Query parameters, read strictly: an unknown one is an error, a known one has a type and a range."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from kernel import clock
from kernel.choices import Titles, not_among
from kernel.errors import Invalid
from kernel.geo import Bbox, parse_bbox

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ALWAYS = frozenset({"county", "lang"})
"""Parameters that every address takes: which county is looked at, and in which language."""

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)

T = TypeVar("T")


class Params:
    """The query of one request.

    Raises:
        Invalid: code "unknown_parameter" or "repeated_parameter", with the parameter as ``field``.
    """

    def __init__(self, query: QueryDict, known: Iterable[str]) -> None:
        """Check that every parameter is among ``known`` and given once."""
        self._query = query
        allowed = {*known, *ALWAYS}
        for name in query:
            if name not in allowed:
                hint = _("可用的参数：%s") % _("、").join(sorted(allowed))
                raise Invalid(_("没有参数“%s”。") % name[:60], code="unknown_parameter", field=name[:60], hint=hint)
            if len(query.getlist(name)) > 1:
                raise Invalid(_("参数“%s”只能给一次。") % name, code="repeated_parameter", field=name)

    def text(self, name: str, default: str = "", longest: int = 200) -> str:
        """A text without blanks around it, at most ``longest`` characters."""
        value = self._query.get(name, default).strip()
        if len(value) > longest:
            raise Invalid(_("“%(name)s”最多 %(n)d 个字。") % {"name": name, "n": longest}, field=name)
        return value

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        return self._number(name, int, default, low, high)

    def real(self, name: str, low: float, high: float) -> float | None:
        """A finite number from ``low`` to ``high``, or None when it is not given."""
        if not self._query.get(name, "").strip():
            return None
        return self._number(name, float, 0.0, low, high)

    def has(self, name: str) -> bool:
        """Whether it is given at all, be it empty."""
        return name in self._query

    def flag(self, name: str) -> bool:
        """Whether it is "1" or "true"; "" , "0" and "false" say no."""
        return self.choice(name, ("1", "true", "0", "false")) in ("1", "true")

    def choice(
        self,
        name: str,
        choices: Iterable[str],
        default: str = "",
        titles: Titles | None = None,
        title: StrOrPromise = "",
    ) -> str:
        """One of ``choices``; ``default`` when it is not given, or empty. Of the others see ``kernel.choices``."""
        value = self.text(name) or default
        options = list(choices)
        if value and value not in options:
            raise not_among(name, options, titles, title)
        return value

    def choices(
        self, name: str, choices: Iterable[str], titles: Titles | None = None, title: StrOrPromise = ""
    ) -> tuple[str, ...]:
        """Some of ``choices``, with commas between them."""
        options, values = list(choices), tuple(filter(None, self.text(name).split(",")))
        if any(value not in options for value in values):
            raise not_among(name, options, titles, title)
        return values

    def date(self, name: str) -> dt.date | None:
        """A date written YYYY-MM-DD, or None; not of the calendar's first or last year, for days are added to it."""
        value = self.text(name)
        try:
            day = dt.date.fromisoformat(value) if value else None
            if day and not dt.MINYEAR < day.year < dt.MAXYEAR:
                raise ValueError(value)
            return day
        except ValueError:
            raise Invalid(_("“%s”要写成 2026-06-30 这样的日期。") % name, field=name) from None

    def period(self) -> tuple[dt.date, dt.date]:
        """The days of ``from`` and ``to``, both included; without them the year until today.

        Raises:
            Invalid: the period ends before it begins.
        """
        until = self.date("to") or clock.today()
        since = self.date("from") or until - dt.timedelta(days=364)
        if since > until:
            raise Invalid(_("起止日期颠倒。"), field="from")
        return since, until

    def moment(self, name: str) -> dt.datetime | None:
        """A moment in ISO 8601 with an offset, or None."""
        value = self.text(name).replace(" ", "+")  # an offset that nobody escaped
        try:
            moment = dt.datetime.fromisoformat(value) if value else None
            if moment and not moment.tzinfo:
                raise ValueError(value)
            return moment
        except ValueError:
            raise Invalid(_("“%s”要写成 2026-06-30T10:00:00+08:00 这样的时间。") % name, field=name) from None

    def month(self, name: str) -> dt.date | None:
        """The first day of a month written YYYY-MM, or None."""
        value = self.text(name)
        try:
            if value and not _MONTH.fullmatch(value):
                raise ValueError(value)
            return dt.date.fromisoformat(f"{value}-01") if value else None
        except ValueError:
            raise Invalid(_("“%s”要写成 2026-06 这样的月份。") % name, field=name) from None

    def bbox(self, name: str = "bbox") -> Bbox | None:
        """A box ``west,south,east,north`` in degrees, EPSG:4326, or None."""
        value = self.text(name)
        return parse_bbox(value, field=name) if value else None

    def lonlat(self, *, required: bool) -> tuple[float, float] | None:
        """The point of ``lon`` and ``lat``, degrees, EPSG:4326; both or neither."""
        lon, lat = self.real("lon", -180, 180), self.real("lat", -90, 90)
        if lon is None and lat is None and not required:
            return None
        if lon is None or lat is None:
            missing = "lon" if lon is None else "lat"
            raise Invalid(_("位置要同时给 lon 和 lat。"), code="missing_parameter", field=missing)
        return lon, lat

    def _number(self, name: str, kind: Callable[[str], T], default: T, low: float, high: float) -> T:
        text = self._query.get(name, "").strip()
        if not text:
            return default
        try:
            value = kind(text)
            inside = text.isascii() and math.isfinite(float(text)) and low <= float(text) <= high
        except (ValueError, OverflowError):
            inside = False
        if not inside:
            said = _("“%(name)s”要是 %(low)s 到 %(high)s 之间的数。") % {"name": name, "low": low, "high": high}
            raise Invalid(said, field=name)
        return value
