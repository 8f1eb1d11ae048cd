"""Shapes of bodies that are sent: types and lengths only, the rules are in services."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from incidents.models import Report
from incidents.services import Contact, ReportFields

S = TypeVar("S", bound=serializers.Serializer)


def valid(shape: S) -> S:
    """``shape``, checked; the first error becomes the answer."""
    shape.is_valid(raise_exception=True)
    return shape


class StrictSerializer(serializers.Serializer):
    """Refuses members that it does not know: a typing error in a name must not lose what was meant."""

    def to_internal_value(self, data: Any) -> Any:
        """The checked members."""
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({str(min(map(str, unknown)))[:60]: [_("没有这一项。")]})
        return super().to_internal_value(data)


class Tokens(serializers.ListField):
    """What uploads were answered with."""

    child = serializers.RegexField(r"^[0-9a-f]{32}$")


class ContactInput(StrictSerializer):
    """How to reach the reporter."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    phone = serializers.CharField(required=False, allow_blank=True, max_length=30, default="")
    email = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class AssetInput(StrictSerializer):
    """What on the map it is about."""

    layer = serializers.CharField(max_length=30)
    id = serializers.CharField(max_length=40)


class ReportInput(StrictSerializer):
    """A report. ``crs`` names the system of ``lon`` and ``lat``; ``accuracy_m`` is what the phone said, not kept."""

    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    accuracy_m = serializers.FloatField(required=False, allow_null=True, min_value=0)
    crs = serializers.ChoiceField(["wgs84", "gcj02", "bd09"], required=False, default="wgs84")
    category = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    text = serializers.CharField(max_length=4000)
    address = serializers.CharField(required=False, allow_blank=True, max_length=400, default="")
    photos = Tokens(required=False, default=list, max_length=30)
    documents = Tokens(required=False, default=list, max_length=30)
    asset = AssetInput(required=False, allow_null=True)
    confidence = serializers.ChoiceField(Report.Confidence.choices, required=False, default="named")
    contact = ContactInput(required=False, allow_null=True)
    attributes = serializers.DictField(required=False, default=dict)

    def report_fields(self) -> ReportFields:
        """What the service takes."""
        said: dict[str, Any] = self.validated_data
        asset = said.get("asset")
        return ReportFields(
            lonlat=(said["lon"], said["lat"]),
            text=said["text"],
            category=said["category"],
            crs=said["crs"],
            address=said["address"],
            photos=tuple(said["photos"]),
            documents=tuple(said["documents"]),
            asset=(asset["layer"], asset["id"]) if asset else ("", ""),
            confidence=said["confidence"],
            contact=Contact(**(said.get("contact") or {})),
            attributes=said["attributes"],
        )


class TextInput(StrictSerializer):
    """A text to be looked at."""

    text = serializers.CharField(max_length=4000, allow_blank=True)


class FollowInput(StrictSerializer):
    """Where to tell a follower; without an address they only count."""

    email = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class PhotoInput(serializers.Serializer):
    """The form of an upload."""

    file = serializers.FileField()
