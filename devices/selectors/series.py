"""What a stream has measured over a span, at most 2,000 points, the lowest and highest among them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from devices import sql
from devices.models import Datastream
from devices.selectors.detail import device_get
from kernel import clock
from kernel.errors import NotFound
from kernel.viewer import Viewer

POINTS_MOST = 2000

RAW_MOST = dt.timedelta(days=7)
"""Up to here single readings are drawn; beyond, the numbers of hours, then of days."""

HOURS_MOST = dt.timedelta(hours=POINTS_MOST)


@dataclass(frozen=True, slots=True)
class Series:
    """A stream over a span, as columns of one length; times ascend.

    Attributes:
        step_s: seconds that one point stands for; 0: single readings.
        ts: milliseconds since 1970-01-01T00:00Z; of a point that stands for a span its beginning.
        low, high, mean: in the unit of the stream; equal where a point is one reading.
        quality: of single readings 0 good, 1 beyond what can be true; spans hold good ones only.
        text: words, for streams of words; the numbers are empty then.
        expected: how many readings should have come; None where nobody knows.
        count: how many came.
    """

    stream: int
    unit: str
    since: str
    until: str
    step_s: int
    ts: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    mean: tuple[float, ...]
    quality: tuple[int, ...]
    text: tuple[str, ...]
    expected: int | None
    count: int


def stream_series(viewer: Viewer, pk: int, key: str, hours: int, until: dt.datetime | None = None) -> Series:
    """What the stream ``key`` of a device measured in the ``hours`` before ``until`` (default: now).

    Raises:
        NotFound: no such device for this viewer, or no such stream of it.

    Cost: three queries. Single readings for a week at most, in spans where they would be more than 2,000 points;
    beyond a week the counted numbers of hours, beyond 2,000 hours those of days.
    """
    device = device_get(viewer, pk)
    stream = Datastream.objects.filter(device=device, key=key).first() if key else None
    if stream is None:
        raise NotFound(_("这台设备没有这个数据流。"))
    end = until or clock.now()
    span = dt.timedelta(hours=hours)
    since = end - span
    if stream.is_text:
        rows, step = sql.words(stream.pk, since, end, POINTS_MOST), 0
    elif span > RAW_MOST:
        daily = span > HOURS_MOST
        rows, step = sql.spans(stream.pk, since, end, daily=daily), 86_400 if daily else 3600
    else:
        rows, step = sql.singles(stream.pk, since, end, POINTS_MOST)
    columns = list(zip(*rows, strict=True)) or [()] * 7
    ts, low, high, mean, quality, text, count = columns
    return Series(
        stream=stream.pk,
        unit=stream.unit,
        since=since.isoformat(),
        until=end.isoformat(),
        step_s=step,
        ts=tuple(round(moment.timestamp() * 1000) for moment in ts),
        low=low,
        high=high,
        mean=mean,
        quality=quality,
        text=text,
        expected=int(span.total_seconds()) // stream.expected_s if stream.expected_s else None,
        count=sum(count),
    )
