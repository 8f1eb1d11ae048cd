"""Change points as a source of work orders: field checks and rectifications."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from imagery import services
from imagery.models import KIND_TITLES
from imagery.querysets import READERS
from imagery.selectors.facts import SOURCE
from kernel.viewer import Viewer
from kernel.work import WorkNews, WorkSource, work_sources


def _finished(by: Viewer, news: WorkNews) -> None:
    services.order_finished(by=by, order_id=news.order_id)


def _cancelled(by: Viewer, news: WorkNews) -> None:
    services.order_given_up(by=by, order_id=news.order_id)


def _moved(by: Viewer, news: WorkNews) -> None:
    """Other steps of an order change nothing of its point."""


def _categories(county: str) -> dict[str, str]:
    """The kinds of change, the same everywhere."""
    return {kind.value: str(title) for kind, title in KIND_TITLES.items()}


def register() -> None:
    """Declare the source."""
    work_sources.add(
        WorkSource(
            key=SOURCE,
            title=_("变化图斑"),
            link=lambda key: f"/review?sel=points:{key}",
            on_finished=_finished,
            on_cancelled=_cancelled,
            on_moved=_moved,
            categories=_categories,
            readers=READERS,
        )
    )
