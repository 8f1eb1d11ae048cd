"""What became of public reports, step by step, as ``servicerequestupdates``: which step and when, never who.

Source: "Open311 extended" of mySociety, which FixMyStreet reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import Cast

from dispatch.models import WorkOrder
from incidents import selectors
from incidents.models import Report
from incidents.open311.moments import Span
from incidents.open311.reading import answers, is_open
from kernel import clock
from kernel.viewer import Viewer
from records.models import HistoryEvent

REPORT, ORDER = Report._meta.label_lower, WorkOrder._meta.label_lower


def updates_page(
    viewer: Viewer, span: Span, ids: Sequence[str], page: int, page_size: int, keep: Sequence[str]
) -> list[dict[str, Any]]:
    """Steps in a span, the oldest first.

    Args:
        viewer: who looks.
        span: of the moment of the step; not looked at where reports are named.
        ids: numbers of reports, empty for all.
        page: from 1.
        page_size: steps of a page.
        keep: numbers of offices, which stay in answers.

    Cost: four queries.
    """
    first = (page - 1) * page_size
    events = list(_events(viewer, span, ids).order_by("at", "pk")[first : first + page_size])
    whose = _reports(viewer, events)
    texts = answers({row.pk: row for row in whose.values()}.values(), keep)
    latest = {whose[_key(event)].pk: event.pk for event in events if event.move == "answer"}
    return [
        _update(event, whose[_key(event)], texts if latest.get(whose[_key(event)].pk) == event.pk else {})
        for event in events
    ]


def _key(event: HistoryEvent) -> tuple[str, str]:
    return event.object_type, event.object_id


def _public(viewer: Viewer, ids: Sequence[str]) -> QuerySet[Any]:
    """Keys of public reports, as the history writes them."""
    rows = selectors.public_rows(viewer).select_related(None)
    rows = rows.filter(number__in=[one.upper() for one in ids]) if ids else rows
    return rows.annotate(key=Cast("pk", CharField())).order_by().values("key")


def _events(viewer: Viewer, span: Span, ids: Sequence[str]) -> QuerySet[HistoryEvent]:
    reports = _public(viewer, ids)
    orders = WorkOrder.objects.filter(
        county_id=viewer.county, source=selectors.SOURCE, parent=None, source_id__in=reports
    ).annotate(key=Cast("pk", CharField()))
    of_report = Q(object_type=REPORT, object_id__in=reports) & ~Q(state_from=F("state_to")) & ~Q(state_to="")
    of_order = Q(object_type=ORDER, object_id__in=orders.order_by().values("key"), move__in=selectors.SHOWN_OF_ORDER)
    rows = HistoryEvent.objects.filter(of_report | of_order, county=viewer.county)
    return rows if ids else rows.filter(at__range=span)


def _reports(viewer: Viewer, events: Sequence[HistoryEvent]) -> dict[tuple[str, str], Report]:
    """The report of each event. Cost: two queries."""
    orders = {event.object_id for event in events if event.object_type == ORDER}
    sources = dict(WorkOrder.objects.filter(pk__in=orders).values_list("pk", "source_id"))
    keys = {int(source) for source in sources.values()}
    keys |= {int(event.object_id) for event in events if event.object_type == REPORT}
    rows = selectors.public_rows(viewer).select_related(None).filter(pk__in=keys).in_bulk()
    by_order = {(ORDER, str(pk)): rows[int(source)] for pk, source in sources.items()}
    return {(REPORT, str(pk)): row for pk, row in rows.items()} | by_order


def _update(event: HistoryEvent, report: Report, texts: dict[int, str]) -> dict[str, Any]:
    text = texts.get(report.pk, "")
    title = selectors.step_title(event.move)
    return {
        "update_id": str(event.pk),
        "service_request_id": report.number,
        "status": "open" if event.object_type == ORDER or is_open(event.state_to) else "closed",
        "updated_datetime": clock.written(event.at),
        "description": f"{title}：{text}" if text else title,
        "media_url": None,
    }
