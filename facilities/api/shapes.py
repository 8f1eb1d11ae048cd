"""Shapes of answers, for the OpenAPI document."""

from __future__ import annotations

from rest_framework import serializers

from facilities.api.inputs import FacilityPointInput
from facilities.models import Facility


class FacilityPhotoShape(serializers.Serializer):
    """A photo of a facility."""

    id = serializers.IntegerField()
    caption = serializers.CharField()
    caption_en = serializers.CharField()
    thumb = serializers.CharField()
    medium = serializers.CharField()
    large = serializers.CharField()
    alt = serializers.CharField()
    taken_on = serializers.DateField(allow_null=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class FacilityPropertiesShape(serializers.Serializer):
    """Properties of a feature; ``manager`` and ``manager_mobile`` exist for those who keep it only."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    category = serializers.CharField()
    category_title = serializers.CharField()
    category_title_en = serializers.CharField()
    icon = serializers.CharField()
    status = serializers.ChoiceField(Facility.Status.choices)
    address = serializers.CharField()
    hours = serializers.CharField()
    hours_en = serializers.CharField()
    phone = serializers.CharField()
    services = serializers.ListField(child=serializers.CharField())
    village = serializers.CharField(allow_null=True)
    village_name = serializers.CharField(allow_null=True)
    village_name_en = serializers.CharField(allow_null=True)
    photo_count = serializers.IntegerField()
    updated_at = serializers.DateTimeField(allow_null=True)
    is_published = serializers.BooleanField(required=False)
    manager = serializers.CharField(required=False, allow_null=True)
    manager_mobile = serializers.CharField(required=False, allow_null=True)


class FacilityDetailPropertiesShape(FacilityPropertiesShape):
    """Properties of a single feature."""

    version = serializers.IntegerField()
    may_edit = serializers.BooleanField()
    photos = FacilityPhotoShape(many=True)


class FacilityFeatureShape(serializers.Serializer):
    """A facility of a page."""

    type = serializers.ChoiceField(["Feature"])
    id = serializers.IntegerField()
    geometry = FacilityPointInput()
    properties = FacilityPropertiesShape()


class FacilityDetailShape(FacilityFeatureShape):
    """A single facility."""

    properties = FacilityDetailPropertiesShape()


class FacilityPageShape(serializers.Serializer):
    """A page of facilities; ``next`` is the number to pass as ``after``."""

    type = serializers.ChoiceField(["FeatureCollection"])
    features = FacilityFeatureShape(many=True)
    matched = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)


class FacilityLineShape(serializers.Serializer):
    """A facility in a list by distance."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    category = serializers.CharField()
    category_title = serializers.CharField()
    icon = serializers.CharField()
    status = serializers.ChoiceField(Facility.Status.choices)
    phone = serializers.CharField()
    hours = serializers.CharField()
    hours_entered = serializers.CharField(help_text="As they were entered, in Chinese: tells whether it is open.")
    address = serializers.CharField()
    village_name = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    distance_m = serializers.FloatField()


class NearestShape(serializers.Serializer):
    """The nearest facilities, nearest first."""

    items = FacilityLineShape(many=True)


class CategoryShape(serializers.Serializer):
    """A kind of facility."""

    key = serializers.CharField()
    title = serializers.CharField()
    icon = serializers.CharField()


class CategoriesShape(serializers.Serializer):
    """All kinds of facilities."""

    items = CategoryShape(many=True)
