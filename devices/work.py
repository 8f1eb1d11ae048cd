"""Alarms as a source of work orders: what becomes of an order is heard in the same transaction."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from devices import selectors, services
from devices.models import DeviceType
from kernel.language import named
from kernel.viewer import Viewer
from kernel.work import WorkNews, WorkSource, work_sources


def _moved(by: Viewer, news: WorkNews) -> None:
    if news.move == "sign":
        services.alarm_signed(by=by, alarm_id=selectors.alarm_of(news.source_id))


def _ended(by: Viewer, news: WorkNews) -> None:
    """An order that is done or given up clears no alarm: what the device says does."""


def _categories(county: str) -> dict[str, str]:
    """The kinds of device, which all counties share."""
    rows = DeviceType.objects.values_list("key", "title", "title_en")
    return {key: named(title, title_en) for key, title, title_en in rows}


def register() -> None:
    """Declare the source."""
    work_sources.add(
        WorkSource(
            key=selectors.SOURCE,
            title=_("设备告警"),
            link=selectors.alarm_link,
            on_finished=_ended,
            on_cancelled=_ended,
            on_moved=_moved,
            categories=_categories,
        )
    )
