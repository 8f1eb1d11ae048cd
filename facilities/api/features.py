"""Facilities as GeoJSON features of small pages, and one with all that its form needs."""

from __future__ import annotations

from typing import Any

from facilities.selectors import facility_get, facility_photos, may_edit
from kernel.layerspec import layers
from kernel.viewer import Viewer
from layers.api.features import LayerFeatureSerializer


class FacilityFeatureSerializer(LayerFeatureSerializer):
    """A facility as its layer shows it."""

    spec = layers["facilities"]
    """Through the registry: edges of an app do not import each other."""


def detail_json(viewer: Viewer, pk: int) -> dict[str, Any]:
    """One facility as a feature; further properties: ``version``, ``may_edit``, ``photos``. Cost: two queries.

    Raises:
        NotFound: there is none for this viewer.
    """
    facility = facility_get(viewer, pk)
    feature: dict[str, Any] = FacilityFeatureSerializer(facility, context={"viewer": viewer}).data
    photos = [
        {"id": photo.id, "caption": photo.caption, "caption_en": photo.caption_en, **photo.urls}
        for photo in facility_photos(viewer, facility)
    ]
    is_editor = may_edit(viewer, facility.village_id)
    feature["properties"] |= {"version": facility.version, "may_edit": is_editor, "photos": photos}
    return feature
