"""Devices: hidden ones for those who answer for the village. What they measure stands in other tables."""

from __future__ import annotations

from devices.models import Device
from tests.contracts import samples
from tests.factories import devices as make

PUBLIC = {
    "code",
    "name",
    "name_en",
    "type",
    "type_title",
    "type_title_en",
    "icon",
    "state",
    "since",
    "address",
    "address_en",
    "village",
    "village_name",
    "village_name_en",
    "township",
}


def scene() -> dict[str, Device]:
    """One device of each label of the scene, published and hidden."""
    at = {
        "inside": samples.INSIDE_VILLAGE,
        "outside": samples.OUTSIDE_VILLAGE,
        "nowhere": samples.HOME,
        "abroad": samples.ABROAD_VILLAGE,
    }
    return {
        f"{label}{tail}": make.device(place, is_published=not tail)
        for label, place in at.items()
        for tail in ("", "_hidden")
    }


SAMPLES = {
    "devices": samples.Sample(
        scene,
        samples.ROWS_BY_JURISDICTION,
        samples.OWN_BY_JURISDICTION,
        fields=samples.everyone(PUBLIC | {"is_published"}) | {"public": frozenset(PUBLIC)},
        tile_fields=samples.everyone({"name", "name_en", "type", "icon", "state"}),
    )
}
