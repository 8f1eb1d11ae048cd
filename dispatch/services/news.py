"""Whom a move is told: the app that had the order opened, and the people whose turn it is."""

from __future__ import annotations

from dispatch.models import WorkOrder
from dispatch.states import State
from kernel.viewer import Viewer
from kernel.work import WorkNews, work_sources
from records.models import HistoryEvent


def tell(by: Viewer, order: WorkOrder, event: HistoryEvent) -> None:
    """Tell of a step that was just written, in its transaction.

    The source hears of the leading order only: tasks of further units are the office's own affair.
    """
    if order.parent_id is None:
        _tell_source(by, order, event)


def _tell_source(by: Viewer, order: WorkOrder, event: HistoryEvent) -> None:
    source = work_sources[order.source]
    news = WorkNews(order.source_id, order.pk, event.move, order.state, event.data)
    if event.move == "approve" and order.state == State.DONE:
        source.on_finished(by, news)
    elif order.state == State.CANCELLED:
        source.on_cancelled(by, news)
    else:
        source.on_moved(by, news)
