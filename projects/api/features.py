"""Projects as GeoJSON features of small pages."""

from __future__ import annotations

from django.db.models import Case, QuerySet, Value, When

from kernel.layerspec import layers
from kernel.viewer import Viewer
from layers.api.features import LayerFeatureSerializer
from projects.models import Project
from projects.querysets import own


class ProjectFeatureSerializer(LayerFeatureSerializer):
    """A project as its layer shows it."""

    spec = layers["projects"]
    """Through the registry: edges of an app do not import each other."""


def feature_rows(viewer: Viewer) -> QuerySet[Project]:
    """The rows of the layer with what the serializer reads. Cost: one query."""
    is_own = Case(When(own(viewer), then=Value(True)), default=Value(False))
    rows: QuerySet[Project] = ProjectFeatureSerializer.spec.rows(viewer)
    return (
        rows.annotate(is_own=is_own)
        .select_related("category", "owner_unit", "village__parent")
        .defer("village__geom", "village__center", "village__parent__geom", "village__parent__center")
    )
