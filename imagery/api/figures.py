"""Statistics of the review, as JSON and as a table for spreadsheets."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from imagery.querysets import KEEPERS
from imagery.selectors.statistics import GROUPING_TITLES, Grouping, ReviewStatistics, point_statistics
from kernel.api.base import ApiView
from kernel.api.shapes import shape_of
from kernel.api.spreadsheet import csv_answer
from kernel.figures import table_lines

StatisticsShape = shape_of(ReviewStatistics)

PARAMETERS = [
    OpenApiParameter("by", str, enum=[one.value for one in Grouping], description="without it by township"),
    OpenApiParameter("from", str, description="first day of detection; without it a year ago"),
    OpenApiParameter("to", str, description="last day, included; without it today"),
]


class FiguresAnswer(ApiView):
    """What both forms share."""

    known_params = ("by", "from", "to")
    roles_to_read = KEEPERS

    def found(self) -> ReviewStatistics:
        """The figures that are asked for."""
        by = self.params.choice("by", GROUPING_TITLES, Grouping.TOWNSHIP, GROUPING_TITLES, _("分组"))
        return point_statistics(self.viewer, Grouping(by), *self.params.period())


class PointStatisticsView(FiguresAnswer):
    """The figures of the review."""

    @extend_schema(
        operation_id="change_point_statistics", tags=["imagery"], parameters=PARAMETERS, responses=StatisticsShape
    )
    def get(self, request: Request) -> Response:
        """Points by township, village, kind or month, and reviewers; each figure with the address of its rows."""
        return Response(asdict(self.found()), headers={"Cache-Control": "no-store"})


class PointStatisticsTableView(FiguresAnswer):
    """The figures as a file."""

    @extend_schema(
        operation_id="change_point_statistics_table",
        tags=["imagery"],
        parameters=PARAMETERS,
        responses={(200, "text/csv"): OpenApiResponse(response=OpenApiTypes.STR, description="UTF-8 with a BOM.")},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """CSV: one line for each group, all of them together; then, after an empty line, one for each reviewer."""
        found = self.found()
        lines = [*table_lines([*found.groups, found.total]), [], *table_lines(found.reviewers), [], [found.note]]
        return csv_answer(f"change-points-{found.by}-{found.since}-{found.until}.csv", lines)
