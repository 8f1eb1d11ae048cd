"""Facilities as GeoJSON features through djangorestframework-gis, from the same declaration as the map layer.

Collections for the map come from ``layers/``, where PostgreSQL writes them; this serializer is for small pages and
single objects, and a test holds it equal to the fast list for every role.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from facilities.models import Facility
from facilities.selectors import facility_get, facility_photos, may_edit
from kernel.layerspec import Field, layers
from kernel.viewer import Viewer

FACILITIES = layers["facilities"]
DIGITS = 6
"""Decimals of a degree in answers, as in ``layers``: 0.1 m."""

_TYPES: dict[str, type[serializers.Field]] = {
    "string": serializers.CharField,
    "integer": serializers.IntegerField,
    "boolean": serializers.BooleanField,
    "datetime": serializers.DateTimeField,
}


class FacilityFeatureSerializer(GeoFeatureModelSerializer):
    """A facility as a GeoJSON feature; its properties are the fields of the layer that exist for the viewer."""

    geom = GeometryField(precision=DIGITS, remove_duplicates=False)

    class Meta:
        """The layer's fields."""

        model = Facility
        geo_field = "geom"
        id_field = "id"
        fields: ClassVar[list[str]] = ["id", "geom", *(field.name for field in FACILITIES.fields)]

    def get_fields(self) -> dict[str, serializers.Field]:
        """The fields that exist for the viewer in ``context["viewer"]``; without one, for the public."""
        viewer: Viewer = self.context.get("viewer") or Viewer(county="")
        found: dict[str, serializers.Field] = {
            "id": serializers.IntegerField(),
            "geom": deepcopy(self._declared_fields["geom"]),
        }
        return found | {field.name: _field(field) for field in FACILITIES.fields_for(viewer)}

    def to_representation(self, instance: Facility) -> dict[str, Any]:
        """The feature, with private fields only on rows that are the viewer's own."""
        feature: dict[str, Any] = dict(super().to_representation(instance))
        for field in FACILITIES.fields:
            if field.private and field.name in feature["properties"] and not getattr(instance, "is_own", False):
                feature["properties"][field.name] = None
        return feature


def detail_json(viewer: Viewer, pk: int) -> dict[str, Any]:
    """One facility as a feature; further properties: ``version``, ``may_edit``, ``photos``. Cost: two queries.

    Raises:
        NotFound: there is none for this viewer.
    """
    facility = facility_get(viewer, pk)
    feature: dict[str, Any] = FacilityFeatureSerializer(facility, context={"viewer": viewer}).data
    photos = [{"id": photo.id, "caption": photo.caption, **photo.urls} for photo in facility_photos(viewer, facility)]
    is_editor = may_edit(viewer, facility.village_id)
    feature["properties"] |= {"version": facility.version, "may_edit": is_editor, "photos": photos}
    return feature


def _field(field: Field) -> serializers.Field:
    path = field.path.replace("__", ".")
    options: dict[str, Any] = {"allow_null": True, "read_only": True, "help_text": str(field.title)}
    if field.type == "json":
        return serializers.ListField(child=serializers.CharField(), **options)
    return _TYPES[field.type](**options if path == field.name else {**options, "source": path})
