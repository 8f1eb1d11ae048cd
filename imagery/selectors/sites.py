"""Sites of approved projects, as their layer gives them: imagery knows no other app, only what is on the map."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.gis.db.models.functions import AsWKB

from kernel.layerspec import layers
from kernel.viewer import Role, Viewer

LAYER = "projects"
"""Key of the layer whose rows are approved works."""

NOT_APPROVED = "cancelled"
"""The one status of that layer that allows nothing."""


class Site(NamedTuple):
    """A site: its key as points keep it ("projects:17"), its names, and where it is, WKB in EPSG:4326."""

    key: str
    name: str
    name_en: str
    wkb: bytes


def approved_sites(county: str) -> list[Site]:
    """All sites of a county, the unpublished too; none where no app declares such a layer. Cost: one query."""
    spec = layers.get(LAYER)
    if spec is None:
        return []
    everything = Viewer(county=county, role=Role.OFFICIAL, jurisdiction=(county,), label="imagery")
    rows = spec.rows(everything).exclude(status=NOT_APPROVED).annotate(wkb=AsWKB(spec.geom)).order_by("pk")
    paths = {field.name: field.path for field in spec.fields}
    title = paths[spec.title_field]
    found = rows.values_list("pk", title, paths.get(f"{spec.title_field}_en", title), "wkb")
    return [Site(f"{LAYER}:{key}", name, name_en, bytes(wkb)) for key, name, name_en, wkb in found]
