"""Rows of a layer as GeoJSON features through djangorestframework-gis, from the same declaration as the map layer.

Collections for the map are written by PostgreSQL (``layers.features``); this serializer is for small pages and single
objects of the apps. ``tests/contracts/test_lists_agree.py`` holds the two equal for every role.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from kernel.clock import ZONE
from kernel.layerspec import Field, FieldType, LayerSpec
from kernel.viewer import Viewer
from layers.compiler import DIGITS


class MomentField(serializers.DateTimeField):
    """A moment as the layers write it: Asia/Shanghai, whole seconds."""

    def to_representation(self, value: Any) -> str:
        """ISO 8601 with +08:00 (None never comes here: the serializer keeps it)."""
        return str(value.astimezone(ZONE).replace(microsecond=0).isoformat())


_TYPES: dict[FieldType, type[serializers.Field]] = {
    "string": serializers.CharField,
    "integer": serializers.IntegerField,
    "number": serializers.FloatField,
    "boolean": serializers.BooleanField,
    "date": serializers.DateField,
    "datetime": MomentField,
    "json": serializers.JSONField,
}


class LayerFeatureSerializer(GeoFeatureModelSerializer):
    """A row as a GeoJSON feature; its properties are the fields of the layer that exist for the viewer.

    The viewer is ``context["viewer"]``; without one, the public. Rows come from ``spec.rows(viewer)`` with a boolean
    ``is_own``, the row's answer to ``spec.own``: private fields of other rows are null.

    Attributes:
        spec: the layer; each subclass names its own.
    """

    spec: ClassVar[LayerSpec]

    def __init_subclass__(cls, **options: Any) -> None:
        """Derive ``Meta`` from the declaration."""
        super().__init_subclass__(**options)
        cls.Meta = type(
            "Meta",
            (),
            {
                "model": apps.get_model(cls.spec.source),
                "geo_field": cls.spec.geom,
                "id_field": "id",
                "fields": ["id", cls.spec.geom, *(field.name for field in cls.spec.fields)],
            },
        )

    def get_fields(self) -> dict[str, serializers.Field]:
        """The fields that exist for the viewer."""
        viewer: Viewer = self.context.get("viewer") or Viewer(county="")
        found: dict[str, serializers.Field] = {
            "id": serializers.ReadOnlyField(source="pk"),
            self.spec.geom: GeometryField(precision=DIGITS),
        }
        return found | {field.name: _field(field) for field in self.spec.fields_for(viewer)}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The feature, with private fields only on rows that are the viewer's own."""
        feature: dict[str, Any] = dict(super().to_representation(instance))
        for field in self.spec.fields:
            if field.private and field.name in feature["properties"] and not getattr(instance, "is_own", False):
                feature["properties"][field.name] = None
        return feature


def _field(field: Field) -> serializers.Field:
    path = field.path.replace("__", ".")
    options: dict[str, Any] = {"allow_null": True, "read_only": True, "help_text": str(field.title)}
    return _TYPES[field.type](**options if path == field.name else {**options, "source": path})
