"""A layer that exists in tests only: it has everything a layer can have, whatever the product declares today."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import Q, QuerySet

from facilities.models import Category, Facility
from kernel.layerspec import Field, LayerSpec, Rule
from kernel.search import search_text
from kernel.viewer import Audience, Viewer
from places.querysets import jurisdiction
from tests.contracts import samples
from tests.factories import places


def _own(viewer: Viewer) -> Q:
    return jurisdiction(viewer, "village_id")


def _rows(viewer: Viewer) -> QuerySet[Any]:
    return Facility.objects.filter(county_id=viewer.county).filter(Q(is_published=True) | _own(viewer))


SHOPS = LayerSpec(
    key="shops",
    title="店铺",
    geometry="point",
    rows=_rows,
    own=_own,
    fields=(
        Field("name", "名称", tile=True),
        Field("status", "状态", tile=True, filter=True),
        Field("category", "类别", source="category_id", tile=True, filter=True),
        Field("category_title", "类别名", source="category__title"),
        Field("services", "服务", type="json"),
        Field("changed", "更新", source="updated_at", type="datetime", filter=True),
        Field("number", "版本", source="version", type="integer", tile=True, filter=True),
        Field("inner", "内部编号", source="address", audience=Audience.STAFF, tile=True, filter=True),
        Field("manager", "管理人", audience=Audience.GRID, private=True),
        Field("mobile", "手机", source="manager_mobile", audience=Audience.GRID, private=True, tile=True, filter=True),
    ),
    source="facilities.Facility",
    depends_on=("facilities.Category",),
    search="search_text",
    area="village_id",
    time=("changed",),
    style_by="status",
    legend=(Rule("open", "开放", "work", "shop"), Rule("closed", "关闭", "late")),
    worst_first=True,
    zooms=(8, 18),
    icon="pin",
)


def category(key: str = "toilet") -> Category:
    """A category; a second call returns the same."""
    return Category.objects.get_or_create(key=key, defaults={"title": "公厕", "title_en": "Toilet"})[0]


def shop(label: str, place: str, *, is_published: bool = True, **fields: Any) -> Facility:
    """A shop in the middle of a village, or of a county when the code is a county's: then it lies in no village."""
    outside = len(place) == 6
    if outside:
        places.county(place)
    else:
        places.village(place, f"村{place[-6:]}")
    more = {
        "county_id": place[:6],
        "category": category(),
        "village_id": None if outside else place,
        "search_text": search_text(f"店{label}"),
        "is_published": is_published,
        "geom": Point(*places.lonlat(place), srid=4326),
        **fields,
    }
    return Facility.objects.create(name=f"店{label}", **more)


def scene_of_shops() -> dict[str, Facility]:
    """One row of each label of the scene."""
    at = {
        "inside": samples.INSIDE_VILLAGE,
        "outside": samples.OUTSIDE_VILLAGE,
        "nowhere": samples.HOME,
        "abroad": samples.ABROAD_VILLAGE,
    }
    made = {}
    for label, place in at.items():
        made[label] = shop(label, place)
        made[f"{label}_hidden"] = shop(f"{label}_hidden", place, is_published=False)
    return made


_PUBLIC = {"name", "status", "category", "category_title", "services", "changed", "number"}
_TILE = {"name", "status", "category", "number"}

SAMPLES = {
    "shops": samples.Sample(
        scene_of_shops,
        samples.ROWS_BY_JURISDICTION,
        samples.OWN_BY_JURISDICTION,
        fields={
            "public": frozenset(_PUBLIC),
            "grid": frozenset(_PUBLIC | {"manager", "mobile"}),
            "staff": frozenset(_PUBLIC | {"manager", "mobile", "inner"}),
            "official": frozenset(_PUBLIC | {"manager", "mobile", "inner"}),
        },
        tile_fields={
            "public": frozenset(_TILE),
            "grid": frozenset(_TILE | {"mobile"}),
            "staff": frozenset(_TILE | {"mobile", "inner"}),
            "official": frozenset(_TILE | {"mobile", "inner"}),
        },
        private={"manager": "grid", "mobile": "grid"},
    )
}
