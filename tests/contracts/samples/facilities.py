"""Facilities: hidden ones, and who manages one, for those who answer for the village."""

from __future__ import annotations

from tests.contracts import samples
from tests.contracts.samples.shops import scene_of_shops

PUBLIC = {
    "code",
    "name",
    "name_en",
    "category",
    "category_title",
    "category_title_en",
    "icon",
    "status",
    "address",
    "hours",
    "hours_en",
    "phone",
    "services",
    "village",
    "village_name",
    "village_name_en",
    "township",
    "photo_count",
    "updated_at",
}
GRID = PUBLIC | {"is_published", "manager", "manager_mobile"}


SAMPLES = {
    "facilities": samples.Sample(
        scene_of_shops,
        samples.ROWS_BY_JURISDICTION,
        samples.OWN_BY_JURISDICTION,
        fields=samples.everyone(GRID) | {"public": frozenset(PUBLIC)},
        tile_fields=samples.everyone({"name", "name_en", "category", "icon", "status"}),
        private={"manager": "grid", "manager_mobile": "grid"},
        catalogue_queries=1,
    )
}
