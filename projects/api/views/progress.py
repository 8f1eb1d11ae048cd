"""Monthly progress: rows, and pasted sheets."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.base import ApiView
from projects import selectors, services
from projects.api.answers import ProgressAnswer, ProgressStored, SheetShape, said_json, sheet_json, valid
from projects.api.inputs import PasteInput, ProgressInput


class ProgressView(ApiView):
    """Progress rows of one project."""

    @extend_schema(operation_id="project_progress", tags=["projects"], responses=ProgressAnswer)
    def get(self, request: Request, pk: int) -> Response:
        """All rows by month, and the curves of the whole project."""
        found = selectors.project_progress(self.viewer, pk)
        return Response(asdict(found))

    @extend_schema(
        operation_id="project_progress_put", tags=["projects"], request=ProgressInput, responses=ProgressStored
    )
    def put(self, request: Request, pk: int) -> Response:
        """Store rows, all or none; a row without `version` must be new, another `version` is a 409."""
        given = valid(ProgressInput(data=request.data)).validated_data["rows"]
        rows = [services.ProgressRow(**row) for row in given]
        outcome = services.progress_put(by=self.viewer, project_id=pk, rows=rows)
        stored = {row.pk for row in outcome.rows}
        return Response(
            {
                "rows": [asdict(row) for row in selectors.progress_of(self.viewer, pk) if row.id in stored],
                "warnings": [said_json(said) for said in outcome.warnings],
                "project": asdict(selectors.project_line(outcome.project)),
            }
        )


class PasteView(ApiView):
    """Progress pasted from a sheet."""

    @extend_schema(operation_id="project_progress_paste", tags=["projects"], request=PasteInput, responses=SheetShape)
    def post(self, request: Request, pk: int) -> Response:
        """Read pasted lines. With `dry_run` (the default) nothing is stored; then send it again with `basis`."""
        given = valid(PasteInput(data=request.data)).validated_data
        return Response(sheet_json(services.progress_paste(by=self.viewer, project_id=pk, **given)))
