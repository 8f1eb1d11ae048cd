"""Shapes of answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeVar

from rest_framework import serializers

from kernel.api.shapes import shape_of
from projects import selectors, services
from projects.services.photos import Candidate
from projects.services.reading import Said

S = TypeVar("S", bound=serializers.Serializer)

DetailShape = shape_of(selectors.Detail, "ProjectDetail")
OverviewShape = shape_of(selectors.Overview, "ProjectOverview")
FormOptionsShape = shape_of(selectors.FormOptions, "ProjectFormOptions")
BoardShape = shape_of(selectors.Board, "ProjectBoard")
BoardPlaceShape = shape_of(selectors.BoardPlace, "ProjectBoardPlace")
AlbumShape = shape_of(selectors.Album, "PhotoAlbum")
PhotoShape = shape_of(selectors.PhotoShape, "ProjectPhoto")
NoticeShape = shape_of(selectors.NoticeShape, "ProjectNotice")
ProgressShape = shape_of(selectors.ProgressShape, "ProgressRow")


class PointShape(serializers.Serializer):
    """A GeoJSON point, degrees, EPSG:4326."""

    type = serializers.CharField()
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)


class DetailFeature(serializers.Serializer):
    """A project in full, as a GeoJSON feature."""

    type = serializers.CharField()
    id = serializers.IntegerField()
    geometry = PointShape()
    properties = DetailShape()


class ProjectPage(serializers.Serializer):
    """A page of projects as GeoJSON features with the fields of the layer; ``next`` is the value of ``after``."""

    type = serializers.CharField()
    features = serializers.ListField(child=serializers.DictField())
    matched = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)


class SaidShape(serializers.Serializer):
    """Something to look at: a code for programs, a sentence for people."""

    code = serializers.CharField()
    text = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    is_error = serializers.BooleanField()


class ProgressAnswer(serializers.Serializer):
    """The progress of a project: rows to edit, curves to show."""

    rows = ProgressShape(many=True)
    curves = shape_of(selectors.IndicatorCurve)(many=True)


class ProgressStored(serializers.Serializer):
    """What was stored, what looks odd about it, and the project after it."""

    rows = ProgressShape(many=True)
    warnings = SaidShape(many=True)
    project = shape_of(selectors.ProjectLine)()


class SheetLineShape(serializers.Serializer):
    """One pasted line and what storing it does: "new", "change", "same" or "error"."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    verdict = serializers.ChoiceField(["new", "change", "same", "error"])
    month = serializers.CharField(allow_null=True)
    indicator = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    place_name = serializers.CharField(allow_blank=True)
    planned = serializers.FloatField(allow_null=True)
    actual = serializers.FloatField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    before = serializers.ListField(child=serializers.FloatField(allow_null=True), allow_null=True)
    messages = SaidShape(many=True)


class SheetShape(serializers.Serializer):
    """What a pasted sheet would do, or has done."""

    lines = SheetLineShape(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    basis = serializers.CharField()
    is_clean = serializers.BooleanField()
    is_stored = serializers.BooleanField()


class Refused(serializers.Serializer):
    """A file that was not taken, and why."""

    index = serializers.IntegerField()
    name = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)
    hint = serializers.CharField(required=False)


class PhotosStored(serializers.Serializer):
    """What became of the files of one upload."""

    saved = PhotoShape(many=True)
    refused = Refused(many=True)


class PlaceShape(serializers.Serializer):
    """A place by code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class ProposalShape(serializers.Serializer):
    """Where one photo seems to belong; without a project the page asks."""

    index = serializers.IntegerField()
    name = serializers.CharField()
    taken_on = serializers.DateField(allow_null=True)
    has_position = serializers.BooleanField()
    project = shape_of(Candidate)(allow_null=True)
    village = PlaceShape(allow_null=True)
    is_far = serializers.BooleanField()
    candidates = shape_of(Candidate)(many=True)
    advice = serializers.CharField(allow_blank=True)


class Proposals(serializers.Serializer):
    """One proposal per file, in their order."""

    items = ProposalShape(many=True)


class NoticePage(serializers.Serializer):
    """Notices, newest first."""

    items = NoticeShape(many=True)


def detail_json(detail: selectors.Detail) -> dict[str, Any]:
    """A project in full, as a GeoJSON feature."""
    point = {"type": "Point", "coordinates": [detail.line.lon, detail.line.lat]}
    return {"type": "Feature", "id": detail.line.id, "geometry": point, "properties": asdict(detail)}


def said_json(said: Said) -> dict[str, Any]:
    """One sentence about a row."""
    return {"code": said.code, "text": str(said.text), "field": said.field, "is_error": said.is_error}


def sheet_json(report: services.SheetReport) -> dict[str, Any]:
    """The report on a pasted sheet."""
    return {
        "lines": [
            {
                "number": line.number,
                "text": line.text,
                "verdict": line.verdict.value,
                "month": f"{line.month:%Y-%m}" if line.month else None,
                "indicator": line.indicator,
                "place": line.place,
                "place_name": line.place_name,
                "planned": line.planned,
                "actual": line.actual,
                "note": line.note,
                "before": list(line.before) if line.before else None,
                "messages": [said_json(said) for said in line.messages],
            }
            for line in report.lines
        ],
        "counts": report.counts,
        "basis": report.basis,
        "is_clean": report.is_clean,
        "is_stored": report.is_stored,
    }


def proposal_json(proposal: services.PhotoProposal) -> dict[str, Any]:
    """One proposal."""
    village = proposal.village
    named = {"code": village[0], "name": village[1]} if village else None
    return asdict(proposal) | {"village": named}


def valid(body: S) -> S:
    """``body`` after its shape was checked.

    Raises:
        ValidationError: the first thing that is wrong; answered in the one error shape.
    """
    body.is_valid(raise_exception=True)
    return body
