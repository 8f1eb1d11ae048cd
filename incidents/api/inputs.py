"""Shapes of bodies that are sent: types and lengths only, the rules are in services."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from incidents.models import Report
from incidents.services import Contact, ReportFields
from kernel.api.inputs import StrictSerializer
from media.models import State as FileState

S = TypeVar("S", bound=serializers.Serializer)


def valid(shape: S) -> S:
    """``shape``, checked; the first error becomes the answer."""
    shape.is_valid(raise_exception=True)
    return shape


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


class TellInput(StrictSerializer):
    """Where to tell the reporter of progress; an empty address stops that."""

    email = serializers.CharField(allow_blank=True, max_length=200)


class PhotoInput(serializers.Serializer):
    """The form of an upload."""

    file = serializers.FileField()


class TrackInput(StrictSerializer):
    """What the reporter says with a move."""

    text = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")
    photos = Tokens(required=False, default=list, max_length=30)
    is_public = serializers.BooleanField(
        required=False, default=False, help_text="Of a remark: everybody may read it, once it was looked at."
    )


class VersionInput(StrictSerializer):
    """With the version that was read; another one is a 409."""

    version = serializers.IntegerField(required=False, min_value=1)


class ReportMoveInput(VersionInput):
    """What staff give with a move; the table of moves says which of them a move needs."""

    category = serializers.CharField(required=False, max_length=40)
    is_urgent = serializers.BooleanField(required=False)
    question = serializers.CharField(required=False, max_length=500)
    text = serializers.CharField(required=False, max_length=1000)
    reason = serializers.CharField(required=False, max_length=500)
    where_to_go = serializers.CharField(required=False, max_length=200)
    into = serializers.CharField(required=False, max_length=20, help_text="Number or id of the other report.")
    note = serializers.CharField(required=False, max_length=500)
    mode = serializers.ChoiceField(["phone", "visit"], required=False)
    photos = Tokens(required=False, max_length=30, help_text="What uploads were answered with.")
    unit = serializers.IntegerField(required=False, min_value=1, help_text="Of an acceptance: who has it at once.")


MOST_BULK = 100
"""Reports of one request that accepts several: two pages of the console."""


class AcceptManyInput(StrictSerializer):
    """Reports to accept under the kinds that they have; given to ``unit``, or each to the unit of its kind."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=MOST_BULK)
    unit = serializers.IntegerField(required=False, min_value=1)
    usual_unit = serializers.BooleanField(required=False, default=False)


class EditInput(VersionInput):
    """What is put right; `lon` and `lat` together."""

    title = serializers.CharField(required=False, max_length=60)
    public_text = serializers.CharField(required=False, max_length=2000)
    address = serializers.CharField(required=False, allow_blank=True, max_length=400)
    is_urgent = serializers.BooleanField(required=False)
    category = serializers.CharField(required=False, max_length=40)
    text = serializers.CharField(required=False, max_length=2000)
    contact = ContactInput(required=False)
    lon = serializers.FloatField(required=False, min_value=-180, max_value=180)
    lat = serializers.FloatField(required=False, min_value=-90, max_value=90)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both of a position, or neither."""
        if ("lon" in attrs) != ("lat" in attrs):
            raise serializers.ValidationError({"lon": [_("位置要同时给 lon 和 lat。")]})
        return attrs

    def edits(self) -> dict[str, Any]:
        """What the service takes."""
        said = dict(self.validated_data)
        if "lon" in said:
            said["lonlat"] = (said.pop("lon"), said.pop("lat"))
        if "contact" in said:
            said["contact"] = Contact(**said["contact"])
        return said


class PublishInput(VersionInput):
    """Shown or not."""

    is_public = serializers.BooleanField()


class BoxInput(StrictSerializer):
    """A part of the upright picture, as shares of the whole."""

    x = serializers.FloatField(min_value=0, max_value=1)
    y = serializers.FloatField(min_value=0, max_value=1)
    width = serializers.FloatField(min_value=0, max_value=1)
    height = serializers.FloatField(min_value=0, max_value=1)


class ModerateInput(StrictSerializer):
    """What becomes of a photo: `boxes` are blurred first."""

    boxes = BoxInput(many=True, required=False, default=list)
    state = serializers.ChoiceField(FileState.choices, required=False)
    alt = serializers.CharField(required=False, allow_blank=True, max_length=200)


class CommentInput(StrictSerializer):
    """A remark of staff."""

    text = serializers.CharField(max_length=1000)
    audience = serializers.ChoiceField(["reporter", "staff", "public"], required=False, default="reporter")


class CommentPublishInput(StrictSerializer):
    """Whether everybody reads a remark, and what of it: `text` takes the place of what was written."""

    comment = serializers.IntegerField(min_value=1)
    is_published = serializers.BooleanField()
    text = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")


class CallBackInput(StrictSerializer):
    """How to ask the reporter."""

    mode = serializers.ChoiceField(["phone", "visit"], required=False, default="phone")


class CallMissedInput(CallBackInput):
    """How it was tried, and what came of it."""

    note = serializers.CharField(max_length=500)


class DeskReportInput(ReportInput):
    """A report that the desk or an agent writes down for somebody."""

    channel = serializers.ChoiceField(["web", "phone"], required=False, default="phone")
