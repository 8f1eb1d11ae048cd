"""Shapes of bodies that are sent: types and lengths only, the rules are in services."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.api.inputs import StrictSerializer
from projects.models import Attachment, ProjectPhoto
from projects.states import START_STAGES, machine

_MONTH = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?", re.ASCII)


@extend_schema_field({"type": "string", "example": "2026-06"})
class MonthField(serializers.Field):
    """A month written 2026-06 (or a date in it)."""

    default_error_messages = {"invalid": _("月份要写成 2026-06。")}

    def to_internal_value(self, data: Any) -> dt.date:
        """The first day of the month."""
        found = _MONTH.fullmatch(data) if isinstance(data, str) else None
        if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) == 0:
            self.fail("invalid")
        return dt.date(int(found[1]), int(found[2]), 1)

    def to_representation(self, value: dt.date) -> str:
        """The month."""
        return f"{value:%Y-%m}"


class PointInput(serializers.Serializer):
    """A GeoJSON point: [lon, lat] in degrees, EPSG:4326."""

    type = serializers.ChoiceField(["Point"])
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)

    def validate_coordinates(self, value: list[float]) -> list[float]:
        """Refuse what is no position on the earth."""
        if not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90):
            raise serializers.ValidationError(_("经度要在 -180…180 之间，纬度要在 -90…90 之间。"))
        return value


class ProjectInput(StrictSerializer):
    """What may be written on a project. ``version`` is needed for a change."""

    name = serializers.CharField(required=False, max_length=80)
    name_en = serializers.CharField(required=False, allow_blank=True, max_length=160)
    code = serializers.CharField(required=False, allow_blank=True, max_length=30)
    description = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    description_en = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    category = serializers.CharField(required=False, max_length=30)
    owner_unit = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    village = serializers.CharField(required=False, allow_null=True, max_length=15)
    villages = serializers.ListField(child=serializers.CharField(max_length=15), required=False, max_length=500)
    contractor = serializers.CharField(required=False, allow_blank=True, max_length=80)
    contractor_contact = serializers.CharField(required=False, allow_blank=True, max_length=60)
    budget = serializers.DecimalField(14, 2, required=False, allow_null=True)
    planned_start = serializers.DateField(required=False, allow_null=True)
    planned_end = serializers.DateField(required=False, allow_null=True)
    actual_start = serializers.DateField(required=False, allow_null=True)
    actual_end = serializers.DateField(required=False, allow_null=True)
    stage = serializers.ChoiceField([stage.value for stage in sorted(START_STAGES)], required=False)
    supervision_title = serializers.CharField(required=False, allow_blank=True, max_length=60)
    supervision_title_en = serializers.CharField(required=False, allow_blank=True, max_length=120)
    supervision_phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    is_published = serializers.BooleanField(required=False)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class FeatureInput(serializers.Serializer):
    """A project as a GeoJSON feature."""

    type = serializers.ChoiceField(["Feature"], required=False)
    geometry = PointInput(required=False)
    properties = ProjectInput(required=False)

    def fields_and_version(self) -> tuple[dict[str, Any], int | None]:
        """What ``services`` take: the fields with ``lonlat``, and the version that was read."""
        given = dict(self.validated_data.get("properties", {}))
        version = given.pop("version", None)
        if point := self.validated_data.get("geometry"):
            given["lonlat"] = tuple(point["coordinates"])
        return given, version


class MoveInput(StrictSerializer):
    """A move of the stage machine, with what it needs."""

    move = serializers.ChoiceField(sorted({move.name for move in machine.moves}))
    version = serializers.IntegerField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)
    reason_en = serializers.CharField(required=False, allow_blank=True, max_length=400)
    actual_start = serializers.DateField(required=False, allow_null=True)
    actual_end = serializers.DateField(required=False, allow_null=True)


class UnpublishInput(StrictSerializer):
    """Why a project is taken off the public map."""

    version = serializers.IntegerField(required=False)
    reason = serializers.CharField(max_length=200, allow_blank=True)


class ProgressRowInput(StrictSerializer):
    """One month; ``version`` of the row that is replaced, left out for a new one.

    ``note_en`` left out keeps the English of an unchanged note, and drops that of another.
    """

    indicator = serializers.CharField(max_length=30)
    place = serializers.CharField(max_length=15)
    month = MonthField()
    planned = serializers.DecimalField(5, 1)
    actual = serializers.DecimalField(5, 1, required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    note_en = serializers.CharField(required=False, allow_blank=True, allow_null=True, default=None, max_length=600)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class ProgressInput(StrictSerializer):
    """Rows of monthly progress, stored all or none."""

    rows = ProgressRowInput(many=True, allow_empty=False)


class PasteInput(StrictSerializer):
    """Lines of a sheet; ``basis`` is that of the preview."""

    text = serializers.CharField(trim_whitespace=False, allow_blank=True)
    dry_run = serializers.BooleanField(default=True)
    basis = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)


class PhotosInput(serializers.Serializer):
    """A form with several photos; what is said counts for all of them."""

    files = serializers.ListField(child=serializers.FileField(), required=False)
    village = serializers.CharField(required=False, allow_blank=True, default="", max_length=15)
    taken_on = serializers.DateField(required=False, allow_null=True, default=None)
    caption = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
    alt = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    moment = serializers.ChoiceField(ProjectPhoto.Moment.choices, default=ProjectPhoto.Moment.DURING)
    confirm_far = serializers.BooleanField(default=False)


class MatchInput(serializers.Serializer):
    """A form with several photos, or with the first 256 KiB of each."""

    files = serializers.ListField(child=serializers.FileField(), required=False)


class PhotoInput(StrictSerializer):
    """What may be changed of a photo."""

    caption = serializers.CharField(required=False, allow_blank=True, max_length=120)
    caption_en = serializers.CharField(required=False, allow_blank=True, max_length=240)
    alt = serializers.CharField(required=False, allow_blank=True, max_length=200)
    alt_en = serializers.CharField(required=False, allow_blank=True, max_length=400)
    moment = serializers.ChoiceField(ProjectPhoto.Moment.choices, required=False)
    taken_on = serializers.DateField(required=False)
    village = serializers.CharField(required=False, max_length=15)
    version = serializers.IntegerField(required=False)


class NoticeChange(StrictSerializer):
    """What may be changed of a notice."""

    title = serializers.CharField(required=False, max_length=120)
    title_en = serializers.CharField(required=False, allow_blank=True, max_length=240)
    body = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    body_en = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    published_on = serializers.DateField(required=False)
    is_published = serializers.BooleanField(required=False)
    version = serializers.IntegerField(required=False)


class NoticeInput(StrictSerializer):
    """A new notice."""

    project = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    title = serializers.CharField(max_length=120)
    title_en = serializers.CharField(required=False, allow_blank=True, default="", max_length=240)
    body = serializers.CharField(required=False, allow_blank=True, default="", max_length=20_000)
    body_en = serializers.CharField(required=False, allow_blank=True, default="", max_length=20_000)
    published_on = serializers.DateField(required=False, allow_null=True, default=None)
    is_published = serializers.BooleanField(default=True)


class AttachmentInput(serializers.Serializer):
    """A document of a notice."""

    file = serializers.FileField()
    kind = serializers.ChoiceField(Attachment.Kind.choices, default=Attachment.Kind.OTHER)
    title = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
