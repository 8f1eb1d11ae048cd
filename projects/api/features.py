"""Projects as GeoJSON features through djangorestframework-gis, from the same declaration as the map layer.

Collections for the map come from ``layers/``, where PostgreSQL writes them; this serializer is for small pages and
single objects, and a test holds it equal to the fast list for every role.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Case, QuerySet, Value, When
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from kernel.clock import ZONE
from kernel.layerspec import Field, layers
from kernel.viewer import Viewer
from projects.models import Project
from projects.querysets import own

PROJECTS = layers["projects"]
"""The declaration in ``projects.map_layers``, through the registry: edges of an app do not import each other."""

DIGITS = 6
"""Decimals of a degree in answers, as in ``layers``: 0.1 m."""


class MomentField(serializers.DateTimeField):
    """A moment as the layers write it: Asia/Shanghai, whole seconds."""

    def to_representation(self, value: Any) -> str:
        """ISO 8601 with +08:00 (None never comes here: the serializer keeps it)."""
        return str(value.astimezone(ZONE).replace(microsecond=0).isoformat())


_TYPES: dict[str, type[serializers.Field]] = {
    "string": serializers.CharField,
    "integer": serializers.IntegerField,
    "number": serializers.FloatField,
    "boolean": serializers.BooleanField,
    "date": serializers.DateField,
    "datetime": MomentField,
}


def feature_rows(viewer: Viewer) -> QuerySet[Project]:
    """The rows of the layer with what the serializer reads. Cost: one query."""
    is_own = Case(When(own(viewer), then=Value(True)), default=Value(False))
    rows: QuerySet[Project] = PROJECTS.rows(viewer)
    return (
        rows.annotate(is_own=is_own)
        .select_related("category", "owner_unit", "village__parent")
        .defer("village__geom", "village__center", "village__parent__geom", "village__parent__center")
    )


class ProjectFeatureSerializer(GeoFeatureModelSerializer):
    """A project as a GeoJSON feature; its properties are the fields of the layer that exist for the viewer."""

    class Meta:
        """The layer's fields."""

        model = Project
        geo_field = "geom"
        id_field = "id"
        fields: ClassVar[list[str]] = ["id", "geom", *(field.name for field in PROJECTS.fields)]

    def get_fields(self) -> dict[str, serializers.Field]:
        """The fields that exist for the viewer in ``context["viewer"]``; without one, for the public."""
        viewer: Viewer = self.context.get("viewer") or Viewer(county="")
        found: dict[str, serializers.Field] = {
            "id": serializers.IntegerField(),
            "geom": GeometryField(precision=DIGITS),
        }
        return found | {field.name: _field(field) for field in PROJECTS.fields_for(viewer)}

    def to_representation(self, instance: Project) -> dict[str, Any]:
        """The feature, with private fields only on rows that are the viewer's own."""
        feature: dict[str, Any] = dict(super().to_representation(instance))
        for field in PROJECTS.fields:
            if field.private and field.name in feature["properties"] and not getattr(instance, "is_own", False):
                feature["properties"][field.name] = None
        return feature


def _field(field: Field) -> serializers.Field:
    path = field.path.replace("__", ".")
    options: dict[str, Any] = {"allow_null": True, "read_only": True, "help_text": str(field.title)}
    return _TYPES[field.type](**options if path == field.name else {**options, "source": path})
