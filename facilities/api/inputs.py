"""Shapes of bodies: types and lengths only, the rules are in services."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from facilities.models import Facility
from facilities.services import CRS
from kernel.errors import Invalid
from kernel.layerspec import layers

MAX_INT = 2**31 - 1


class FacilityPointInput(serializers.Serializer):
    """A GeoJSON point: [lon, lat] in degrees; a third number (height) is dropped."""

    type = serializers.ChoiceField(["Point"])
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=3)

    def validate_coordinates(self, value: list[float]) -> list[float]:
        """Refuse numbers that are no degrees in any order."""
        if not all(abs(number) <= 180 for number in value[:2]):
            raise serializers.ValidationError(gettext_lazy("经度要在 -180…180 之间，纬度要在 -90…90 之间。"))
        return value


class FacilityInput(serializers.Serializer):
    """What may be written on a facility. ``version`` is needed for a change; ``crs`` tells the system of a position."""

    name = serializers.CharField(required=False, max_length=80)
    name_en = serializers.CharField(required=False, allow_blank=True, max_length=120)
    code = serializers.CharField(required=False, allow_blank=True, max_length=30)
    category = serializers.CharField(required=False, max_length=30)
    village = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=15)
    status = serializers.ChoiceField(Facility.Status.choices, required=False)
    address = serializers.CharField(required=False, allow_blank=True, max_length=120)
    hours = serializers.CharField(required=False, allow_blank=True, max_length=80)
    hours_en = serializers.CharField(required=False, allow_blank=True, max_length=120)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    services = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=60), required=False, max_length=50
    )
    manager = serializers.CharField(required=False, allow_blank=True, max_length=40)
    manager_mobile = serializers.CharField(required=False, allow_blank=True, max_length=30)
    is_published = serializers.BooleanField(required=False)
    crs = serializers.ChoiceField(list(CRS), required=False)
    version = serializers.IntegerField(required=False, min_value=1, max_value=MAX_INT)


class FacilityFeatureInput(serializers.Serializer):
    """A facility as a GeoJSON feature."""

    type = serializers.ChoiceField(["Feature"], required=False)
    geometry = FacilityPointInput(required=False)
    properties = FacilityInput(required=False)

    def fields_and_version(self) -> tuple[dict[str, Any], int | None]:
        """What ``services`` take: the fields with ``lonlat``, and the version that was read.

        Raises:
            Invalid: a property that does not exist. Those that are only read may be sent back and are passed over.
        """
        _check_names(self.initial_data)
        given = dict(self.validated_data.get("properties", {}))
        version = given.pop("version", None)
        if point := self.validated_data.get("geometry"):
            given["lonlat"] = tuple(point["coordinates"][:2])
        return given, version


_READ_ONLY = {field.name for field in layers["facilities"].fields} | {"photos", "may_edit"}


def _check_names(body: Any) -> None:
    properties = body.get("properties") or {}
    known = _READ_ONLY | set(FacilityInput().fields)
    unknown = next((name for name in properties if name not in known), None)
    if unknown is not None:
        raise Invalid(_("没有“%s”这一项。") % unknown[:30], code="unknown_field", field=unknown[:30])


class FacilityPhotoInput(serializers.Serializer):
    """A photo that was uploaded, and what is written under it."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    caption = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
    caption_en = serializers.CharField(required=False, allow_blank=True, default="", max_length=240)


class FacilityPhotosInput(serializers.Serializer):
    """The photos of a facility, in their order."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=MAX_INT)
    photos = FacilityPhotoInput(many=True)
