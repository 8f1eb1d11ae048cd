"""Shapes of answers."""

from __future__ import annotations

from rest_framework import serializers

from incidents import selectors, services
from incidents.text import Reason
from kernel.api.shapes import shape_of

PublicReportShape = shape_of(selectors.PublicReport, "PublicReport")
SubmittedShape = shape_of(services.Submitted, "SubmittedReport")
FollowedShape = shape_of(services.Followed, "FollowedReport")
SimilarShape = shape_of(selectors.SimilarReport)
GuessShape = shape_of(selectors.Guess, "CategoryGuess")
ReasonShape = shape_of(Reason, "ProposalReason")


class IncidentCategory(serializers.Serializer):
    """A kind of matter; reports are filed under kinds that are nobody's parent."""

    code = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    icon = serializers.CharField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # DRF's own attribute of that name
    precision_m = serializers.IntegerField(help_text="Edge of the cell that the public sees, metres; 0 = the point.")
    is_sensitive = serializers.BooleanField(help_text="Never public.")
    attributes = serializers.DictField(help_text="JSON Schema of further questions.")


class IncidentCategories(serializers.Serializer):
    """All kinds in use, in their order."""

    categories = IncidentCategory(many=True)


class CategoryProposal(serializers.Serializer):
    """What a text seems to be about; below the threshold (``is_sure`` false) a person decides."""

    category = GuessShape(allow_null=True)
    is_urgent = serializers.BooleanField()
    others = GuessShape(many=True)
    is_sure = serializers.BooleanField()
    reasons = ReasonShape(many=True)
    model_version = serializers.CharField()
    is_own = serializers.BooleanField()


class SimilarReports(serializers.Serializer):
    """Open reports nearby, the likeliest first."""

    items = SimilarShape(many=True)


class PublicReports(serializers.Serializer):
    """A page of public reports, newest first; ``next`` is the value of ``cursor``."""

    items = PublicReportShape(many=True)
    next = serializers.IntegerField(allow_null=True)


class UploadPosition(serializers.Serializer):
    """Where a photo was taken, by its own word, EPSG:4326 degrees."""

    lon = serializers.FloatField()
    lat = serializers.FloatField()


class UploadShape(serializers.Serializer):
    """A photo that waits for its form; ``thumb`` is a picture in itself (data:), for nobody can open it yet."""

    token = serializers.CharField()
    thumb = serializers.CharField()
    position = UploadPosition(allow_null=True)
