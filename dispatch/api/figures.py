"""Statistics of orders, as JSON and as a table for spreadsheets."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch import selectors
from dispatch.api.views import WORKERS
from dispatch.selectors import Grouping
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.api.spreadsheet import csv_answer
from kernel.figures import Statistics, table_lines

StatisticsShape = shape_of(Statistics, "OrderStatistics")

PARAMETERS = [
    OpenApiParameter("by", str, enum=[one.value for one in Grouping], description="without it by unit"),
    OpenApiParameter("from", str, description="first day on which clocks started; without it a year ago"),
    OpenApiParameter("to", str, description="last day, included; without it today"),
]


class FiguresAnswer(ApiView):
    """What both forms share."""

    known_params = ("by", "from", "to")
    roles_to_read = WORKERS

    def found(self) -> Statistics:
        """The figures that are asked for."""
        by = Grouping(self.params.choice("by", [one.value for one in Grouping], Grouping.UNIT.value))
        return selectors.order_statistics(self.viewer, by, *self.params.period())


class StatisticsView(FiguresAnswer):
    """The figures."""

    @extend_schema(operation_id="order_statistics", tags=["dispatch"], parameters=PARAMETERS, responses=StatisticsShape)
    def get(self, request: Request) -> Response:
        """Of the viewer's orders; each figure with the address of its rows. Terms: `docs/glossary.md`."""
        return Response(asdict(self.found()), headers={"Cache-Control": "no-store"})


class StatisticsTableView(FiguresAnswer):
    """The figures as a file."""

    @extend_schema(
        operation_id="order_statistics_table",
        tags=["dispatch"],
        parameters=PARAMETERS,
        responses={(200, "text/csv"): OpenApiResponse(response=OpenApiTypes.STR, description="UTF-8 with a BOM.")},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """CSV: one line for each group, all of them together in the last."""
        found = self.found()
        lines = [*table_lines([*found.groups, found.total]), [found.note]]
        return csv_answer(f"orders-{found.by}-{found.since}-{found.until}.csv", lines)
