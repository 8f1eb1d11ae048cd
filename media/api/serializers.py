"""Shapes of requests and responses; no rules."""

from __future__ import annotations

from rest_framework import serializers

from media.models import State


class PhotoShape(serializers.Serializer):
    """A photo as every API shows it."""

    id = serializers.IntegerField()
    thumb = serializers.CharField()
    medium = serializers.CharField()
    large = serializers.CharField()
    alt = serializers.CharField()
    alt_en = serializers.CharField()
    taken_on = serializers.DateField(allow_null=True)
    width = serializers.IntegerField(help_text="of the large size, pixels")
    height = serializers.IntegerField(help_text="of the large size, pixels")
    state = serializers.ChoiceField(choices=State.choices)
    has_position = serializers.BooleanField(help_text="whether the original said where it was taken")


class PhotoUpload(serializers.Serializer):
    """The form of an upload."""

    file = serializers.FileField()
    alt = serializers.CharField(required=False, allow_blank=True, default="")


class PhotoChange(serializers.Serializer):
    """What may be changed of a photo."""

    alt = serializers.CharField(required=False, allow_blank=True)
    alt_en = serializers.CharField(required=False, allow_blank=True)
    state = serializers.ChoiceField(choices=State.choices, required=False)


class DocumentUpload(serializers.Serializer):
    """The form of an upload."""

    file = serializers.FileField()


class DocumentShape(serializers.Serializer):
    """A document as every API shows it."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    title = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    type = serializers.CharField(help_text="media type")
