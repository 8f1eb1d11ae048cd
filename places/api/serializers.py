"""Shapes of bodies: what the API of places takes and answers. No rules here, they are in services."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from kernel.api.inputs import StrictSerializer
from kernel.language import named
from places.models import Contact, Kind, Level


class ErrorSerializer(serializers.Serializer):
    """The one error shape."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)
    hint = serializers.CharField(required=False)


class PlaceLineSerializer(serializers.Serializer):
    """A place in one line."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)


class LocatedSerializer(serializers.Serializer):
    """Where a point lies."""

    place = PlaceLineSerializer()
    ancestors = PlaceLineSerializer(many=True)
    grid = PlaceLineSerializer(allow_null=True)


class PlaceSerializer(PlaceLineSerializer):
    """A place: ``bbox`` is [west, south, east, north]; all positions EPSG:4326 degrees."""

    kind = serializers.ChoiceField(Kind.choices)
    kind_title = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    bbox = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    households = serializers.IntegerField(allow_null=True)
    population = serializers.IntegerField(allow_null=True)
    ancestors = PlaceLineSerializer(many=True)
    illustrative = serializers.BooleanField(help_text="The area is drawn by us and not surveyed.")


class PanelSectionSerializer(serializers.Serializer):
    """A section of the panel: a body, or the word that it cannot be shown now."""

    key = serializers.CharField()
    title = serializers.CharField()
    body = serializers.DictField(required=False)
    unavailable = serializers.BooleanField(required=False)


class PanelSerializer(serializers.Serializer):
    """The panel of a place."""

    place = PlaceSerializer()
    sections = PanelSectionSerializer(many=True)


class ContactSerializer(serializers.ModelSerializer):
    """A contact or supervision phone, for those who keep it: ``mobile`` is never public."""

    place = serializers.SerializerMethodField()

    class Meta:
        """All of it."""

        model = Contact
        fields = (
            "id", "kind", "place", "title", "title_en", "duty", "duty_en", "number", "mobile", "hours", "hours_en",
            "order", "is_published", "version", "updated_at",
        )  # fmt: skip

    def get_place(self, contact: Contact) -> PlaceLineSerializer:
        """Its place in one line."""
        place = contact.place
        line: Any = {"code": place.code, "name": named(place.name, place.name_en), "level": place.level}
        return line  # type: ignore[no-any-return]  # the annotation is the schema


class ContactListSerializer(serializers.Serializer):
    """A page of contacts; ``total`` counts all that match."""

    total = serializers.IntegerField()
    items = ContactSerializer(many=True)


class ContactFieldsSerializer(StrictSerializer):
    """What an editor may set; numbers are checked by the service."""

    kind = serializers.ChoiceField(Contact.Kind.choices, required=False)
    title = serializers.CharField(max_length=60)
    title_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    duty = serializers.CharField(max_length=120, required=False, allow_blank=True)
    duty_en = serializers.CharField(max_length=240, required=False, allow_blank=True)
    number = serializers.CharField(max_length=30)
    mobile = serializers.CharField(max_length=30, required=False, allow_blank=True)
    hours = serializers.CharField(max_length=60, required=False, allow_blank=True)
    hours_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    order = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    is_published = serializers.BooleanField(required=False)
    place = serializers.CharField(max_length=15, help_text="Code of the place it answers for.")


class ContactChangeSerializer(ContactFieldsSerializer):
    """A change: only what is given changes; ``version`` is the one that was read."""

    version = serializers.IntegerField(min_value=1)

    def get_fields(self) -> dict[str, serializers.Field]:
        """All but the version may be left out."""
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name == "version"
        return fields
