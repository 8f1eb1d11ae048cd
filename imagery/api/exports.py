"""Points as files to carry away: for staff what they may see, for everybody what is published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from imagery import services
from imagery.api.pace import ExportPace
from imagery.api.queue import FILTER_DOCS, FILTERS
from imagery.models import STATE_TITLES
from imagery.querysets import READERS, REVIEWERS, PointQuerySet
from imagery.selectors.exports import SHEET, point_rows, point_tables
from imagery.selectors.queue import queue_filter, queue_rows
from kernel.api.base import ApiView
from layers import collections
from layers.api.answers import OneForm
from layers.catalogue import layer_for
from layers.query import Query
from layers.table import Table
from places.selectors import county_facts

LAYER = "changepoints"
"""Of what is published."""

FORM = ("format", "encoding", "crs")
FORM_DOCS = [
    OpenApiParameter("format", str, enum=["gpkg", "shp", "csv"], description="without it `gpkg`"),
    OpenApiParameter("encoding", str, enum=["GBK", "UTF-8"], description="texts of a Shapefile; without it UTF-8"),
    OpenApiParameter("crs", str, description="`4326`, `4490`, or `auto`: the county's Gauss-Krüger zone, in metres"),
]
FILE = {
    (200, "application/octet-stream"): OpenApiResponse(
        OpenApiTypes.BINARY, description="GeoPackage, a ZIP with a Shapefile, or CSV in UTF-8 with a BOM"
    )
}


class ExportView(ApiView):
    """What both have in common: a file is written as a whole, portion by portion, and only then sent."""

    content_negotiation_class = OneForm  # the parameter `format` is ours
    throttle_classes = (ExportPace,)

    def check_throttles(self, request: Request) -> None:
        """Not yet: what is refused costs nothing and must not use up what others may ask for; ``answer`` counts."""

    def answer(self, spec: Any, parts: Iterator[Table]) -> tuple[HttpResponseBase, int]:
        """The file, and how many rows it has; call it inside a transaction, once all that is asked for was read.

        Raises:
            Invalid: there is no such form.
            Throttled: too many files within an hour.
        """
        from layers.reports.crs import epsg_named  # geopandas: for those only who ask for a file
        from layers.reports.files import FORMATS, Form, layer_write
        from layers.reports.shapefile import ENCODINGS

        form = self.params.choice("format", FORMATS, "gpkg")
        encoding = self.params.choice("encoding", ENCODINGS, ENCODINGS[1])
        center = county_facts(self.viewer).center
        epsg = epsg_named(self.params.text("crs", "4326"), center[0] if center else None)
        super().check_throttles(self.request)
        ending, content_type = FORMATS[form]
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{spec.key}{ending}"
            count = layer_write(path, spec, parts, Form(form, epsg, encoding))
            file = path.open("rb")  # it goes with its folder, and is there for who has it open
        answer = FileResponse(file, as_attachment=True, filename=path.name, content_type=content_type)
        answer["Cache-Control"] = "no-store"
        return answer, count


class StaffExportView(ExportView):
    """Points as a file, for staff; that it was taken is noted."""

    known_params = (*FILTERS, *FORM)

    def given(self) -> dict[str, str]:
        """What is asked for, by name."""
        return {name: self.params.text(name, longest=600) for name in FILTERS if self.params.has(name)}

    def noted(self, rows: PointQuerySet) -> HttpResponseBase:
        """The file of ``rows``; call it inside a transaction."""
        answer, count = self.answer(SHEET, point_tables(rows))
        said = "&".join(f"{name}={value}" for name, value in self.given().items())
        services.points_exported(by=self.viewer, rows=count, form=self.params.text("format", "gpkg"), asked=said)
        return answer


class PointsExportView(StaffExportView):
    """Points as a file, whatever their state."""

    roles_to_read = READERS

    @extend_schema(
        operation_id="change_points_export", tags=["imagery"], parameters=[*FILTER_DOCS, *FORM_DOCS], responses=FILE
    )
    @transaction.atomic
    def get(self, request: Request) -> HttpResponseBase:
        """All points that the viewer may see, with their outlines; filters as of the queue, `state` any. Noted."""
        return self.noted(point_rows(self.viewer, queue_filter(self.given(), STATE_TITLES)))


class QueueExportView(StaffExportView):
    """The queue as a file."""

    roles_to_read = REVIEWERS

    @extend_schema(
        operation_id="review_queue_export", tags=["imagery"], parameters=[*FILTER_DOCS, *FORM_DOCS], responses=FILE
    )
    @transaction.atomic
    def get(self, request: Request) -> HttpResponseBase:
        """The points that wait for the viewer, with their outlines: those of the queue with the same filters. Noted."""
        return self.noted(queue_rows(self.viewer, queue_filter(self.given())))


class PublishedExportView(ExportView):
    """What is published, as a file for everybody."""

    known_params = (*FORM, "place")

    @extend_schema(
        operation_id="published_points_export",
        tags=["imagery"],
        parameters=[*FORM_DOCS, OpenApiParameter("place", str, description="code of a township or village")],
        responses=FILE,
    )
    @transaction.atomic
    def get(self, request: Request) -> HttpResponseBase:
        """The published points; of each the centre of its 200 m cell."""
        spec, place = layer_for(self.viewer, LAYER), self.params.text("place", longest=15)
        return self.answer(spec, collections.tables(spec, self.viewer, Query(), place))[0]
