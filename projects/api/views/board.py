"""The progress board, as JSON and as a table for spreadsheets."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import quote

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from kernel.api.spreadsheet import CSV, csv_bytes
from kernel.layerspec import layers
from kernel.viewer import Viewer
from layers.api.answers import JSON, kept_answer
from layers.api.shapes import to_json
from layers.api.views import EngineView
from layers.ledger import models_of
from layers.validators import etag
from projects import selectors
from projects.api.answers import BoardPlaceShape, BoardShape

_MONTH = OpenApiParameter("month", str, description="2026-08; without it the newest month with figures")
_INDICATOR = OpenApiParameter("indicator", str, description="key; without it all indicators count")
_COMPARE = OpenApiParameter("compare", str, description="2026-03: what `change` is against")


class BoardAnswer(EngineView):
    """What the faces of the board share: everybody gets the same answer, kept until a row of it changes."""

    @property
    def everybody(self) -> Viewer:
        """The public of the county that is looked at."""
        return Viewer(county=self.viewer.county)

    def board(self) -> selectors.Board:
        """The board that is asked for."""
        month, compare = self.params.month("month"), self.params.month("compare")
        return selectors.project_board(self.everybody, month, self.params.text("indicator"), compare)

    def validator(self) -> str:
        """The ETag of the answer. Cost: one query."""
        models = (*models_of(layers["projects"]), "places.Place")
        return etag(self.everybody, models, self.request.get_full_path())


class BoardView(BoardAnswer):
    """The board."""

    known_params = ("month", "indicator", "compare")

    @extend_schema(
        operation_id="board", tags=["projects"], parameters=[_MONTH, _INDICATOR, _COMPARE], responses=BoardShape
    )
    def get(self, request: Request) -> HttpResponseBase:
        """All townships in a month, late, stopped and backward ones first. Figures: `docs/glossary.md`, "figure"."""
        return kept_answer(request, lambda: to_json(asdict(self.board())), content_type=JSON, etag=self.validator())


class BoardTableView(BoardAnswer):
    """The board as a file."""

    known_params = ("month", "indicator", "compare")

    @extend_schema(
        operation_id="board_table",
        tags=["projects"],
        parameters=[_MONTH, _INDICATOR, _COMPARE],
        responses={(200, "text/csv"): OpenApiResponse(response=OpenApiTypes.STR, description="UTF-8 with a BOM.")},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The board as CSV (RFC 4180), the county in the last line."""
        answer = kept_answer(request, lambda: board_csv(self.board()), content_type=CSV, etag=self.validator())
        name = _("进度榜") + (f"-{self.params.text('month')}" if self.params.text("month") else "")
        answer["Content-Disposition"] = f"attachment; filename=board.csv; filename*=UTF-8''{quote(name)}.csv"
        return answer


class BoardPlaceView(BoardAnswer):
    """What the figures of a place are made of."""

    known_params = ("month", "indicator")

    @extend_schema(
        operation_id="board_place", tags=["projects"], parameters=[_MONTH, _INDICATOR], responses=BoardPlaceShape
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The rows behind the figures of a county, township or village: a figure is their mean by project, then by
        place."""
        return kept_answer(request, lambda: self._body(code), content_type=JSON, etag=self.validator())

    def _body(self, code: str) -> bytes:
        month, indicator = self.params.month("month"), self.params.text("indicator")
        return to_json(asdict(selectors.board_place(self.everybody, code, month, indicator)))


def board_csv(board: selectors.Board) -> bytes:
    """The board as a table with a header; numbers are numbers, and no text is a formula."""
    titles = {
        "code": _("代码"),
        "name": _("乡镇"),
        "actual": _("实际（%）"),
        "planned": _("计划（%）"),
        "difference": _("比计划（个点）"),
        "change": _("比 %s（个点）") % board.compare,
        "status_title": _("状态"),
        "projects": _("项目"),
        **{status: selectors.status_choice(status).title for status in ("late", "stopped", "backward", "soon", "done")},
    }
    if not board.compare:
        del titles["change"]
    county = {"code": "", "name": _("全县"), "status_title": "", **asdict(board.total)}
    lines = [[line[name] for name in titles] for line in (*map(asdict, board.rows), county)]
    return csv_bytes([titles.values(), *lines])
